"""Derivatives in the input: refused in a sentence where there is none, and stopped in their middle if need be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from core.errors import UnsupportedNetwork
from core.networks.saving import stopping


@contextmanager
def stoppable(check: Callable[[], None] | None) -> Iterator[None]:
    """Ask whether to stop whenever a derivative keeps a tensor or takes it up again; what is computed is the same.

    A batch of a deep network takes seconds, an operation of it milliseconds.
    """
    if check is None:
        yield
        return

    with stopping(check):
        yield


def derivative(total: Tensor, place: Tensor, *, again: bool = False) -> Tensor:
    """Of a sum over samples in their inputs.

    Parameters
    ----------
    again : bool
        Whether the same outputs will be differentiated once more.

    Raises
    ------
    UnsupportedNetwork
        If there is no derivative, with torch's reason.
    """
    try:
        (gradient,) = torch.autograd.grad(total, place, retain_graph=again, materialize_grads=True)
    except RuntimeError as error:
        raise UnsupportedNetwork(
            f"The network cannot be differentiated in its input, so it cannot be attacked along a gradient: {error}."
        ) from error
    return gradient
