"""The largest axis-parallel box of a region that contains a given one: exact, from the outline of the region alone.

A box grows to the left and to the right by l and r, and then up and down as far as the outline lets it. How far that is
falls with l and r, in pieces that are linear. Between their ends area is a product of two concave functions, and its
largest value lies on one of a few lines.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.slices.ceiling import Ceiling, ceiling_of, clipped
from core.corrections.slices.outline import segments_of
from core.corrections.slices.stability import Bounds
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
HAIRS = (1e-12, 1e-9, 1e-6)  # shares of the region's extent by which a box is drawn in, as rounding may put it outside
AT_A_TIME = 2048  # pairs of pieces whose best places are looked for
COMPARED_AT_A_TIME = 2**17  # pairs of pieces of which only the ends are looked at


def largest_box(region: shapely.MultiPolygon, inside: Bounds, job: JobContext) -> Bounds | None:
    """The box of largest area in the region that contains the box `inside`.

    Parameters
    ----------
    region : MultiPolygon
        Its outline must not cross itself.
    inside : x low, y low, x high, y high
        A box with some width and height that lies in the region.

    Returns
    -------
    tuple or None
        None if `inside` does not lie in the region after all.
    """
    x_low, y_low, x_high, y_high = inside
    if region.is_empty or not (x_low < x_high and y_low < y_high) or not shapely.covers(region, shapely.box(*inside)):
        return None
    least, most = (np.array(side) for side in (region.bounds[:2], region.bounds[2:]))
    extent = most - least
    segments = segments_of(region) / np.tile(extent, 2)
    low, high = np.array(inside[:2]) / extent, np.array(inside[2:]) / extent
    right, left = (_sideways(segments, low, high, sign, job) for sign in (1.0, -1.0))
    width, height = high - low
    l, r, up, down = _best(left, right, width, height, job)
    grown = np.array([low[0] - l, low[1] - down, high[0] + r, high[1] + up]) * np.tile(extent, 2)
    return _within(region, grown, np.array(inside), extent)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Side:
    """Pieces of how far a box may go up and down, by how far it goes to one side."""

    start: FloatArray = field(repr=False)  # (m,)
    end: FloatArray = field(repr=False)
    up: FloatArray = field(repr=False)  # (m, 2) just after the start and at the end
    down: FloatArray = field(repr=False)

    def at(self, reach: FloatArray, piece: npt.NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """How far up and down (n,) at so far to the side (n, …) within pieces (n,)."""
        length = self.end[piece] - self.start[piece]
        share = np.divide(reach - self.start[piece], length, out=np.zeros_like(reach), where=length > 0)
        up, down = self.up[piece], self.down[piece]
        return (
            up[..., 0] + share * (up[..., 1] - up[..., 0]),
            down[..., 0] + share * (down[..., 1] - down[..., 0]),
        )


def _sideways(segments: FloatArray, low: FloatArray, high: FloatArray, sign: float, job: JobContext) -> _Side:
    """The pieces for growing to the right (sign 1) or to the left (−1)."""
    reach = _reach(segments, low, high, 0, sign)
    ceilings = []
    for upward in (1.0, -1.0):
        signs = np.array([sign, upward])
        edge = signs * np.where(signs > 0, high, low)
        turned = segments * np.tile(signs, 2) - np.tile(edge, 2)
        ceilings.append(ceiling_of(turned, reach, _reach(segments, low, high, 1, upward), job))
    return _together(*ceilings)


def _reach(segments: FloatArray, low: FloatArray, high: FloatArray, axis: int, sign: float) -> float:
    """How far the box may go along one axis at all: until a segment lies before its side."""
    other = 1 - axis
    strip = clipped(segments, other, low[other], high[other], closed=False)
    edge = high[axis] if sign > 0 else -low[axis]
    away = sign * strip[:, [axis, 2 + axis]] - edge
    beyond = away.mean(axis=1) > -(high[axis] - low[axis]) / 2
    return float(max(away[beyond].min(initial=np.inf), 0.0))


def _together(up: Ceiling, down: Ceiling) -> _Side:
    """Two ceilings over the same reach, cut at the ends of the pieces of both."""
    ends = np.unique(np.concatenate([up.end, down.end]))
    start = np.concatenate([[0.0], ends[:-1]])
    return _Side(start=start, end=ends, up=up.over(start, ends), down=down.over(start, ends))


def _best(left: _Side, right: _Side, width: float, height: float, job: JobContext) -> tuple[float, float, float, float]:
    """How far to grow to the left, to the right, up and down for the largest area."""
    best, l, r, u, d = -np.inf, 0.0, 0.0, 0.0, 0.0
    pairs, bounds = [], []  # that may hold more than the best of the ends so far
    rows = max(1, COMPARED_AT_A_TIME // len(right.end))
    for begin in range(0, len(left.end), rows):
        job.check()
        wide = width + left.end[begin : begin + rows, None] + right.end
        ups, downs = (
            np.minimum(of_left[begin : begin + rows, None], of_right)
            for of_left, of_right in ((left.up, right.up), (left.down, right.down))
        )  # (rows, pieces, 2), just after the starts and at the ends
        tall = height + ups + downs
        bound, area = wide * tall[..., 0], wide * tall[..., 1]
        one, other = np.unravel_index(int(area.argmax()), area.shape)
        if area[one, other] > best:
            best, l, r = float(area[one, other]), float(left.end[begin + one]), float(right.end[other])
            u, d = float(ups[one, other, 1]), float(downs[one, other, 1])
        hopeful = np.flatnonzero(bound > best)
        pairs.append(begin * len(right.end) + hopeful)
        bounds.append(bound.ravel()[hopeful])
    places, most = np.concatenate(pairs), np.concatenate(bounds)
    places, most = places[most > best], most[most > best]
    order = np.argsort(-most)
    for begin in range(0, len(order), AT_A_TIME):
        job.check()
        some = order[begin : begin + AT_A_TIME]
        if most[some[0]] <= best:
            break
        found = _best_within(left, right, *np.divmod(places[some], len(right.end)), width, height)
        if found[0] > best:
            best, l, r, u, d = found
    return l, r, u, d


def _best_within(
    left: _Side,
    right: _Side,
    one: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
    width: float,
    height: float,
) -> tuple[float, float, float, float, float]:
    """The largest area in some pairs of pieces, and how far left, right, up and down.

    Where two linear functions are multiplied there is no largest value but on the border of where they hold: on the
    edges of the pair of pieces, or where the ceiling of the one side takes over from that of the other. Along such a
    line the product is a parabola.
    """
    low = np.stack([left.start[one], right.start[other]], axis=1)  # (n, 2), of l and r
    high = np.stack([left.end[one], right.end[other]], axis=1)

    def heights(places: FloatArray) -> FloatArray:
        """Left up, left down, right up, right down (n, 4, …) at places (n, …, 2)."""
        a, b = left.at(places[..., 0], one), right.at(places[..., 1], other)
        return np.stack([*a, *b], axis=1)

    tried = [low, high, np.stack([low[:, 0], high[:, 1]], axis=1), np.stack([high[:, 0], low[:, 1]], axis=1)]
    at_low, slopes = heights(low), np.zeros((len(low), 4))
    for axis in (0, 1):
        step = np.zeros_like(low)
        step[:, axis] = high[:, axis] - low[:, axis]
        rise = heights(low + step) - at_low
        slopes[:, [2 * axis, 2 * axis + 1]] = np.divide(
            rise, step[:, [axis]], out=np.zeros_like(rise), where=step[:, [axis]] > 0
        )[:, [2 * axis, 2 * axis + 1]]
    for base, direction in _lines(low, high, at_low, slopes):
        tried += [base + t[:, None] * direction for t in _turns(base, direction, low, at_low, slopes, width, height)]
    places = np.stack([np.clip(np.nan_to_num(place), low, high) for place in tried])  # (candidates, n, 2)
    a, b = left.at(places[..., 0], one), right.at(places[..., 1], other)
    up, down = np.minimum(a[0], b[0]), np.minimum(a[1], b[1])
    area = (width + places.sum(axis=2)) * (height + up + down)
    best = np.unravel_index(int(area.argmax()), area.shape)
    return tuple(float(value) for value in (area[best], *places[best], up[best], down[best]))  # type: ignore[return-value]


def _lines(
    low: FloatArray, high: FloatArray, at_low: FloatArray, slopes: FloatArray
) -> list[tuple[FloatArray, FloatArray]]:
    """Bases (n, 2) and directions (n, 2): the four edges, and where left and right allow the same up, or down."""
    x, y = np.broadcast_to([1.0, 0.0], low.shape), np.broadcast_to([0.0, 1.0], low.shape)
    lines = [(low, x), (low, y), (high, x), (high, y)]
    for which in (0, 1):  # up, down
        normal = np.stack([slopes[:, which], -slopes[:, 2 + which]], axis=1)
        missing = at_low[:, 2 + which] - at_low[:, which]
        square = np.sum(normal**2, axis=1)
        share = np.divide(missing, square, out=np.zeros_like(missing), where=square > 0)
        lines.append((low + share[:, None] * normal, np.stack([-normal[:, 1], normal[:, 0]], axis=1)))
    return lines


def _turns(
    base: FloatArray,
    direction: FloatArray,
    low: FloatArray,
    at_low: FloatArray,
    slopes: FloatArray,
    width: float,
    height: float,
) -> list[FloatArray]:
    """Where along lines (n,) the area may turn: tops of parabolas, and where one side takes over from the other."""
    along = np.repeat(direction, 2, axis=1) * slopes  # (n, 4), of the four heights
    there = at_low + np.repeat(base - low, 2, axis=1) * slopes
    with np.errstate(divide="ignore", invalid="ignore"):
        turns = [(there[:, 2 + k] - there[:, k]) / (along[:, k] - along[:, 2 + k]) for k in (0, 1)]
        wide, widening = width + base.sum(axis=1), direction.sum(axis=1)
        for up in (0, 2):
            for down in (1, 3):
                tall, rising = height + there[:, up] + there[:, down], along[:, up] + along[:, down]
                turns.append(-(widening * tall + rising * wide) / (2 * widening * rising))
    return [np.nan_to_num(turn, posinf=0.0, neginf=0.0) for turn in turns]


def _within(region: shapely.MultiPolygon, grown: FloatArray, inside: FloatArray, extent: FloatArray) -> Bounds:
    """The box drawn in by a hair, but not at the rim of the region and not below the box that it must contain."""
    rim = np.array(region.bounds)
    scale = np.tile(extent, 2)
    at_rim = np.abs(grown - rim) <= HAIRS[0] * scale
    inward = np.array([1.0, 1.0, -1.0, -1.0])
    shapely.prepare(region)
    for hair in HAIRS:
        drawn = np.where(at_rim, rim, grown + inward * hair * scale)
        box = np.where(inward > 0, np.minimum(drawn, inside), np.maximum(drawn, inside))
        if shapely.covers(region, shapely.box(*box)):
            break
    else:
        box = inside
    x_low, y_low, x_high, y_high = box.tolist()
    return x_low, y_low, x_high, y_high
