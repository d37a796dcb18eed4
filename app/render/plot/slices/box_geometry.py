"""How a box in a slice moves and changes size: pure geometry, without a window."""

from dataclasses import dataclass

from core.corrections.correction import Box, Correction

SMALLEST_SHARE = 1e-3  # of the range: a box is not made narrower by hand, or it could not be seen
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
    """The rectangle that a box stays in: nothing is known beyond the two ranges."""

    low: Pair
    high: Pair

    @classmethod
    def of(cls, correction: Correction) -> "Limits":
        """The ranges of the two free features."""
        x, y = correction.request.free
        return cls((x.low, y.low), (x.high, y.high))

    @property
    def extent(self) -> Pair:
        """Width of the two ranges."""
        return self.high[0] - self.low[0], self.high[1] - self.low[1]


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
        low, high = limits.low[axis] + half, limits.high[axis] - half
        return (min(max(centre + by, low), high) if low <= high else centre), half
    if edge == 0 or by == 0:
        return centre, half
    smallest = min(SMALLEST_SHARE * limits.extent[axis], 2 * half)
    fixed = centre - edge * half  # the opposite edge
    limit = limits.high[axis] if edge > 0 else limits.low[axis]
    width = min(max(2 * half + edge * by, smallest), max(edge * (limit - fixed), smallest))
    return fixed + edge * width / 2, width / 2
