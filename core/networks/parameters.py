"""How an engine moves through weight space: in place, without touching a buffer, and back again whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def parameter_names(module: nn.Module) -> tuple[str, ...]:
    """Names of all parameters in the order of ``module.parameters()``."""
    return tuple(name for name, _ in module.named_parameters())


def tie_shared(module: nn.Module) -> None:
    """Make parameters that share their memory one parameter again, under all of its names.

    An exported program forgets that two layers had the same weights: both names point at the same numbers. Moved one
    after the other they would move twice as far, and a derivative with respect to one would leave the other out.
    """
    known: dict[tuple[object, ...], nn.Parameter] = {}
    for child in module.modules():
        for name, parameter in child.named_parameters(recurse=False, remove_duplicate=False):
            if parameter.numel():
                place = (parameter.data_ptr(), parameter.dtype, parameter.shape, parameter.stride())
                setattr(child, name, known.setdefault(place, parameter))


@contextmanager
def evaluation_mode(module: nn.Module) -> Iterator[None]:
    """Set every part of a module to evaluation, and back to what it was. Batch normalisation then moves nothing.

    The flags are set directly because exported programs refuse ``eval()``.
    """
    modes = [(child, child.training) for child in module.modules()]
    for child, _ in modes:
        child.training = False
    try:
        yield
    finally:
        for child, training in modes:
            child.training = training


@contextmanager
def movable(module: nn.Module) -> Iterator[list[Tensor]]:
    """Give the parameters to be changed in place, in evaluation mode; restore them and the buffers afterwards."""
    parameters = [parameter.data for parameter in module.parameters()]
    kept = [parameter.clone() for parameter in parameters]
    buffers = [(buffer, buffer.clone()) for buffer in module.buffers()]
    with evaluation_mode(module):
        try:
            yield parameters
        finally:
            with torch.no_grad():
                for parameter, value in zip(parameters, kept, strict=True):
                    parameter.copy_(value)  # always: comparing would take 0.0 for the −0.0 that was there
                for buffer, value in buffers:
                    if not torch.equal(buffer, value):  # a buffer may share its memory and refuse to be written
                        buffer.copy_(value)
