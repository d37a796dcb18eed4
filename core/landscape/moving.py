"""Puts a network at points of a plane, for analyses that need more than its loss there."""

import numpy as np
import torch
from torch import Tensor, nn

from core.landscape.plane import Direction, Directions


class PlaneMover:
    """Sets ``θ + a·δ + b·η`` in place. Use it within `core.networks.parameters.movable`, which puts everything back.

    What the directions do not name stands still; integers, such as counters of batches, do too.
    """

    def __init__(self, module: nn.Module, directions: Directions) -> None:
        tensors = {name: parameter.data for name, parameter in module.named_parameters()}
        tensors |= {name: buffer for name, buffer in module.named_buffers() if buffer.is_floating_point()}
        names = [name for name in tensors if name in directions.x or name in directions.y]
        self._tensors = [tensors[name] for name in names]
        self._centre = [tensor.clone() for tensor in self._tensors]
        self._steps = [_steps(axis, names, tensors) for axis in (directions.x, directions.y)]

    def move(self, a: float, b: float) -> None:
        """Go to the point (a, b), in multiples of the first and the second direction."""
        with torch.no_grad():
            for tensor, centre, *steps in zip(self._tensors, self._centre, *self._steps, strict=True):
                tensor.copy_(centre)
                for amount, step in zip((a, b), steps, strict=True):
                    if step is not None:
                        tensor.add_(step, alpha=amount)


def _steps(axis: Direction, names: list[str], tensors: dict[str, Tensor]) -> list[Tensor | None]:
    return [
        torch.from_numpy(np.array(axis[name])).to(tensors[name].dtype).reshape(tensors[name].shape)
        if name in axis
        else None
        for name in names
    ]
