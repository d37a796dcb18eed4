"""Proofs that every placement in a box is recognised, whatever the order of its lines: part by part, each in its own.

Placements are whole pixels, so that is what is proved; and since strokes are rounded to pixels before they are fed to a
network, it holds for every placement that is rounded into the box as well.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Answer, Proof, Unknown, prove_boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.tutor.ordering import Cut, Order
from core.corrections.tutor.placing import Placing
from core.data.drawings.strokes import FloatArray
from core.job import JobContext

MOST_PARTS = 400  # of a box, each with one order
KEPT = 64  # restrictions of the network to one order


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A box of placements with one order."""

    order: Order = field(repr=False)
    low: FloatArray
    high: FloatArray


class PlacementProver:
    """Proves boxes of placements of one drawing for one network and goal."""

    def __init__(self, network: PiecewiseLinear, goal: Goal, placing: Placing) -> None:
        self._network, self._placing = network, placing
        self._rows = Rows.of(goal, network.classes)
        self._kept: OrderedDict[Order, Restriction] = OrderedDict()
        self.lattice = Lattice.from_zero(np.ones(placing.handles))

    def prove(self, low: FloatArray, high: FloatArray, job: JobContext, max_boxes: int) -> Answer:
        """Whether every placement from `low` to `high` (k,) is recognised.

        Parameters
        ----------
        max_boxes : int
            Budget of the bounds, over all parts.
        """
        seen = 0
        parts = self.parts(low, high, job)
        if parts is None:
            return Unknown(boxes=0)
        by_order: dict[Order, list[Part]] = {}
        for part in parts:
            by_order.setdefault(part.order, []).append(part)
        for order, same in by_order.items():
            lows, highs = np.stack([part.low for part in same]), np.stack([part.high for part in same])
            answer = prove_boxes(
                self.restriction(order), self._rows, lows, highs, job, max_boxes - seen, lattice=self.lattice
            )
            seen += answer.boxes
            if not isinstance(answer, Proof):
                return answer
        return Proof(boxes=seen)

    def parts(self, low: FloatArray, high: FloatArray, job: JobContext, most: int = MOST_PARTS) -> list[Part] | None:
        """The box cut into parts of one order each; None if there are too many."""
        waiting, found = [(low, high)], []
        while waiting:
            job.check()
            low, high = waiting.pop()
            order = self._placing.order(low, high)
            if isinstance(order, Order):
                found.append(Part(order=order, low=low, high=high))
            else:
                waiting += _halves(low, high, order)
            if len(found) + len(waiting) > most:
                return None
        return found

    def leads(self, placements: FloatArray) -> FloatArray:
        """By how much each placement (n, k) is recognised; not positive where it is not."""
        inputs = np.stack([self._placing.slots(one).reshape(-1) for one in np.round(placements)])
        return self._rows.leads(self._network.forward(inputs.astype(np.float64)))

    def any_restriction(self) -> Restriction:
        """In the order of the present placement; for what is the same in every order, such as the number of handles."""
        return self.restriction(self._placing.present)

    def restriction(self, order: Order) -> Restriction:
        """The network as a function of the placement, while the lines have this order."""
        if order in self._kept:
            self._kept.move_to_end(order)
            return self._kept[order]
        subspace = self._placing.subspace(order)
        some = next(iter(self._kept.values()), None)
        made = Restriction.of(self._network, subspace) if some is None else some.elsewhere(self._network, subspace)
        self._kept[order] = made
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made


def _halves(low: FloatArray, high: FloatArray, cut: Cut) -> list[tuple[FloatArray, FloatArray]]:
    left_high, right_low = high.copy(), low.copy()
    left_high[cut.handle], right_low[cut.handle] = cut.below, cut.below + 1
    return [(low, left_high), (right_low, high)]
