"""Derivatives in the input: refused in a sentence where there is none."""

import torch
from torch import Tensor

from core.errors import UnsupportedNetwork


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
