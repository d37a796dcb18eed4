"""The rows of a goal over a box: whether all of it is accepted, or none of it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.backward import Minorant, minorant
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.records.goal import Goal

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
NUMBERS_AT_A_TIME = 250_000  # of one layer's enclosure: 2 MB stay in the cache, and a batch takes less than 100 ms


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """All rows of all alternatives of a goal, one below the other."""

    rows: FloatArray = field(repr=False)  # (r, outputs)
    offsets: FloatArray = field(repr=False)  # (r,)
    starts: IntArray = field(repr=False)  # (alternatives,), the first row of each
    doubt: float = 0.0  # by which the offsets may be off; bounds from below and from above allow for it

    @classmethod
    def of(cls, goal: Goal, outputs: int) -> "Rows":
        """Raises `InvalidRequest` if the network cannot reach the goal; see `Goal.demands`."""
        demands = goal.demands(outputs)
        lengths = [len(demand.offsets) for demand in demands]
        return cls(
            rows=np.concatenate([demand.rows for demand in demands]),
            offsets=np.concatenate([demand.offsets for demand in demands]),
            starts=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp),
            doubt=goal.doubt,
        )

    def leads(self, outputs: FloatArray) -> FloatArray:
        """By how much the goal is reached (n,) with outputs (n, outputs); see `Goal.leads`."""
        return self.of_rows(self.values(outputs))

    @property
    def ends(self) -> IntArray:
        """(alternatives,), the row after the last of each."""
        return np.append(self.starts[1:], len(self.offsets))

    def values(self, outputs: FloatArray) -> FloatArray:
        """Of every row (n, r) with outputs (n, outputs)."""
        values: FloatArray = outputs @ self.rows.T + self.offsets
        return values

    def of_alternatives(self, values: FloatArray) -> FloatArray:
        """The least row of each alternative (n, alternatives), from the values of all rows (n, r)."""
        least: FloatArray = np.minimum.reduceat(values, self.starts, axis=1)
        return least

    def of_rows(self, values: FloatArray) -> FloatArray:
        """The least row of the best alternative (n,), from the values of all rows (n, r)."""
        lead: FloatArray = self.of_alternatives(values).max(axis=1)
        return lead

    def deciding(self, values: FloatArray) -> IntArray:
        """The row (n,) that the lead is the value of, from the values of all rows (n, r)."""
        row: IntArray = (values == self.of_rows(values)[:, None]).argmax(axis=1)
        return row

    def below(self, network: Restriction, boxes: Boxes) -> Minorant:
        """Bounds of every row from below."""
        return minorant(network, boxes, self.rows, self.offsets - self.doubt)

    def above(self, network: Restriction, boxes: Boxes) -> Minorant:
        """Bounds of every row from above: of the negative rows from below."""
        return minorant(network, boxes, -self.rows, -self.offsets - self.doubt)


def boxes_at_a_time(network: Restriction) -> int:
    """How many boxes to bound together."""
    numbers = (2 * network.handles + 4) * network.widest
    return int(np.clip(NUMBERS_AT_A_TIME // numbers, 4, 512))
