"""Which of many features a search goes through: all categories, and of the numbers those that do most for the goal."""

from core.corrections.engines.suggesting import suggest_features
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.joint import MOST_NUMBERS
from core.corrections.records.suggestion import SuggestionRequest
from core.job import JobContext
from core.networks.network import Network


def most_promising(
    point: tuple[float, ...], freedom: Freedom, goal: Goal, network: Network, job: JobContext
) -> tuple[Freedom, tuple[str, ...]]:
    """The freedom with no more numbers than a search goes through, and the names of those that were left out.

    Raises
    ------
    InvalidRequest
        If input, features and network do not fit.
    UnsupportedNetwork
        If an operation of the network is neither piecewise linear nor one of the curves that are known.
    """
    if len(freedom.numbers) <= MOST_NUMBERS:
        return freedom, ()
    asked = SuggestionRequest(input=point, freedom=freedom, goal=goal)
    ranked = [one.name for one in suggest_features(asked, network, job)]
    names = [one.name for one in freedom.numbers]
    left_out = set([name for name in ranked if name in names][MOST_NUMBERS:])
    kept = [place for place, name in enumerate(freedom.names) if name not in left_out]
    return freedom.only(kept), tuple(name for name in names if name in left_out)
