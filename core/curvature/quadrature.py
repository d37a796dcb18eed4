"""One Lanczos sequence from one start: the Gauss quadrature of an operator's spectral measure, and its outermost value.

Golub & Meurant 2010, §3-4. Every direction is orthogonalised against all before, in float64 sums; without that, copies
of the outermost eigenvalues would appear and take weight from the rest.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from core.curvature.reductions import Check, combination, inner_products, never, norm, orthogonalise
from core.errors import NumericalFailure

Product = Callable[[Tensor], Tensor]  # H v: (n,) → (n,), symmetric up to rounding
INVARIANT = 1e-6  # a remainder this small against the operator's norm is rounding of float32 products


class LanczosRun:
    """Orthonormal directions and the tridiagonal matrix of the operator between them.

    Parameters
    ----------
    product : Product
        Called once a step.
    start : (n,) float32 Tensor
        Of unit length, orthogonal to the deflated rows.
    deflated : (d, n) Tensor
        Orthonormal rows to stay away from; none for d = 0.
    room : int
        At most so many steps. Memory: 4 · n · room bytes.
    check : Check
        Called between the products as well; may raise.
    """

    def __init__(self, product: Product, start: Tensor, deflated: Tensor, room: int, check: Check = never) -> None:
        self._product, self._deflated, self._check = product, deflated, check
        self._rows = torch.empty(min(room, len(start) - len(deflated)), len(start))
        self._diagonal = torch.zeros(len(self._rows), dtype=torch.float64)
        self._below = torch.zeros(len(self._rows), dtype=torch.float64)  # the last one: length of what comes next
        self._next: Tensor | None = start if len(self._rows) else None
        self._norm = self._second = 0.0
        self.steps = 0

    @property
    def ended(self) -> bool:
        """Whether the room is full, or nothing new can come from this start."""
        return self._next is None or self.steps == len(self._rows)

    @property
    def basis(self) -> Tensor:
        """(j, n) float32, orthonormal rows: a view that later steps do not change."""
        return self._rows[: self.steps]

    @property
    def spans_everything(self) -> bool:
        """Whether the directions and the deflated ones are a basis of the whole space."""
        return self.steps + len(self._deflated) == self._rows.shape[1]

    @property
    def first(self) -> float:
        """``s'H s`` for the start s."""
        return float(self._diagonal[0])

    @property
    def first_squared(self) -> float:
        """``‖H s‖²`` for the start s, outside of what is deflated."""
        return float(self._diagonal[0] ** 2) + self._second

    @property
    def trace(self) -> float:
        """Of the operator on the directions so far."""
        return float(self._diagonal[: self.steps].sum())

    def step(self) -> None:
        """One product. Not to be called when the run has ended."""
        if self._next is None:
            raise NumericalFailure("The search ended: nothing new comes from this start.")
        index, self._rows[self.steps] = self.steps, self._next
        image = orthogonalise(self._product(self._next), self._deflated, self._check)
        self.steps += 1
        self._diagonal[index] = inner_products(self._rows[index : index + 1], image)[0]
        self._norm = max(self._norm, norm(image))
        remainder = orthogonalise(image, self._rows[: index + 1], self._check)
        length = norm(remainder)
        if not index:
            self._second = length**2
        if length <= INVARIANT * self._norm:  # also where the operator is zero
            self._below[index], self._next = 0.0, None
            return
        self._below[index] = length
        # A short remainder is not orthogonal to the digits of float32 yet.
        rest = orthogonalise(remainder / length, self._rows[: index + 1], self._check)
        rest = orthogonalise(rest, self._deflated, self._check)
        self._next = rest / norm(rest)

    def nodes_and_weights(self) -> tuple[Tensor, Tensor]:
        """Nodes (j,) ascending and weights (j,), which sum to 1, in float64 (Golub & Welsch 1969)."""
        values, columns = self._ritz()
        return values, columns[0] ** 2

    def outermost(self) -> tuple[float, float]:
        """The Ritz value of largest magnitude, signed, and its residual as the recurrence has it."""
        values, columns = self._ritz()
        place = int(values.abs().argmax())
        return float(values[place]), float((self._below[self.steps - 1] * columns[-1, place]).abs())

    def outermost_vector(self) -> Tensor:
        """(n,) float32 of unit length: the Ritz vector of the value of largest magnitude."""
        values, columns = self._ritz()
        place = int(values.abs().argmax())
        vector = combination(columns[:, place][None].contiguous(), self.basis, self._check)[0]
        return vector / norm(vector)

    def _ritz(self) -> tuple[Tensor, Tensor]:
        below = self._below[: self.steps - 1]
        tridiagonal = torch.diag(self._diagonal[: self.steps]) + torch.diag(below, 1) + torch.diag(below, -1)
        values, columns = torch.linalg.eigh(tridiagonal)
        return values, columns


def random_direction(size: int, avoided: Tensor, generator: torch.Generator, check: Check = never) -> Tensor:
    """(n,) float32: uniform on the unit sphere of what is orthogonal to the avoided orthonormal rows (d, n).

    Raises `NumericalFailure` if nothing is.
    """
    for _ in range(5):
        vector = orthogonalise(torch.randn(size, generator=generator), avoided, check)
        length = norm(vector)
        if length > 1e-3:  # a random vector has length √n; the rest of it may be short, but not rounding
            return vector / length
    raise NumericalFailure("No direction is left that is orthogonal to the known ones. Ask for fewer eigenvalues.")
