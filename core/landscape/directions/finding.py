"""From the axes that were asked for to the axes themselves: the one door that every analysis of a plane uses."""

from torch import Tensor

from core.companions import Companions
from core.job import JobContext
from core.landscape.directions.bezier import bezier_directions
from core.landscape.directions.eigen import eigen_directions
from core.landscape.directions.networks import network_directions
from core.landscape.directions.pca import pca_directions
from core.landscape.directions.random import random_directions
from core.landscape.directions.stored import stored_directions
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    Directions,
    EigenDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)
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
    WeightsMismatch
        If it is of another architecture.
    """
    if isinstance(asked, RandomDirections):
        return random_directions(network.module, asked)
    if isinstance(asked, EigenDirections):
        return eigen_directions(asked, network, inputs, labels, job)
    if isinstance(asked, PcaDirections):
        return pca_directions(asked, network, companions.waypoints, job)
    if isinstance(asked, NetworkDirections):
        return network_directions(asked, network, companions)
    if isinstance(asked, BezierDirections):
        return bezier_directions(asked, network, inputs, labels, companions, job)
    return stored_directions(asked, network, companions)
