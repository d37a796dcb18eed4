"""Which other items of a document can stand in one plane with a network: those with parameters of the same shapes."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from core.deferred import array_shapes
from core.landscape.plane import Directions
from core.session.document import Document, NetworkItem, ResultItem, RunItem

COUNTER = "num_batches_tracked"  # many files lack it, and nothing depends on it
FEWEST_CHECKPOINTS = 3  # two of them and the last one span a plane

Shapes = dict[str, tuple[int, ...]]


def partners_of(network: NetworkItem, document: Document) -> tuple[NetworkItem, ...]:
    """Other networks with tensors of the same names and shapes.

    What is inside a program is known only once it is opened: programs with the same input are partners as far as
    anybody can tell before, and the engine says so if they are not.
    """
    return tuple(other for other in document.networks if other.sha256 != network.sha256 and _fit(network, other))


def runs_of(network: NetworkItem, document: Document) -> tuple[RunItem, ...]:
    """Runs with enough checkpoints of the network's architecture; the one that it came of is the first."""
    wanted = shapes_of(network.weights)
    fitting = [run for run in document.runs if len(run.run.checkpoints) >= FEWEST_CHECKPOINTS and wanted]
    fitting = [run for run in fitting if shapes_of(run.run.last.weights) == wanted]
    return tuple(sorted(fitting, key=lambda run: run.network_id != network.id))


def planes_of(network: NetworkItem, document: Document) -> tuple[ResultItem, ...]:
    """Results whose two axes can be followed from the network, too: its own first."""
    found = [item for item in document.results if _lies_in_a_plane_for(item, network)]
    return tuple(sorted(found, key=lambda item: item.network_id != network.id))


def shapes_of(weights: Mapping[str, npt.NDArray[np.generic]]) -> Shapes:
    """Shapes by name, without the counters of batch normalisation."""
    return {name: shape for name, shape in array_shapes(weights).items() if not name.endswith(COUNTER)}


def normalises(network: NetworkItem) -> bool:
    """Whether the network keeps running statistics, as batch normalisation does; a program may, for all one knows."""
    return network.program is not None or any(name.endswith("running_mean") for name in network.weights)


def _fit(network: NetworkItem, other: NetworkItem) -> bool:
    if network.program is not None or other.program is not None:
        both = network.program is not None and other.program is not None
        return both and network.card.input.shape == other.card.input.shape
    return shapes_of(network.weights) == shapes_of(other.weights)


def _lies_in_a_plane_for(item: ResultItem, network: NetworkItem) -> bool:
    axes = getattr(item.result, "directions", None)
    if not isinstance(axes, Directions) or not axes.x or not axes.y:
        return False
    if item.network_id == network.id:
        return True
    own = array_shapes(network.weights)
    return all(own.get(name) == shape for axis in (axes.x, axes.y) for name, shape in array_shapes(axis).items())
