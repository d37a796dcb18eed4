"""Several different corrections, the cheapest first: each changes another set of features than those before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.nearest import TOLERANCE, nearest_stable
from core.corrections.search.question import Question
from core.corrections.search.subsets import changed_features
from core.corrections.search.ways import Ways
from core.job import JobContext


@dataclass(frozen=True, kw_only=True, eq=False)
class Alternative:
    """A correction, and which features it changes."""

    bracket: Bracket
    handles: tuple[int, ...]  # that are changed
    choices: tuple[int, ...]  # categories that are changed


def alternatives(
    question: Question,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
    most_changed: int = 0,
) -> Iterator[Alternative]:
    """Corrections in the order of their cost, no two of which change the same set of features.

    Parameters
    ----------
    most_changed : int
        So many features at most are changed by each; 0 for any number. See `Ways`.

    Notes
    -----
    An alternative is the cheapest of all that leave something alone that each one before it changed, up to the
    tolerance; one that changes more features than needed is never given. Ends when there are no more.
    """
    ways = Ways(question, most_changed)
    while ways.any:
        *_, bracket = ways.brackets(network, job, tolerance=tolerance)
        if bracket.point is None:
            return
        changed = sorted(changed_features(question, bracket.point, bracket.levels))
        handles = len(question.handles)
        yield Alternative(
            bracket=bracket,
            handles=tuple(place for place in changed if place < handles),
            choices=tuple(place - handles for place in changed if place >= handles),
        )
        ways.exclude(bracket.point, bracket.levels, bracket.lower)


def next_apart(
    question: Question,
    found: Sequence[Bracket],
    apart: float,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
) -> Iterator[Bracket]:
    """The nearest correction at a distance of at least `apart` from all that were found, as `nearest_stable` gives it.

    Two corrections with different levels of a category count as far apart.
    """
    elsewhere = tuple((one.point, one.levels) for one in found if one.point is not None)
    away = replace(question, elsewhere=(*question.elsewhere, *elsewhere), apart=apart)
    yield from nearest_stable(away, network, job, tolerance=tolerance)
