"""Many inputs in one network at once: whether a box of changes is accepted for each of them, proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Counterexample, Proof, prove_boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import FAILS, HOLDS, UNDECIDED
from core.corrections.records.freedom import FreeCategory, Move
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
BUDGET = 400  # boxes that one box is divided into at most, for one input


@dataclass(frozen=True, kw_only=True, eq=False)
class Crowd:
    """n inputs of which the same k numbers may change, each at levels of its own: one lane of a network for each."""

    network: Restriction = field(repr=False)  # on k handles, or one that moves nothing where k = 0
    rows: Rows = field(repr=False)
    lattice: Lattice
    own: FloatArray = field(repr=False)  # (n, k), values of the inputs that lie beside the steps; NaN: on them

    @classmethod
    def of(
        cls,
        lowered: PiecewiseLinear,
        goal: Goal,
        inputs: FloatArray,
        moves: Sequence[Move],
        steps: FloatArray,
        categories: Sequence[FreeCategory],
        levels: IntArray,
    ) -> "Crowd":
        """From inputs (n, columns) in which categories take the levels (n, c).

        Raises
        ------
        InvalidRequest
            If the inputs do not fit the network, or it cannot reach the goal.
        """
        bases = inputs.copy()
        directions = np.zeros((inputs.shape[1], max(1, len(moves))))
        for place, move in enumerate(moves):
            columns = list(move.columns)
            directions[columns, place] = move.amounts if move.shifts else 1.0
            if not move.shifts:
                bases[:, columns] = 0.0
        for place, category in enumerate(categories):
            bases[:, list(category.columns)] = np.eye(len(category.columns))[levels[:, place]]
        subspace = Subspace(base=np.zeros(inputs.shape[1]), directions=directions)
        lattice = Lattice.from_zero(steps if len(moves) else np.zeros(1))
        start = np.zeros((len(inputs), subspace.handles))
        for place, move in enumerate(moves):
            start[:, place] = 0.0 if move.shifts else inputs[:, move.columns[0]]
        return cls(
            network=Restriction.of(lowered, subspace, bases),
            rows=Rows.of(goal, lowered.classes),
            lattice=lattice,
            own=np.where(lattice.holds(start), np.nan, start),
        )

    def allowed(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The smallest and largest allowed values in boxes (m, k)."""
        return self.lattice.inward(low, high) if low.shape[1] else (low, high)

    def nearest(self, points: FloatArray) -> FloatArray:
        """The allowed points next to points (m, k)."""
        return self.lattice.nearest(points) if points.shape[1] else points

    def leads(self, points: FloatArray, which: IntArray, job: JobContext) -> FloatArray:
        """By how much the goal is reached (m,) at points (m, k) of these inputs (m,)."""
        batch = 16 * boxes_at_a_time(self.network)
        found = [np.zeros(0)]
        for begin in range(0, len(which), batch):
            job.check()
            part = slice(begin, begin + batch)
            found.append(self.rows.leads(self.network.at(self._points(points[part]), which[part])))
        return np.concatenate(found)

    def judged(self, low: FloatArray, high: FloatArray, which: IntArray, job: JobContext) -> Flags:
        """Whether boxes from low to high (m, k) are accepted as a whole, each for its own input (m,).

        Returns
        -------
        (m,) array
            ``HOLDS``: proved, by outward-rounded bounds, for all values or, on steps, for all allowed ones and the
            input's own. ``FAILS``: the network rejects a point of it. ``UNDECIDED``: neither within the budget.
        """
        answers = np.full(len(which), HOLDS, np.uint8)
        for places, flags in self.judged_in_parts(low, high, which, job):
            answers[places] = np.where(flags == HOLDS, answers[places], flags)
        return answers

    def judged_in_parts(
        self, low: FloatArray, high: FloatArray, which: IntArray, job: JobContext
    ) -> Iterator[tuple[IntArray, Flags]]:
        """The same, some boxes after the others, so that one may stop at the first that fails.

        A box comes again for values of its input beside the steps: it holds if it does so every time.
        """
        low, high = self._points(low), self._points(high)
        # Ends that crossed by a rounding hold what lies between them.
        low, high, of = self._with_own_values(np.minimum(low, high), np.maximum(low, high), which)
        low, high = self.lattice.of_boxes(low, high)
        batch, lanes = boxes_at_a_time(self.network), which[of]
        for begin in range(0, len(of), batch):
            job.check()
            places = np.arange(begin, min(begin + batch, len(of)))
            boxes = Boxes.between(low[places], high[places], lanes[places])
            proved = self.rows.of_rows(self.rows.below(self.network, boxes).lowest()) > 0
            yield of[places[proved]], np.full(int(proved.sum()), HOLDS, np.uint8)
            for place in places[~proved]:
                flag = self._divided(low[place], high[place], int(lanes[place]), job)
                yield of[[place]], np.array([flag], np.uint8)

    def _with_own_values(
        self, low: FloatArray, high: FloatArray, which: IntArray
    ) -> tuple[FloatArray, FloatArray, npt.NDArray[np.intp]]:
        """Boxes (m, k) and those of their parts that keep a value beside the steps; and which box each is of."""
        of = np.arange(len(which))
        for handle in np.flatnonzero(~np.isnan(self.own).all(axis=0)):
            own = self.own[which[of], handle]
            kept = np.flatnonzero((low[:, handle] <= own) & (own <= high[:, handle]))
            low, high, of = (np.concatenate([part, part[kept]]) for part in (low, high, of))
            low[len(low) - len(kept) :, handle] = high[len(low) - len(kept) :, handle] = own[kept]
        return low, high, of

    def _divided(self, low: FloatArray, high: FloatArray, which: int, job: JobContext) -> int:
        """By dividing the box."""
        answer = prove_boxes(self.network, self.rows, low[None], high[None], job, BUDGET, which, self.lattice)
        if isinstance(answer, Proof):
            return HOLDS
        return FAILS if isinstance(answer, Counterexample) else UNDECIDED

    def _points(self, points: FloatArray) -> FloatArray:
        """Of handles; a single one at zero where no number may change."""
        return points if points.shape[1] else np.zeros((len(points), 1))
