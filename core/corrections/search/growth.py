"""The largest box of accepted points that can be proved, grown slab by slab from a smaller one.

Every slab that is added is proved on its own, so the box is proved at every moment, and the growth can be stopped at
any. It ends when no side can go on by its smallest step: the box is maximal up to that, not the largest of all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Answer, Counterexample, Proof, prove_boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
Prover = Callable[[FloatArray, FloatArray, JobContext, int], Answer]
SMALLEST_STEP = 1 / 256  # share of the range of a handle
SLAB_BUDGET = 600  # boxes; a slab that needs more is tried again with half its thickness
BESIDE = 0.9  # of the way to a known counterexample a slab may go


@dataclass(frozen=True, kw_only=True, eq=False)
class ProvedBox:
    """A box all of whose points are proved to be accepted; on a lattice, all of its allowed values."""

    low: FloatArray = field(repr=False)  # (k,)
    high: FloatArray = field(repr=False)  # (k,)
    proofs: int  # slabs that were proved and added so far
    finished: bool  # no side can go on by its smallest step


def grown_box(
    network: Restriction,
    goal: Goal,
    low: FloatArray,
    high: FloatArray,
    ranges: tuple[FloatArray, FloatArray],
    job: JobContext,
    *,
    lane: int = 0,
    lattice: Lattice | None = None,
    weights: FloatArray | None = None,
    smallest: float = SMALLEST_STEP,
    prove: Prover | None = None,
) -> Iterator[ProvedBox]:
    """Grow a box that is proved, and yield it again whenever it has become larger.

    Parameters
    ----------
    low, high : (k,) arrays
        Of a box that is proved already, such as the one around the nearest stable correction.
    ranges : lowest and highest values (k,)
        Beyond which no side goes.
    weights : (k,) array, optional
        What a unit of each handle is worth; the side that would gain most is tried first. One over the range if not
        given.
    prove : callable, optional
        Proves a slab from lowest and highest values (k,) within a budget of boxes. By the bounds of `network` if not
        given; another one where the network differs from place to place.

    Raises
    ------
    InvalidRequest
        If the box does not lie within the ranges, or the network cannot reach the goal.
    """
    allowed = lattice or Lattice.free(network.handles)
    if not ((ranges[0] <= low) & (low <= high) & (high <= ranges[1])).all():
        raise InvalidRequest("A box can only grow within its ranges, and it begins outside of them.")
    rows = Rows.of(goal, network.outputs)

    def by_bounds(low: FloatArray, high: FloatArray, job: JobContext, budget: int) -> Answer:
        return prove_boxes(network, rows, low[None], high[None], job, budget, lane, allowed)

    growth = _Growth(network.handles, np.stack([low, high]), np.stack(ranges), allowed, prove or by_bounds)
    extent = np.maximum(ranges[1] - ranges[0], np.finfo(np.float64).tiny)
    worth = 1.0 / extent if weights is None else weights
    least = np.maximum(smallest * extent, allowed.steps)
    while True:
        job.check()
        gains = np.where(growth.steps >= least * (1 - 1e-9), growth.steps * worth, 0.0)
        side, handle = np.unravel_index(int(gains.argmax()), gains.shape)
        if gains[side, handle] <= 0:
            break
        if growth.tried(int(side), int(handle), job):
            job.partial(growth.box(finished=False))
            yield growth.box(finished=False)
    job.partial(growth.box(finished=True))
    yield growth.box(finished=True)


class _Growth:
    """A box, how far each of its 2 k sides is to go next, and the rejected points that were met."""

    def __init__(self, handles: int, ends: FloatArray, ranges: FloatArray, lattice: Lattice, prove: Prover) -> None:
        self._handles = handles
        self._prove = prove
        self._ends = ends.copy()  # (2, k), low and high
        self._ranges = ranges
        self._lattice = lattice
        self._rejected = np.zeros((0, handles))
        self._proofs = 0
        self.steps = self._left() / 2  # (2, k)
        self._shorten()

    def box(self, *, finished: bool) -> ProvedBox:
        """As it is now."""
        low, high = self._ends.copy()
        return ProvedBox(low=low, high=high, proofs=self._proofs, finished=finished)

    def tried(self, side: int, handle: int, job: JobContext) -> bool:
        """Add a slab if it can be proved; otherwise its next one is thinner."""
        sign = 1.0 if side else -1.0
        face = self._ends[side, handle]
        end = face + sign * self.steps[side, handle]
        step = self._lattice.steps[handle]
        if step:
            end = face + sign * max(1.0, np.floor(self.steps[side, handle] / step + 1e-9)) * step
        end = float(np.clip(end, *self._ranges[:, handle]))
        slab = self._ends.copy()
        slab[1 - side, handle], slab[side, handle] = face, end
        answer = self._prove(slab[0], slab[1], job, SLAB_BUDGET)
        proved = isinstance(answer, Proof)
        if proved:
            self._ends[side, handle] = end
            self._proofs += 1
            self.steps[side, handle] = min(2 * self.steps[side, handle], self._left()[side, handle])
        else:
            self.steps[side, handle] = abs(end - face) / 2
        if isinstance(answer, Counterexample):
            self._rejected = np.concatenate([self._rejected, [answer.point]])
        self._shorten()
        return proved

    def _left(self) -> FloatArray:
        """(2, k), how far each side is from the end of its range."""
        left = np.stack([self._ends[0] - self._ranges[0], self._ranges[1] - self._ends[1]])
        return np.asarray(np.maximum(left, 0.0))

    def _shorten(self) -> None:
        """No step reaches a point that is known to be rejected and lies straight before its side."""
        inside = (self._rejected >= self._ends[0]) & (self._rejected <= self._ends[1])
        for handle in range(self._handles):
            others = np.delete(inside, handle, axis=1).all(axis=1)
            for side, sign in ((0, -1.0), (1, 1.0)):
                before = sign * (self._rejected[others, handle] - self._ends[side, handle])
                nearest = before[before >= 0].min(initial=np.inf)
                step = self._lattice.steps[handle]
                most = nearest - step if step else BESIDE * nearest
                self.steps[side, handle] = max(0.0, min(self.steps[side, handle], most))
