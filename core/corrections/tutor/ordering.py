"""The order in which lines are fed while some of their ends move: the same over a box of placements, or a cut of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.drawings.strokes import SIDE, FloatArray

IntArray = npt.NDArray[np.int64]
End = int  # of a line: a number of a free point from 0, or −1 less the number of a fixed one


@dataclass(frozen=True)
class Order:
    """Which line lies in which slot, and which of its ends comes first."""

    lines: tuple[int, ...]
    turned: tuple[bool, ...]  # of each slot: whether the line's second end is its first


@dataclass(frozen=True)
class Cut:
    """Where a box has to be cut before the order of its lines is one: ≤ `below` and ≥ `below` + 1."""

    handle: int
    below: float


class Ordering:
    """Where the ends of all lines may lie while a placement goes through a box, and what that says of their order.

    Parameters
    ----------
    lines : of two ends each
    points : (m, 2)
        Every point of the drawing, free or not.
    low, high : (k,)
        Of the placement.
    """

    def __init__(
        self, lines: tuple[tuple[End, End], ...], points: FloatArray, low: FloatArray, high: FloatArray
    ) -> None:
        self._free = len(low) // 2
        # Free points first, then all others: rows of x low, y low, x high, y high.
        free = np.concatenate([low.reshape(-1, 2), high.reshape(-1, 2)], axis=1)
        self._boxes = np.concatenate([free, np.tile(points, 2)]).astype(np.int64)
        ends = np.array(lines)
        self._ends = np.where(ends >= 0, ends, self._free - 1 - ends)  # (lines, 2) rows of `_boxes`
        self._turned = np.zeros(len(ends), dtype=bool)
        self.cut = self._orient()
        if self.cut is None:
            ordered = np.where(self._turned[:, None], self._ends[:, ::-1], self._ends)
            self._first, self._second = ordered.T
            lowest, highest = _along_curve(self._boxes)
            self._keys = [(lowest[rows], highest[rows]) for rows in (self._first, self._second)]
            self.cut = self._settle()

    def order(self) -> Order:
        """The order; asked for only where nothing has to be cut."""
        lines = np.lexsort((self._keys[1][0], self._keys[0][0]))
        return Order(tuple(lines.tolist()), tuple(self._turned[lines].tolist()))

    def _orient(self) -> Cut | None:
        """Which end of each line comes first: the left one, or of two above one another the upper one."""
        one, other = self._boxes[self._ends[:, 0]], self._boxes[self._ends[:, 1]]
        right, left = one[:, 0] > other[:, 2], one[:, 2] < other[:, 0]
        level = (one[:, 0] == one[:, 2]) & (other[:, 0] == other[:, 2]) & (one[:, 0] == other[:, 0])
        lower, not_lower = one[:, 1] > other[:, 3], one[:, 3] <= other[:, 1]
        self._turned = right | (level & lower)
        for axis, open_ones in ((0, ~right & ~left & ~level), (1, level & ~lower & ~not_lower)):
            if open_ones.any():
                one, other = self._ends[int(np.flatnonzero(open_ones)[0])].tolist()
                return self._cut_between(one, other, axis)
        return None

    def _cut_between(self, one: int, other: int, axis: int) -> Cut:
        """Two ends whose ranges overlap: cut where the other begins or ends, or in the middle of the wider one."""
        sides = self._boxes[[one, other]][:, [axis, 2 + axis]]
        wide = int((sides[:, 1] - sides[:, 0]).argmax())
        (low, high), against = sides[wide], sides[1 - wide]
        below = int(against[1]) if low <= against[1] < high else int(against[0]) - 1
        if not low <= below < high:
            below = int(low + high) // 2
        return Cut(2 * (one, other)[wide] + axis, float(below))

    def _settle(self) -> Cut | None:
        """Compare every line that moves with all others."""
        (low_1, high_1), (low_2, high_2) = self._keys
        for line in np.flatnonzero((self._ends < self._free).any(axis=1)).tolist():
            apart = (high_1[line] < low_1) | (low_1[line] > high_1)
            same = self._same(self._first, line, low_1, high_1)
            doubtful = ~apart & ~same
            doubtful[line] = False
            if doubtful.any():
                return self._cut_curve(self._first[line], self._first[int(np.flatnonzero(doubtful)[0])])
            again = same & ~((high_2[line] < low_2) | (low_2[line] > high_2))
            again &= ~self._same(self._second, line, low_2, high_2)
            again[line] = False
            if again.any():
                return self._cut_curve(self._second[line], self._second[int(np.flatnonzero(again)[0])])
        return None

    def _same(self, rows: IntArray, line: int, low: IntArray, high: IntArray) -> npt.NDArray[np.bool_]:
        """Which lines have the very same end as this one wherever it is: the same point, or both fixed in one place."""
        fixed = (low == high) & (low[line] == high[line]) & (low == low[line])
        return np.asarray((rows == rows[line]) | fixed)

    def _cut_curve(self, one: int, other: int) -> Cut:
        """Cut the end with more room along the coarsest border of the quarters of quarters that it crosses."""
        room = [(self._boxes[row, 2:] - self._boxes[row, :2]).sum() for row in (one, other)]
        row = (one, other)[int(np.argmax(room))]
        half = SIDE // 2
        while half:
            for axis in (0, 1):
                low, high = self._boxes[row, axis], self._boxes[row, 2 + axis]
                if low // half != high // half:
                    return Cut(2 * row + axis, float(high // half * half - 1))
            half //= 2
        raise AssertionError("A box of a single placement has one order.")


def _along_curve(boxes: IntArray) -> tuple[IntArray, IntArray]:
    """(n,) the first and the last place on the curve that is met in boxes (n, 4): see `strokes` for the curve."""
    return _end_of_curve(boxes, 0), _end_of_curve(boxes, 3)


def _end_of_curve(boxes: IntArray, wanted: int) -> IntArray:
    """The first place, for `wanted` 0, or the last one, for 3."""
    x_low, y_low, x_high, y_high = boxes.T.copy()
    place = np.zeros(len(boxes), dtype=np.int64)
    half = SIDE // 2
    quarters = (0, 1, 2, 3) if wanted == 0 else (3, 2, 1, 0)  # upper left, lower left, lower right, upper right
    while half:
        chosen = np.full(len(boxes), -1)
        for quarter in quarters:
            right, lower = quarter in (2, 3), quarter in (1, 2)
            in_x = (x_high & half > 0) if right else (x_low & half == 0)
            in_y = (y_high & half > 0) if lower else (y_low & half == 0)
            chosen = np.where((chosen < 0) & in_x & in_y, quarter, chosen)
        # Within the quarter: what lies beyond it is cut off, and coordinates count from its own corner.
        x_low, x_high = _within(x_low, x_high, chosen >= 2, half)
        y_low, y_high = _within(y_low, y_high, (chosen == 1) | (chosen == 2), half)
        place = 4 * place + chosen
        half //= 2
    return place


def _within(low: IntArray, high: IntArray, far: npt.NDArray[np.bool_], half: int) -> tuple[IntArray, IntArray]:
    """The part of ranges below 2 · half that lies in their far or near half, counted from where it begins."""
    near_high = np.where(high & half > 0, half - 1, high)
    far_low = np.where(low & half > 0, low - half, 0)
    return np.where(far, far_low, low), np.where(far, high - half, near_high)
