"""How a box in a slice moves and changes size: pure geometry, without a window.

Where a feature goes in steps, so does the box: its middle is put on a whole step, unless its edges were on whole steps
and stay there, and an edge that is held goes from step to step.
"""

import math
from dataclasses import dataclass

from core.corrections.records.correction import Box, Correction

SMALLEST_SHARE = 1e-3  # of the range: a box is not made narrower by hand, or it could not be seen
NEARLY = 1e-9  # of a step, by which a value may miss it and still count as on it
Pair = tuple[float, float]


@dataclass(frozen=True)
class Grip:
    """Where a box is held: −1, 0, 1 for the low edge, no edge, the high edge of x and of y."""

    x: int
    y: int

    @property
    def is_body(self) -> bool:
        """Held in the middle: the box moves as a whole."""
        return self.x == self.y == 0


BODY = Grip(0, 0)
HANDLES = tuple(Grip(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0))


@dataclass(frozen=True)
class Limits:
    """The rectangle that a box stays in, for nothing is known beyond the two ranges, and the steps it goes in."""

    low: Pair
    high: Pair
    steps: Pair = (0.0, 0.0)  # 0: to any place

    @classmethod
    def of(cls, correction: Correction) -> "Limits":
        """The ranges of the two free features."""
        x, y = correction.request.free
        return cls((x.low, y.low), (x.high, y.high), correction.request.steps)

    @property
    def extent(self) -> Pair:
        """Width of the two ranges."""
        return self.high[0] - self.low[0], self.high[1] - self.low[1]

    def nudge(self, axis: int, share: float) -> float:
        """A small way along an axis, as a share of its range: a whole number of steps, and one at least."""
        way, step = share * self.extent[axis], self.steps[axis]
        return max(1, round(way / step)) * step if step else way

    def placed(self, axis: int, centre: float, half_width: float, held: float) -> float:
        """Where a box may have its middle next to `centre`; `held` is where it has had it."""
        low, high = self.low[axis] + half_width, self.high[axis] - half_width
        if low > high:
            return held
        step = self.steps[axis]
        if not step:
            return min(max(centre, low), high)
        edges = not _whole(held / step) and _whole((held - half_width) / step)
        offset = half_width % step if edges else 0.0
        first, last = math.ceil((low - offset) / step - NEARLY), math.floor((high - offset) / step + NEARLY)
        if first > last:
            return held
        return min(max(round((centre - offset) / step), first), last) * step + offset


def dragged(box: Box, grip: Grip, by: Pair, limits: Limits) -> Box:
    """The box after a drag of the grip by that much, in the user's units; its proof is open again.

    The body moves the centre. A handle moves its edges and leaves the opposite ones where they are. The box stays
    inside the limits and keeps a little width.
    """
    x = _dragged_axis(box, 0, grip.x, grip, by[0], limits)
    y = _dragged_axis(box, 1, grip.y, grip, by[1], limits)
    return Box(centre=(x[0], y[0]), half_width=(x[1], y[1]))


def widened(box: Box, by: Pair, limits: Limits) -> Box:
    """The box with larger or, for negative numbers, smaller half-widths about the same centre."""
    centre, half = [], []
    for axis in (0, 1):
        smallest = min(SMALLEST_SHARE * limits.extent[axis] / 2, box.half_width[axis])
        room = min(box.centre[axis] - limits.low[axis], limits.high[axis] - box.centre[axis])
        wanted = max(box.half_width[axis] + by[axis], smallest)
        centre.append(box.centre[axis])
        half.append(min(wanted, max(room, box.half_width[axis])))
    return Box(centre=(centre[0], centre[1]), half_width=(half[0], half[1]))


def same_box(one: Box, other: Box) -> bool:
    """Whether two boxes cover the same points."""
    return one.centre == other.centre and one.half_width == other.half_width


def _dragged_axis(box: Box, axis: int, edge: int, grip: Grip, by: float, limits: Limits) -> Pair:
    """Centre and half-width along one axis."""
    centre, half = box.centre[axis], box.half_width[axis]
    if grip.is_body:
        return (limits.placed(axis, centre + by, half, centre) if by or not limits.steps[axis] else centre), half
    if edge == 0 or by == 0:
        return centre, half
    smallest = min(SMALLEST_SHARE * limits.extent[axis], 2 * half)
    fixed = centre - edge * half  # the opposite edge
    limit = limits.high[axis] if edge > 0 else limits.low[axis]
    width = min(max(2 * half + edge * by, smallest), max(edge * (limit - fixed), smallest))
    width = _to_a_step(fixed, edge, width, abs(limit - fixed), limits.steps[axis])
    return fixed + edge * width / 2, width / 2


def _to_a_step(fixed: float, edge: int, width: float, most: float, step: float) -> float:
    """The width with which the edge that is held lies on a whole step, if there is one within reach."""
    if not step:
        return width
    number = round((fixed + edge * width) / step)
    tried = [edge * (count * step - fixed) for count in (number, number + edge, number - edge)]
    return next((one for one in tried if NEARLY * step < one <= most + NEARLY * step), width)


def _whole(count: float) -> bool:
    return abs(count - round(count)) <= NEARLY * max(1.0, abs(count))
