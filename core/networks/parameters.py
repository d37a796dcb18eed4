"""How an engine moves through weight space: in place, without touching a buffer, and back again whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def parameter_names(module: nn.Module) -> tuple[str, ...]:
    """Names of all parameters in the order of ``module.parameters()``."""
    return tuple(name for name, _ in module.named_parameters())


@contextmanager
def movable(module: nn.Module) -> Iterator[list[Tensor]]:
    """Give the parameters to be changed in place, and restore their values and the buffers afterwards.

    The module's training flags are set to evaluation for the duration, so batch normalisation uses, and keeps, its
    running statistics.
    """
    parameters = [parameter.data for parameter in module.parameters()]
    kept = [parameter.clone() for parameter in parameters]
    buffers = [(buffer, buffer.clone()) for buffer in module.buffers()]
    modes = [(child, child.training) for child in module.modules()]
    for child, _ in modes:
        child.training = False
    try:
        yield parameters
    finally:
        with torch.no_grad():
            for parameter, value in zip(parameters, kept, strict=True):
                parameter.copy_(value)
            for buffer, value in buffers:
                if not torch.equal(buffer, value):
                    buffer.copy_(value)
        for child, training in modes:
            child.training = training
