"""Outermost eigenpairs of a symmetric operator by Lanczos; `engine.py` audits whether a repeated one was missed.

Where this differs from a textbook recurrence, and why:

1. Every new basis vector is orthogonalised against all earlier ones, twice: without it, ghosts of converged
   eigenvalues appear after some fifty steps and are reported as eigenvalues of their own.
2. Inner products are accumulated in float64 (`reductions.py`).
3. The residuals that are shown come from float64 products (`precise.py`): the Lanczos estimate keeps falling below the
   rounding of the products, and would be an optimist.
4. When the basis spans an invariant subspace, the recurrence goes on from a fresh random vector.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.curvature.reductions import Check, combination, inner_products, never, norm, orthogonalise
from core.errors import NumericalFailure

Product = Callable[[Tensor], Tensor]  # H v: (n,) → (n,), symmetric up to rounding
CHECK_EVERY = 4  # steps between looks at convergence
ROUNDING = 1e-7  # of the largest eigenvalue: products in float32 tell no more
INVARIANT = 1e-6  # a remainder this small against the operator's norm is rounding of float32 products


@dataclass(frozen=True, kw_only=True, eq=False)
class RitzPairs:
    """What a Krylov basis says about the eigenpairs of largest magnitude, so far."""

    values: Tensor = field(repr=False)  # (k,) float64, by decreasing magnitude
    estimates: Tensor = field(repr=False)  # (k,) float64, residuals as the recurrence estimates them
    coefficients: Tensor = field(repr=False)  # (k, j) float64, the vectors in terms of the basis
    basis: Tensor = field(repr=False)  # (j, n) float32, orthonormal rows
    spans_everything: bool  # the basis is the whole space: nothing can be missing

    def vectors(self) -> Tensor:
        """(k, n) float32, orthonormal rows."""
        return combination(self.coefficients, self.basis)

    def converged(self, relative: float) -> bool:
        """Whether every estimate is below `relative` times its eigenvalue (or the rounding of the largest)."""
        floor = ROUNDING * float(self.values.abs().max()) if len(self.values) else 0.0
        return bool((self.estimates <= torch.clamp(relative * self.values.abs(), min=floor)).all())


def ritz_pairs(
    product: Product, size: int, wanted: int, steps: int, deflated: Tensor, seed: int, check: Check = never
) -> Iterator[RitzPairs]:
    """Grow a Krylov basis and yield the wanted pairs every few steps, until `steps` or the whole space.

    Golub & Van Loan 2013, §10.3, with full reorthogonalisation.

    Parameters
    ----------
    product : Product
        One call a step.
    size : int
        n, the length of a vector. Memory: 4 · n · steps bytes.
    wanted : int
        How many pairs of largest magnitude.
    steps : int
        At most so many products.
    deflated : (d, n) Tensor
        Orthonormal rows to stay away from, none for d = 0.
    seed : int
        Of the random start.
    check : Check
        Called between the products as well; may raise.
    """
    generator = torch.Generator().manual_seed(seed)
    steps = min(steps, size - len(deflated))
    basis = torch.empty(steps, size, dtype=torch.float32)
    diagonal, below = torch.zeros(steps, dtype=torch.float64), torch.zeros(steps, dtype=torch.float64)
    basis[0] = _fresh(size, deflated, generator)
    scale = 0.0
    for step in range(steps):
        image = orthogonalise(product(basis[step]), deflated, check)
        diagonal[step] = inner_products(basis[step : step + 1], image)[0]
        scale = max(scale, norm(image))
        remainder = orthogonalise(orthogonalise(image, basis[: step + 1], check), deflated, check)
        length = norm(remainder)
        invariant = length <= INVARIANT * scale
        below[step] = 0.0 if invariant else length
        last = step + 1 == steps
        if not last:
            if invariant:
                basis[step + 1] = _fresh(size, torch.cat([deflated, basis[: step + 1]]), generator)
            else:
                basis[step + 1] = remainder / length
        if last or ((step + 1) % CHECK_EVERY == 0 and step + 1 >= wanted):
            whole = step + 1 == size - len(deflated)
            yield _pairs(diagonal[: step + 1], below[: step + 1], basis[: step + 1], wanted, whole=whole)


def _fresh(size: int, known: Tensor, generator: torch.Generator) -> Tensor:
    """A random unit vector orthogonal to the known rows."""
    for _ in range(5):
        vector = orthogonalise(torch.randn(size, generator=generator), known)
        length = norm(vector)
        if length > 1e-3:  # a random vector has length √n; the rest of it may be short, but not rounding
            return vector / length
    raise NumericalFailure("No direction is left that is orthogonal to the known ones. Ask for fewer eigenvalues.")


def _pairs(diagonal: Tensor, below: Tensor, basis: Tensor, wanted: int, *, whole: bool) -> RitzPairs:
    tridiagonal = torch.diag(diagonal) + torch.diag(below[:-1], 1) + torch.diag(below[:-1], -1)
    values, columns = torch.linalg.eigh(tridiagonal)
    chosen = values.abs().argsort(descending=True)[:wanted]
    estimates = torch.zeros(len(chosen), dtype=torch.float64) if whole else (below[-1] * columns[-1, chosen]).abs()
    return RitzPairs(
        values=values[chosen],
        estimates=estimates,
        coefficients=columns[:, chosen].T.contiguous(),
        basis=basis,
        spans_everything=whole,
    )


def residuals(product: Product, values: Tensor, vectors: Tensor) -> tuple[Tensor, Tensor]:
    """Rayleigh quotients and ‖Hv − λv‖₂ from the operator itself, one product a vector.

    Some eigenvalue lies within the residual of each value (Parlett 1998, Thm 4.5.1), up to the rounding of a float32
    product, about 5e-7 of the largest eigenvalue.
    """
    quotients, lengths = torch.zeros_like(values), torch.zeros_like(values)
    for index, vector in enumerate(vectors):
        image = product(vector)
        quotients[index] = inner_products(vector[None], image)[0] / norm(vector) ** 2
        lengths[index] = norm(image.double() - quotients[index] * vector.double())
    return quotients, lengths
