"""The largest singular value of a linear map that is only known by what it does to vectors.

Lanczos on AᵀA with full reorthogonalisation. Products that search are in float32, where convolutions are several times
as fast; the pair that comes out is measured once more in float64, and its residual is the bound.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.job import JobContext

ACCURACY = 1e-3  # of the residual, relative; the error is about the square of it over the gap to the next
ROOM = 40  # vectors held at once; then the search goes on from the best of them
LEAST = 8  # steps before the search may end: a share of the largest that starts small must be able to grow
MOST = 400  # products of AᵀA
INVARIANT = 1e-6  # a remainder this short against the images is rounding of float32


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
    """Find it from a random start.

    Returns
    -------
    The value ‖Av‖, which is never too large but for rounding, and the bound ‖AᵀAv − ‖Av‖²v‖ / ‖Av‖: within it lies a
    singular value (Parlett 1998, Thm 4.5.1, for AᵀA). That it is the largest is a matter of the random start.
    """
    generator = torch.Generator().manual_seed(seed)
    size = math.prod(operator.shape)
    start = torch.randn(size, generator=generator)
    spent = 0
    while True:
        vector, settled, products = _search(operator, start / start.norm(), min(ROOM, size), spent, job)
        spent += products
        if settled or spent >= MOST:
            return _measured(operator, vector, job)
        start = vector


def _search(operator: Operator, start: Tensor, room: int, spent: int, job: JobContext) -> tuple[Tensor, bool, int]:
    """Fill the room, or stop before. Gives the best vector, whether it is good enough, and the products it took."""
    basis = torch.empty(room, len(start))
    small = torch.zeros(room, room, dtype=torch.float64)
    basis[0] = start
    for step in range(room):
        job.check()
        image = operator.gram(basis[step].reshape(operator.shape)).reshape(-1)
        known = basis[: step + 1]
        first, second = known @ image, torch.zeros(step + 1)
        rest = image - first @ known
        second = known @ rest  # twice: once leaves float32's rounding behind
        rest -= second @ known
        small[step, : step + 1] = small[: step + 1, step] = (first + second).double()
        length, scale = float(rest.norm()), float(image.norm())
        values, columns = torch.linalg.eigh(small[: step + 1, : step + 1])
        best, column = float(values[-1]), columns[:, -1]
        residual = length * abs(float(column[-1]))
        whole = step + 1 == len(start) or length <= INVARIANT * scale
        settled = whole or (residual <= ACCURACY * best and spent + step + 1 >= LEAST)
        if settled or step + 1 == room or not math.isfinite(length):
            break
        basis[step + 1] = rest / length
    return column.float() @ known, settled or not math.isfinite(length), step + 1


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
