"""Both ends of a spectrum at once, started from what is known of a neighbouring operator.

A map of the curvature asks for the smallest and the largest eigenvalue at many points that differ little from one
another. What is saved against two searches from scratch at every point (Li et al. 2018 call ARPACK twice), and what
keeps it honest:

1. One Lanczos sequence serves both ends, and it is looked at after every product. It starts from the sum of the
   neighbour's vectors and a random one. From the random one alone it takes a quarter more products, and with every
   vector of the neighbour as a direction of its own, half as many again.
2. The images of all directions are kept, so the residuals ‖Hv − λv‖ are true ones and cost no product. When the room
   is full, the Ritz vectors at both ends stay, with their images (thick restart, Wu & Simon 2000).
3. The neighbour's vectors may be eigenvectors that are no longer the outermost, and would end the search too early. So
   it goes on until an eigenvalue that lies further out by a fifth of an end's own size would have grown, from its share
   of the random part, to something that is seen: the bounds of Kaniel, Paige and Saad on Lanczos sequences say when.
   And it goes on while any other Ritz value could, given its residual, lie outside the ends by the tolerance.
4. What one asks of a map is λmin/λmax, and λmin may be a hundredth of λmax: each end is also settled by its own size.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.curvature.reductions import Check, combination, inner_products, never, norm, orthogonalise

Product = Callable[[Tensor], Tensor]  # H v: (n,) → (n,), symmetric up to rounding
ROOM = 32  # directions held at once: memory is 8 · n · ROOM bytes
KEPT = 4  # Ritz vectors at each end that survive when the room is full
FURTHER = 0.2  # of an end's size: an eigenvalue so far outside it must not be missed
OWN = 0.15  # of an end's size: its largest residual; the error of the value is about the square of it, over the gap
INVARIANT = 1e-6  # a remainder this small against the operator's norm is rounding of float32 products


@dataclass(frozen=True, kw_only=True, eq=False)
class Extremes:
    """The smallest and the largest eigenvalue, and how well they are known."""

    smallest: float
    largest: float
    residual: float  # the larger of the two ‖Hv − λv‖: within it of each value there is an eigenvalue
    products: int
    converged: bool  # the residual is below the tolerance
    start: Tensor = field(repr=False)  # (n,) float32, to start a neighbouring search from


def least_steps(values: Tensor, tolerance: float, size: int) -> int:
    """Steps in which an eigenvalue that lies a fifth further out than an end would have been seen.

    Its share of a random unit vector is about 1/√n. Each step takes care of one outlier, or lets that share grow by a
    factor that depends on how far it lies outside of the others (Saad 1980): the best division of the steps counts.

    Parameters
    ----------
    values : (k,) float64
        Ritz values, ascending.
    tolerance : float
        Ends of less than this share of the larger one count as so large.
    size : int
        n, the length of a vector.
    """
    floor = tolerance * float(values.abs().max())
    grown = 1.5 + math.log(size) / 2  # a share may by chance be a third of the usual, and must outgrow the rest
    steps = 0.0
    for ascending in (values, -values.flip(0)):
        width = (ascending[1:] - ascending[0]).clamp(
            min=1e-30
        )  # of what is left when the outliers beyond are dealt with
        gap = FURTHER * max(abs(float(ascending[0])), floor)
        outliers = torch.arange(len(width) - 1, -1, -1, dtype=torch.float64)
        needed = outliers + grown / torch.acosh(1 + 2 * gap / width)
        steps = max(steps, float(needed.min()) if len(needed) else 0.0)
    return math.ceil(steps)


def extreme_pairs(
    product: Product,
    size: int,
    tolerance: float,
    max_products: int,
    seed: int,
    start: Tensor | None = None,
    check: Check = never,
) -> Extremes:
    """Find both ends of a spectrum.

    Parameters
    ----------
    product : Product
        Called once a step; what it raises goes through.
    size : int
        n, the length of a vector.
    tolerance : float
        Largest residual, relative to the eigenvalue of larger magnitude.
    max_products : int
        The search ends there, converged or not; at least 1.
    seed : int
        Of the random vector.
    start : (n,) Tensor, optional
        `Extremes.start` of a neighbouring operator.
    check : Check
        Called between the products as well; may raise.
    """
    space = _Krylov(product, size, seed, start, check)
    while True:
        space.step()
        ends = space.ends(tolerance)
        settled = ends.residual <= tolerance * ends.scale
        safe = ends.beyond <= tolerance * ends.scale and ends.own <= OWN and space.products >= ends.least
        if (settled and safe) or space.products >= max_products or space.complete:
            break
    return Extremes(
        smallest=ends.smallest,
        largest=ends.largest,
        residual=ends.residual,
        products=space.products,
        converged=settled or space.complete,
        start=space.outermost(),
    )


@dataclass(frozen=True)
class _Ends:
    smallest: float
    largest: float
    residual: float
    beyond: float  # how far outside the two ends another Ritz value could lie, given its residual
    own: float  # the larger of the two residuals, each over its end's size or the tolerance if that is larger
    least: int  # steps before which an end that lies further out may not have been seen

    @property
    def scale(self) -> float:
        return max(abs(self.smallest), abs(self.largest))


class _Krylov:
    """Orthonormal directions, their images, and the operator between them."""

    def __init__(self, product: Product, size: int, seed: int, start: Tensor | None, check: Check) -> None:
        self._product, self._size, self._check = product, size, check
        self._generator = torch.Generator().manual_seed(seed)
        room = min(ROOM, size)
        self._rows, self._images = torch.empty(room, size), torch.empty(room, size)
        self._small = torch.zeros(room, room, dtype=torch.float64)
        self._gram = torch.zeros(room, room, dtype=torch.float64)  # of the images
        self._count = self.products = 0
        fresh = self._fresh()
        self._next = fresh if start is None else fresh + start / (2 * norm(start))
        self._next /= norm(self._next)

    @property
    def complete(self) -> bool:
        """Whether the directions span the whole space: nothing can be missing."""
        return self._count == self._size

    def step(self) -> None:
        """One product, with the direction that the last one led to."""
        if self._count == len(self._rows):
            self._restart()
        row, index = self._next, self._count
        image = self._product(row)
        self._rows[index], self._images[index] = row, image
        self._count = index + 1
        self.products += 1
        for matrix, held in ((self._small, self._rows), (self._gram, self._images)):
            entries = inner_products(held[: index + 1], image, self._check)
            matrix[: index + 1, index] = entries
            matrix[index, : index + 1] = entries
        if not self.complete:
            self._next = self._continued(image)

    def ends(self, tolerance: float) -> _Ends:
        values, columns = self._ritz()
        residuals = [self._residual(values[place], columns[:, place]) for place in (0, -1)]
        floor = max(tolerance * float(values.abs().max()), 1e-30)
        own = max(r / max(abs(float(values[place])), floor) for r, place in zip(residuals, (0, -1), strict=True))
        return _Ends(
            smallest=float(values[0]),
            largest=float(values[-1]),
            residual=max(residuals),
            beyond=self._beyond(values, columns),
            own=own,
            least=least_steps(values, tolerance, self._size),
        )

    def outermost(self) -> Tensor:
        """The sum of the vectors of both ends, and half of those next to them."""
        _, columns = self._ritz()
        weights = columns[:, 0] + columns[:, -1]
        if self._count >= 4:
            weights = weights + (columns[:, 1] + columns[:, -2]) / 2
        return combination(weights[None], self._rows[: self._count], self._check)[0]

    def _continued(self, image: Tensor) -> Tensor:
        known = self._rows[: self._count]
        rest = orthogonalise(image, known, self._check)
        length = norm(rest)
        scale = math.sqrt(float(self._gram.diagonal()[: self._count].max()))
        if length <= INVARIANT * scale:  # the directions span an invariant subspace: go on outside it
            rest = orthogonalise(self._fresh(), known, self._check)
            length = norm(rest)
        # A short remainder is not orthogonal to float32's digits yet.
        rest = orthogonalise(rest / length, known, self._check)
        return rest / norm(rest)

    def _fresh(self) -> Tensor:
        vector = torch.randn(self._size, generator=self._generator)
        return vector / norm(vector)

    def _ritz(self) -> tuple[Tensor, Tensor]:
        small = self._small[: self._count, : self._count]
        values, columns = torch.linalg.eigh(small)
        return values, columns

    def _residual(self, value: Tensor, column: Tensor) -> float:
        rows, images = (
            combination(column[None], held[: self._count], self._check)[0].double()
            for held in (self._rows, self._images)
        )
        return norm(images - value * rows)

    def _beyond(self, values: Tensor, columns: Tensor) -> float:
        if self._count < 3:
            return -math.inf
        squared = ((self._gram[: self._count, : self._count] @ columns) * columns).sum(dim=0)  # ‖H v‖²
        residuals = torch.clamp(squared - values.square(), min=0.0).sqrt()[1:-1]
        inner = values[1:-1]
        return max(float((inner + residuals).max() - values[-1]), float(values[0] - (inner - residuals).min()))

    def _restart(self) -> None:
        """Keep the Ritz vectors at both ends and their images; the next direction stays what it is."""
        values, columns = self._ritz()
        chosen = torch.cat([torch.arange(KEPT), torch.arange(self._count - KEPT, self._count)])
        picked = columns[:, chosen].T.contiguous()
        rows, images = (combination(picked, held, self._check) for held in (self._rows, self._images))
        gram = picked @ self._gram @ picked.T
        self._count = len(chosen)
        self._rows[: self._count], self._images[: self._count] = rows, images
        self._small[: self._count, : self._count] = torch.diag(values[chosen])
        self._gram[: self._count, : self._count] = gram
