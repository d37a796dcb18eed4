"""The largest singular value of a linear map that is only known by what it does to vectors.

The search is that for eigenvalues, on AᵀA. Its products are in float32, where convolutions are several times as fast;
the pair that comes out is measured once more in float64, and its residual is the bound.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.curvature.basis import Room
from core.curvature.lanczos import ritz_pairs
from core.job import JobContext

ACCURACY = 1e-3  # of the residual, relative; the error is about the square of it over the gap to the next
ROOM = 40  # vectors held at once
LEAST = 8  # steps before the search may end: a share of the largest that starts small must be able to grow
MOST = 400  # products of AᵀA


@dataclass(frozen=True, kw_only=True)
class Operator:
    """A linear map of arrays of one shape, and its transpose. Both take float32 and float64."""

    shape: tuple[int, ...]
    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor], Tensor]

    def gram(self, vector: Tensor) -> Tensor:
        """AᵀA v."""
        return self.backward(self.forward(vector))


def largest_singular_value(operator: Operator, seed: int, job: JobContext) -> tuple[float, float]:
    """Find it from a random start, for a map whose squares are within the range of float32.

    Returns
    -------
    The value ‖Av‖, which is never too large but for rounding, and the bound ‖AᵀAv − ‖Av‖²v‖ / ‖Av‖: within it lies a
    singular value (Parlett 1998, Thm 4.5.1, for AᵀA). That it is the largest is a matter of the random start.
    """
    size = math.prod(operator.shape)

    def gram(vector: Tensor) -> Tensor:
        return operator.gram(vector.reshape(operator.shape)).reshape(-1)

    nothing, room = torch.empty(0, size), Room(min(ROOM, size))
    for pairs in ritz_pairs(gram, size, 1, MOST, nothing, seed, job.check, end="largest", room=room):
        if pairs.spans_everything or (pairs.products >= LEAST and pairs.converged(ACCURACY)):
            break
    return _measured(operator, pairs.vectors()[0], job)


def _measured(operator: Operator, vector: Tensor, job: JobContext) -> tuple[float, float]:
    """Value and residual in float64, for the vector as it is."""
    exact = vector.double().reshape(operator.shape)
    exact = exact / exact.norm()
    job.check()
    image = operator.forward(exact)
    value = float(image.norm())
    job.check()
    if not value:
        return 0.0, 0.0
    return value, float((operator.backward(image) - value**2 * exact).norm()) / value
