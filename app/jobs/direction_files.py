"""Reads a direction file of the original tool for one network, whose parameters give its tensors their names."""

from pathlib import Path

from app.jobs.engines import import_analyses
from core.landscape.plane import Directions
from core.session.document import NetworkItem


def read_directions(path: Path, network: NetworkItem) -> Directions:
    """The directions of a file, by the names in the network.

    Raises
    ------
    UnreadableFile
        If it is no direction file.
    InvalidRequest
        If it belongs to another network.
    """
    import_analyses()
    from core.exchange.original.directions import named_directions, read_original_directions  # noqa: PLC0415
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    module = restore_network(network).module
    parameters = {name: tuple(value.shape) for name, value in module.named_parameters()}
    states = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    directions, _moving = named_directions(read_original_directions(path), parameters, states)
    return directions
