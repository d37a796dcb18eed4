"""From the axes that were asked for to the axes themselves: the one door that every analysis of a plane uses."""

from torch import Tensor

from core.companions import Companions
from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.directions.random import random_directions
from core.landscape.plane import AnyDirections, Directions, RandomDirections
from core.networks.network import Network


def find_directions(
    asked: AnyDirections,
    network: Network,
    inputs: Tensor,
    labels: Tensor,
    companions: Companions,
    job: JobContext,
) -> Directions:
    """Draw, compute or look up directions.

    Parameters
    ----------
    asked : AnyDirections
    network : Network
        At the origin of the plane. Unchanged afterwards.
    inputs, labels : Tensor
        Prepared samples, for directions that depend on the loss.
    companions : Companions
        Other networks, checkpoints, or the directions that were read from a file.
    job : JobContext

    Raises
    ------
    InvalidRequest
        If what the directions refer to is not at hand or does not fit the network; or if nothing would move.
    """
    del inputs, labels, companions, job
    if isinstance(asked, RandomDirections):
        return random_directions(network.module, asked)
    raise InvalidRequest(f"Directions of the kind {asked.kind} are not there yet.")
