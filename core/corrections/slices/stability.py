"""Stable corrections: centres whose whole box is accepted, and the one of them that costs least.

Zhang, Solar-Lezama, Singh 2018 call a correction e-stable if every point within e of it, feature by feature, is a
correction too. They search one inside a triangle; here it is the whole set, an erosion of the region by the box.
"""

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import Norm
from core.corrections.slices.outline import areas_of, segments_of

FloatArray = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # x low, y low, x high, y high
# The box is made larger by this share of the slice when something is to be proved possible, and smaller when it is to
# be proved impossible: an overlay of polygons is not exact to the last bit.
ALLOWANCE = 1e-9
ROUNDINGS = 8  # units in the last place of the largest coordinate that are allowed for as well


def stable_centres(
    region: shapely.MultiPolygon, bounds: Bounds, half_width: tuple[float, float], allowance: float = ALLOWANCE
) -> shapely.MultiPolygon:
    """Every point of the slice whose box lies in the region and in the slice.

    Parameters
    ----------
    region : MultiPolygon
        Where the network accepts.
    bounds : x low, y low, x high, y high
        Of the slice.
    half_width : pair of float
        Of the box, in the user's units; 0 asks for no stability of that feature.
    allowance : float
        Share of the slice by which the box is made larger, so that the answer holds although overlays round; negative
        for the largest set that may be stable.

    Notes
    -----
    A box meets the outside of the region exactly if it meets the outline, so the centres that are lost are those
    within a box's reach of it: the outline's segments, each swept by the box into a hexagon.
    """
    if region.is_empty:
        return shapely.MultiPolygon()
    return remaining_centres(region, outline_inside(region, bounds), bounds, half_width, allowance)


def outline_inside(region: shapely.MultiPolygon, bounds: Bounds) -> FloatArray:
    """The segments (n, 4) of the region's outline without those on the rim of the slice: the ranges bound those."""
    segments = segments_of(region)
    return segments[~_on_the_rim(segments, bounds)]


def remaining_centres(
    centres: shapely.MultiPolygon,
    outline: FloatArray,
    bounds: Bounds,
    half_width: tuple[float, float],
    allowance: float = ALLOWANCE,
) -> shapely.MultiPolygon:
    """Those of some points of a region whose box meets neither its outline nor the end of the ranges.

    Parameters
    ----------
    centres : MultiPolygon
        In the region: all of it, or the part that is asked about, which takes as much less time as it is smaller.
    outline : (n, 4)
        Of the region, from `outline_inside`.
    """
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    reach = np.array(half_width)
    # Far from zero the coordinates themselves are coarse: 1000000 to 1000000.001 has no room for a billionth of it.
    coarse = np.spacing(np.maximum(np.abs(low), np.abs(high)))
    widened = allowance * (high - low) + np.sign(allowance) * ROUNDINGS * coarse
    # What may be possible also keeps room where the box is as wide as the slice, which leaves one place, not none.
    room = reach + np.minimum(widened, 0.0)
    if (low + room >= high - room).any() or centres.is_empty:
        return shapely.MultiPolygon()
    swept = np.maximum(reach + widened, 0.0)
    possible = shapely.intersection(centres, shapely.box(*(low + room), *(high - room)))
    if not swept.any() or possible.is_empty:
        return areas_of(possible)
    near = outline[_within_reach(outline, possible, swept)]
    return areas_of(shapely.difference(possible, shapely.union_all(_swept_segments(near, swept))))


def nearest_point(
    region: shapely.MultiPolygon, point: tuple[float, float], weights: tuple[float, float], norm: Norm = "L1"
) -> tuple[tuple[float, float], float] | None:
    """The point of the region that costs least to reach, and its weighted distance; None if the region is empty.

    Notes
    -----
    Along a straight piece of the outline L1 and L∞ are piecewise linear: least at an end, or where a coordinate of the
    change vanishes or, for L∞, where both are of one size. L2 is least at an end, or at the foot of the perpendicular.
    """
    if region.is_empty:
        return None
    if shapely.intersects_xy(region, *point):
        return point, 0.0
    segments = segments_of(region)
    places = np.concatenate([segments[:, :2], *_turning_points(segments, np.array(point), np.array(weights), norm)])
    costs = lengths(places - np.array(point), weights, norm)
    best = int(costs.argmin())
    return (float(places[best, 0]), float(places[best, 1])), float(costs[best])


