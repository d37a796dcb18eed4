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

    parameters = {name: tuple(value.shape) for name, value in network.module.named_parameters()}
    states = {name: tuple(value.shape) for name, value in network.module.state_dict().items()}
    directions, _moving = named_directions(read_original_directions(path), parameters, states)
    return directions
