"""Outermost eigenpairs of a symmetric operator by thick-restart Lanczos (Wu & Simon 2000).

`core.spectrum` audits whether a repeated eigenvalue was missed. Where this differs from a textbook recurrence, and why:

1. Every new direction is orthogonalised against all earlier ones: without it, ghosts of converged eigenvalues appear
   after some fifty steps and are reported as eigenvalues of their own. What the recurrence itself knows is subtracted
   first, so that one pass over the basis mostly suffices, and a second is made where it does not.
2. Inner products are accumulated in float64 (`reductions.py`).
3. The residuals that are shown come from float64 products (`precise.py`): the Lanczos estimate keeps falling below the
   rounding of the products, and would be an optimist.
4. When the basis spans an invariant subspace, the recurrence goes on from a fresh random vector.
5. When the room for directions is full, the outermost Ritz vectors stay and the recurrence goes on with them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from core.curvature.basis import Basis, Room, room_for
from core.curvature.reductions import Check, inner_products, never, norm, orthogonalise
from core.errors import NumericalFailure

Product = Callable[[Tensor], Tensor]  # H v: (n,) → (n,), symmetric up to rounding
End = Literal["magnitude", "largest", "smallest"]
CHECK_EVERY, CHECK_OFTEN = 4, 2  # steps between looks at convergence, before and after two for every pair
ROUNDING = 1e-7  # of the largest eigenvalue: products in float32 tell no more
INVARIANT = 1e-6  # a remainder this small against the operator's norm is rounding of float32 products
NEAR = 1e-2  # relative residual at which a pair of the other end counts as known


def outwardness(values: Tensor, end: End) -> Tensor:
    """What eigenvalues are ordered by: the larger, the more they are wanted."""
    return {"magnitude": values.abs(), "largest": values, "smallest": -values}[end]


@dataclass(frozen=True, kw_only=True, eq=False)
class Recurrence:
    """All that a search goes on from: ``H V' = V' T + w b'`` with V the directions, w the next one and b its coupling.

    A search that goes on from it comes to the same numbers, bit by bit, unless the directions were reduced.
    """

    directions: Tensor = field(repr=False)  # (j + 1, n) float32, orthonormal rows, w last; (j, n): w is to be drawn
    projected: Tensor = field(repr=False)  # (j, j) float64, T
    coupling: Tensor = field(repr=False)  # (j,) float64, b
    products: int  # so far
    draws: int  # random vectors that were drawn so far


@dataclass(frozen=True, kw_only=True, eq=False)
class RitzPairs:
    """What a Krylov basis says about the outermost eigenpairs, so far."""

    values: Tensor = field(repr=False)  # (k,) float64, the outermost first
    estimates: Tensor = field(repr=False)  # (k,) float64, residuals as the recurrence estimates them
    others: Tensor = field(repr=False)  # (j − k,) float64, the other Ritz values, the outermost first
    other_estimates: Tensor = field(repr=False)  # (j − k,) float64
    coefficients: Tensor = field(repr=False)  # (j, j) float64: all vectors, in this order, in terms of the basis
    basis: Basis = field(repr=False)  # (j, n) float32, orthonormal rows
    run: "_Run" = field(repr=False)
    products: int
    wanted: int
    spans_everything: bool  # the basis is the whole space: nothing can be missing

    def vectors(self) -> Tensor:
        """(k, n) float32, orthonormal rows."""
        return self.basis.combination(self.coefficients[: len(self.values)])

    def take(self, others: Tensor, check: Check = never) -> Tensor:
        """(k + others, n) float32: the wanted vectors and some of the others; the basis is used up."""
        rows = torch.cat([torch.arange(len(self.values)), len(self.values) + others])
        self.run.sound = False
        return self.basis.take(self.coefficients[rows], check)

    def recurrence(self, most: int, *, reduced: bool) -> Recurrence | None:
        """What a search can go on from, as it is by now, with copies of at most so many directions.

        Parameters
        ----------
        most : int
        reduced : bool
            Whether the outermost Ritz vectors stand for all directions where these are more.

        Returns
        -------
        None where there are more, in the midst of a restart, and when the basis is used up.
        """
        return self.run.recurrence(most, reduced=reduced)

    def known_opposite(self, end: End, most: int) -> Tensor:
        """Places among `others` of pairs at the other end that are well known, the outermost first."""
        if end == "magnitude":
            return torch.empty(0, dtype=torch.int64)
        known = self.other_estimates <= NEAR * self.others.abs()
        apart = outwardness(self.others, end) < 0
        places = (known & apart).nonzero().reshape(-1)
        return places[self.others[places].abs().argsort(descending=True)][:most]

    def converged(self, relative: float) -> bool:
        """Whether all are there, and every estimate is below `relative` times its eigenvalue.

        Or below the rounding of the largest.
        """
        if len(self.values) < self.wanted:
            return False
        every = torch.cat([self.values, self.others]).abs()
        floor = ROUNDING * float(every.max())
        return bool((self.estimates <= torch.clamp(relative * self.values.abs(), min=floor)).all())


def ritz_pairs(
    product: Product,
    size: int,
    wanted: int,
    steps: int,
    deflated: Tensor,
    seed: int,
    check: Check = never,
    *,
    end: End = "magnitude",
    room: Room | None = None,
    begun: Recurrence | None = None,
) -> Iterator[RitzPairs]:
    """Grow a Krylov basis and yield the outermost pairs every few steps, until `steps` or the whole space.

    At first fewer than `wanted`.

    Parameters
    ----------
    product : Product
        One call a step.
    size : int
        n, the length of a vector. Memory: 4 · n for every direction that is held at once, at most half of what is free.
    wanted : int
        How many of the outermost pairs.
    steps : int
        At most so many products.
    deflated : (d, n) Tensor
        Orthonormal rows to stay away from, none for d = 0.
    seed : int
        Of the random start.
    check : Check
        Called between the products as well; may raise.
    end : End
        Where the outermost are looked for.
    room : Room, optional
        Directions that are held at once; None: what memory allows.
    begun : Recurrence, optional
        Of a search with the same arguments, of fewer than `steps` products, to go on from.
    """
    steps = min(steps, size - len(deflated))
    run = _Run(product, size, wanted, deflated, seed, check, end, room or room_for(size, wanted, steps), begun)
    for step in range(run.products + 1, steps + 1):
        whole = step == size - len(deflated)
        run.step()
        if step == steps or step % (CHECK_EVERY if step < 2 * wanted else CHECK_OFTEN) == 0:
            yield run.pairs(step, whole=whole)
        if step < steps:
            run.advance()


class _Run:
    """The recurrence: orthonormal directions, and the operator between them as an arrow and three diagonals."""

    def __init__(
        self, product: Product, size: int, wanted: int, deflated: Tensor, seed: int, check: Check, end: End,
        room: Room, begun: Recurrence | None,
    ) -> None:  # fmt: skip
        self._product, self._size, self._wanted, self._deflated = product, size, wanted, deflated
        self._check, self._end = check, end
        self._generator = torch.Generator().manual_seed(seed)
        first, held = wanted if end == "magnitude" else 2 * wanted, 0 if begun is None else len(begun.projected)
        room = Room(max(room.rows, held + 1), room.in_file)
        self._basis = Basis(size, room, first)
        self._small = torch.zeros(room.rows, room.rows, dtype=torch.float64)
        self._scale = self._length = 0.0
        self._rest = torch.empty(0)
        self._draws = self.products = 0
        self._awaited = True  # the last row is the next direction, still to be multiplied
        self.sound = True  # the directions are what they were, and not half replaced
        if begun is not None:
            self._take_up(begun)
        if len(self._basis) == held:
            self._basis.make_room(held + 1)
            self._basis.append(self._fresh())

    def _take_up(self, begun: Recurrence) -> None:
        held, self.products = len(begun.projected), begun.products
        for row in begun.directions:
            self._basis.make_room(held + 1)
            self._basis.append(row)
        self._small[:held, :held] = begun.projected
        self._small[:held, held] = self._small[held, :held] = begun.coupling
        self._scale = float(torch.linalg.vector_norm(self._small[: held + 1, :held], dim=0).max())
        for _ in range(begun.draws):
            self._drawn()

    def step(self) -> None:
        """One product, with the newest direction."""
        index = len(self._basis) - 1
        row = self._basis[index]
        image = self._product(row)
        if len(self._deflated):
            image = orthogonalise(image, self._deflated, self._check)
        self._scale = max(self._scale, norm(image))
        rest, own = self._basis.next_from(image, self._small[: index + 1, index].clone(), self._check)
        if len(self._deflated):
            rest = orthogonalise(rest, self._deflated, self._check)
        self._small[index, index] = own
        self._length = norm(rest)
        if self._length <= INVARIANT * self._scale:
            self._length = 0.0
        self._rest = rest
        self._awaited = False
        self.products += 1

    def advance(self) -> None:
        """Take up the next direction, after a restart if the room is full."""
        if not self._basis.make_room(self._wanted + 2):
            self._restart()
        index = len(self._basis)
        if self._length:
            self._basis.append(self._rest / self._length)
            if not self._coupled:
                self._small[index - 1, index] = self._small[index, index - 1] = self._length
        else:
            self._basis.append(self._fresh())
        self._coupled = False
        self._awaited = True

    def recurrence(self, most: int, *, reduced: bool) -> Recurrence | None:
        """See `RitzPairs.recurrence`."""
        held = len(self._basis) - (1 if self._awaited else 0)
        if not self.sound or held < 1:
            return None
        small, coupling = self._small[:held, :held].clone(), torch.zeros(held, dtype=torch.float64)
        if self._awaited:
            coupling, following = self._small[:held, held].clone(), self._basis[held][None]
        else:
            coupling[-1] = self._length
            following = self._rest[None] / self._length if self._length else torch.empty(0, self._size)
        if held < most:
            directions = self._basis.first(held, following)
        elif reduced and most > self._wanted + 1:
            values, columns = torch.linalg.eigh(small)
            chosen = columns[:, self._outermost(values, min(most - 1, held))]
            directions = torch.cat([self._basis.combination(chosen.T.contiguous()), following])
            small = chosen.T @ small @ chosen
            coupling = coupling @ chosen
        else:
            return None
        return Recurrence(
            directions=directions,
            projected=small,
            coupling=coupling,
            products=self.products,
            draws=self._draws,
        )

    def pairs(self, products: int, *, whole: bool) -> RitzPairs:
        values, columns = self._ritz()
        order = outwardness(values, self._end).argsort(descending=True, stable=True)
        values, columns = values[order], columns[:, order]
        estimates = torch.zeros_like(values) if whole else (self._length * columns[-1]).abs()
        cut = min(self._wanted, len(values))
        return RitzPairs(
            values=values[:cut],
            estimates=estimates[:cut],
            others=values[cut:],
            other_estimates=estimates[cut:],
            coefficients=columns.T.contiguous(),
            basis=self._basis,
            run=self,
            products=products,
            wanted=self._wanted,
            spans_everything=whole,
        )

    _coupled = False  # the next direction's row of the projected operator is filled in by the restart

    def _restart(self) -> None:
        """Keep the outermost Ritz vectors and what couples them to the next direction."""
        values, columns = self._ritz()
        held = len(values)
        spare = max(1, (held - self._wanted) // 2)
        keep = max(1, min(self._wanted + spare, held - 2))
        chosen = self._outermost(values, keep)
        self.sound = False
        self._basis.compress(columns[:, chosen].T.contiguous(), self._check)
        self._small.zero_()
        self._small[:keep, :keep] = torch.diag(values[chosen])
        coupling = self._length * columns[-1, chosen]
        self._small[:keep, keep] = coupling
        self._small[keep, :keep] = coupling
        self._coupled = self.sound = True

    def _outermost(self, values: Tensor, count: int) -> Tensor:
        """Places of the Ritz values that are worth most to a search that goes on with so many."""
        order = outwardness(values, self._end).argsort(descending=True, stable=True)
        # of a signed end the rest by magnitude: what is large at the other end would only come back
        rest = order[self._wanted :]
        rest = rest[values[rest].abs().argsort(descending=True, stable=True)]
        return torch.cat([order[: self._wanted], rest])[:count]

    def _ritz(self) -> tuple[Tensor, Tensor]:
        held = len(self._basis)
        values, columns = torch.linalg.eigh(self._small[:held, :held])
        return values, columns

    def _fresh(self) -> Tensor:
        """A random unit vector orthogonal to all that is known."""
        for _ in range(5):
            vector = self._drawn()
            for _ in range(2):
                vector = orthogonalise(vector, self._deflated, self._check)
                if len(self._basis):
                    vector, _ = self._basis.project_out(vector, self._check)
            length = norm(vector)
            if length > 1e-3:  # a random vector has length √n; the rest of it may be short, but not rounding
                return vector / length
        raise NumericalFailure("No direction is left that is orthogonal to the known ones. Ask for fewer eigenvalues.")

    def _drawn(self) -> Tensor:
        self._draws += 1
        return torch.randn(self._size, generator=self._generator)


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
