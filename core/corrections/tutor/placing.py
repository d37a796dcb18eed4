"""A drawing some of whose points may move, and what the recogniser is fed wherever they are.

The lines of a drawing are sorted along a curve through the paper (see `strokes`), so a point that moves changes not
only four numbers of the input but now and then the order of all lines. Within a box of placements the order is the same
or it is not, and then the box is cut until it is: what is proved of every part is proved of what the network really
sees.
"""

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.corrections.subspace import Subspace
from core.data.drawings.strokes import EMPTY, FIELDS, LARGEST, SIDE, SLOTS, FloatArray, Strokes, line_count, line_slots
from core.errors import InvalidRequest

IntArray = npt.NDArray[np.int64]
End = int  # of a line: a number of a free point from 0, or −1 less the number of a fixed one
Spot = tuple[int, int]  # stroke and point of a drawing
MOST_FREE = 5  # points, two numbers each: what a search goes through


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Placing:
    """A drawing and its free points. A placement is (k,): x and y of the first free point, of the second one, …

    Placements are whole pixels from 0 to 255, as drawings are before they are fed to a network.
    """

    drawing: Strokes = field(repr=False)  # whole pixels
    free: tuple[Spot, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.free) <= MOST_FREE or len(set(self.free)) < len(self.free):
            raise InvalidRequest(f"1 to {MOST_FREE} points of a drawing may move at once, each named once.")
        for stroke, point in self.free:
            if not (0 <= stroke < len(self.drawing) and 0 <= point < self.drawing[stroke].shape[1]):
                raise InvalidRequest(f"The drawing has no point {point} in a stroke {stroke}.")
            if self.drawing[stroke].shape[1] < 2:
                raise InvalidRequest("A stroke of a single point has no lines. Choose another stroke.")
        if line_count(self.drawing) > SLOTS:
            raise InvalidRequest(f"The drawing has more than {SLOTS} lines. Take some strokes away.")
        if any((stroke != np.round(stroke)).any() or not _on_paper(stroke) for stroke in self.drawing):
            raise InvalidRequest("The points of a drawing are whole pixels from 0 to 255.")

    @property
    def handles(self) -> int:
        """k, two for each free point."""
        return 2 * len(self.free)

    @cached_property
    def start(self) -> FloatArray:
        """(k,), where the free points are now."""
        return np.concatenate([self.drawing[stroke][:, point] for stroke, point in self.free])

    def at(self, placement: FloatArray) -> Strokes:
        """The drawing with its free points at a placement (k,)."""
        moved = [stroke.copy() for stroke in self.drawing]
        for place, (stroke, point) in enumerate(self.free):
            moved[stroke][:, point] = placement[2 * place : 2 * place + 2]
        return tuple(moved)

    def slots(self, placement: FloatArray) -> npt.NDArray[np.float32]:
        """(4, 128), what the recogniser is fed there."""
        return line_slots(self.at(placement))

    def order(self, low: FloatArray, high: FloatArray) -> Order | Cut:
        """The one order that the lines have at all placements of a box (k,), or where to cut it.

        A box of a single placement always has one.
        """
        ranges = _Ranges(self, low, high)
        return ranges.cut or ranges.order()

    @cached_property
    def present(self) -> Order:
        """The order of the lines as they are now."""
        ranges = _Ranges(self, self.start, self.start)
        return ranges.order()

    def one_order(self, reach: int) -> tuple[FloatArray, FloatArray]:
        """A box around the present placement, of so many pixels at most, in which the lines have one order.

        Each side in turn goes on by a pixel as long as it can.
        """
        low, high = self.start.copy(), self.start.copy()
        for _, handle, side in itertools.product(range(reach), range(self.handles), (-1, 1)):
            ends = (low, high)[side > 0]
            ends[handle] += side
            if not 0 <= ends[handle] <= LARGEST or isinstance(self.order(low, high), Cut):
                ends[handle] -= side
        return low, high

    def subspace(self, order: Order) -> Subspace:
        """The input (512,) as a linear function of the placement, while the lines have this order."""
        base = np.full((FIELDS, SLOTS), EMPTY)
        directions = np.zeros((FIELDS, SLOTS, self.handles))
        for slot, (line, turned) in enumerate(zip(order.lines, order.turned, strict=True)):
            ends = self.ends[line][::-1] if turned else self.ends[line]
            for side, end in enumerate(ends):
                for axis in (0, 1):
                    if end >= 0:
                        base[2 * side + axis, slot] = 0.0
                        directions[2 * side + axis, slot, 2 * end + axis] = 1.0
                    else:
                        base[2 * side + axis, slot] = self.fixed[-1 - end, axis]
        return Subspace(base=base.reshape(-1), directions=directions.reshape(-1, self.handles))

    @cached_property
    def fixed(self) -> FloatArray:
        """(m, 2), every point of the drawing, one after the other."""
        return np.concatenate([stroke.T for stroke in self.drawing])

    @cached_property
    def ends(self) -> tuple[tuple[End, End], ...]:
        """Both ends of every line, in the order of drawing."""
        number = {spot: place for place, spot in enumerate(self.free)}
        found: list[tuple[End, End]] = []
        seen = 0
        for place, stroke in enumerate(self.drawing):
            points = [number.get((place, point), -1 - (seen + point)) for point in range(stroke.shape[1])]
            found += itertools.pairwise(points)
            seen += stroke.shape[1]
        return tuple(found)


class _Ranges:
    """Where the ends of all lines may lie while a placement goes through a box, and what that says of their order."""

    def __init__(self, placing: Placing, low: FloatArray, high: FloatArray) -> None:
        self._free = len(placing.free)
        # Free points first, then all others: rows of x low, y low, x high, y high.
        free = np.concatenate([low.reshape(-1, 2), high.reshape(-1, 2)], axis=1)
        self._boxes = np.concatenate([free, np.tile(placing.fixed, 2)]).astype(np.int64)
        ends = np.array(placing.ends)
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


def _on_paper(points: FloatArray) -> bool:
    return bool(((points >= 0) & (points <= LARGEST)).all())
