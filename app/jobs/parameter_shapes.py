"""Shapes of a network's parameters: from its weights at once, of a program only after it is opened."""

from core.deferred import array_shapes
from core.runtime import prepare_torch
from core.session.document import STATISTICS, NetworkItem

Shapes = dict[str, tuple[int, ...]]


def shapes_at_hand(network: NetworkItem) -> Shapes | None:
    """Shapes by name in the order of the network; None for a program."""
    if network.program is not None:
        return None
    return {name: shape for name, shape in array_shapes(network.weights).items() if not name.endswith(STATISTICS)}


def shapes_of(network: NetworkItem) -> Shapes:
    """The same for a program too, which takes a moment and must not be done in the window's thread.

    Raises
    ------
    CorrieError
        If the program cannot be opened.
    """
    if (shapes := shapes_at_hand(network)) is not None:
        return shapes
    prepare_torch()
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    return {name: tuple(value.shape) for name, value in restore_network(network).module.named_parameters()}
