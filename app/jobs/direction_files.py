"""Reads a direction file of the original tool for one network, whose parameters give its tensors their names."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.engines import import_analyses
from core.landscape.plane import Directions
from core.session.document import NetworkItem

if TYPE_CHECKING:
    from core.networks.network import Network


def read_directions(path: Path, network: NetworkItem) -> Directions:
    """The directions of a file, by the names in a network of the session. Raises as `directions_for` does."""
    import_analyses()
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    return directions_for(path, restore_network(network))


def directions_for(path: Path, network: "Network") -> Directions:
    """The directions of a file, by the names in the network.

    Raises
    ------
    UnreadableFile
        If it is no direction file.
    InvalidRequest
        If it belongs to another network.
    """
    from core.exchange.original.directions import named_directions, read_original_directions  # noqa: PLC0415

    directions, _moving = named_directions(read_original_directions(path), *_shapes(network))
    return directions


def directions_in(directions: Directions, network: NetworkItem) -> Directions:
    """Directions of an imported result, by the names in a network of the session; those that have them stay.

    Raises
    ------
    InvalidRequest
        If they belong to another network.
    """
    import_analyses()
    from core.exchange.original.directions import named_directions, numbered_directions  # noqa: PLC0415
    from core.networks.storing import restore_network  # noqa: PLC0415

    parameters, states = _shapes(restore_network(network))
    if all(tuple(value.shape) == states.get(name) for name, value in directions.x.items()):
        return directions
    found, _moving = named_directions(numbered_directions(directions), parameters, states)
    return found


def _shapes(network: "Network") -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Shapes of the parameters and of the whole state, each in its order."""
    parameters = {name: tuple(value.shape) for name, value in network.module.named_parameters()}
    states = {name: tuple(value.shape) for name, value in network.module.state_dict().items()}
    return parameters, states