def lengths(changes: FloatArray, weights: tuple[float, float], norm: Norm) -> FloatArray:
    """Weighted lengths (n,) of changes (n, 2)."""
    weighed = np.abs(changes) * np.array(weights)
    if norm == "L2":
        return np.asarray(np.hypot(weighed[:, 0], weighed[:, 1]))
    return np.asarray(weighed.max(axis=1) if norm == "Linf" else weighed.sum(axis=1))


def _turning_points(segments: FloatArray, point: FloatArray, weights: FloatArray, norm: Norm) -> list[FloatArray]:
    """Where the distance may be least within a segment, each (m, 2)."""
    start, end = segments[:, :2] - point, segments[:, 2:] - point
    if norm == "L2":
        step = (end - start) * weights
        along = -np.sum(start * weights * step, axis=1)
        square = np.sum(step * step, axis=1)
        inside = (along > 0) & (along < square)
        share = (along[inside] / square[inside])[:, None]
        return [segments[inside, :2] + share * (segments[inside, 2:] - segments[inside, :2])]
    found = []
    for axis in (0, 1):
        place = _crossings(segments, start[:, axis], end[:, axis])
        place[:, axis] = point[axis]
        found.append(place)
    if norm == "Linf":
        start, end = start * weights, end * weights
        ways = np.array([(1.0, 1.0), (1.0, -1.0)])
        found += [_crossings(segments, start @ way, end @ way) for way in ways]
    return found


def _crossings(segments: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """The points (m, 2) of segments at which something that is linear along each changes its sign."""
    across = start * end < 0
    share = (start[across] / (start[across] - end[across]))[:, None]
    crossing: FloatArray = segments[across, :2] + share * (segments[across, 2:] - segments[across, :2])
    return crossing


def _within_reach(segments: FloatArray, centres: shapely.Geometry, swept: FloatArray) -> npt.NDArray[np.bool_]:
    """Which segments a box around one of the centres may meet."""
    x_low, y_low, x_high, y_high = centres.bounds
    start, end = segments[:, :2], segments[:, 2:]
    low, high = np.array([x_low, y_low]) - swept, np.array([x_high, y_high]) + swept
    near = (np.maximum(start, end) >= low) & (np.minimum(start, end) <= high)
    return np.asarray(near.all(axis=1))


def _on_the_rim(segments: FloatArray, bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Which segments lie on the rim of the slice: the ranges have taken care of those."""
    rim = np.zeros(len(segments), bool)
    for axis in (0, 1):
        for limit in (bounds[axis], bounds[axis + 2]):
            rim |= (segments[:, axis] == limit) & (segments[:, axis + 2] == limit)
    return rim


def _swept_segments(segments: FloatArray, reach: FloatArray) -> npt.NDArray[np.object_]:
    """The hexagon that a box covers while its centre moves along each segment."""
    leftward = segments[:, 0] > segments[:, 2]
    start = np.where(leftward[:, None], segments[:, 2:], segments[:, :2])
    end = np.where(leftward[:, None], segments[:, :2], segments[:, 2:])
    rising = (end[:, 1] >= start[:, 1])[:, None]
    down_left, down_right = np.array([-1, -1]) * reach, np.array([1, -1]) * reach
    up_left, up_right = -down_right, -down_left
    ring = [
        start + down_left,
        np.where(rising, start + down_right, end + down_left),
        end + down_right,
        end + up_right,
        np.where(rising, end + up_left, start + up_right),
        start + up_left,
        start + down_left,
    ]
    hexagons: npt.NDArray[np.object_] = shapely.polygons(np.stack(ring, axis=1))
    return hexagons
