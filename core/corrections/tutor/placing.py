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

from core.corrections.records.subspace import Subspace
from core.corrections.tutor.ordering import Cut, End, Order, Ordering
from core.data.drawings.strokes import EMPTY, FIELDS, LARGEST, SLOTS, FloatArray, Strokes, line_count, line_slots
from core.errors import InvalidRequest

Spot = tuple[int, int]  # stroke and point of a drawing
MOST_FREE = 5  # points, two numbers each: what a search goes through


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
        ordering = Ordering(self.ends, self.fixed, low, high)
        return ordering.cut or ordering.order()

    @cached_property
    def present(self) -> Order:
        """The order of the lines as they are now."""
        return Ordering(self.ends, self.fixed, self.start, self.start).order()

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


def _on_paper(points: FloatArray) -> bool:
    return bool(((points >= 0) & (points <= LARGEST)).all())
