"""Judging a box while it is dragged: a few microseconds of geometry on a region that was proved once.

Needs the stored result only, no network and no torch, so a reviewer can drag the box in a reopened session.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import Box, Correction, Norm, Polygon
from core.corrections.slices.outline import geometry_of, polygons_of, segments_of
from core.corrections.slices.stability import Bounds, stable_centres
from core.corrections.slices.steps import nearest_on_steps
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
RIM = 1e-12  # share of the slice by which c − e + e may miss the rim of the slice, and then some
ROUNDINGS = 4  # the same in units in the last place, where the slice is narrow and far from zero


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Whether every point of a box is accepted, and by how much.

    ``margin`` says how far the box could grow about its centre and still be accepted, in its own half-widths: 0.2
    for 20 %; −0.3 if it has to shrink by 30 %; below −1 if the centre itself is not accepted. A box without any
    width has the signed distance of its point to the outline instead, in the larger share of the slice's sides.
    """

    accepted: bool  # all of the box lies in the exact region, whose margin guards it against rounding: proved
    margin: float
    counterexample: tuple[float, float] | None  # a point of the box outside the region, if there is one


class LiveRegion:
    """The accepted region of a slice, prepared for questions at the speed of a mouse.

    Parameters
    ----------
    accepted : polygons
        Where the network says the wanted class, as in `Correction.accepted`.
    bounds : x low, y low, x high, y high
        Of the slice. Nothing is known beyond, so nothing beyond is accepted.
    """

    def __init__(self, accepted: Iterable[Polygon], bounds: Bounds) -> None:
        self.bounds = bounds
        self._region = geometry_of(accepted)
        shapely.prepare(self._region)
        self._segments = segments_of(self._region)
        self._extent = np.array([bounds[2] - bounds[0], bounds[3] - bounds[1]])
        self._stable: tuple[tuple[float, float], shapely.MultiPolygon] | None = None

    @classmethod
    def of(cls, correction: Correction) -> "LiveRegion":
        """From a result, computed now or long ago."""
        return cls(correction.accepted, correction.request.bounds)

    def judge(self, box: Box) -> Judgement:
        """Whether the box is accepted as a whole. Fast enough for every move of the mouse."""
        bounds = self._snapped(box.bounds)
        shape = _shape_of(bounds)
        accepted = bool(shapely.covers(self._region, shape))
        margin = self._margin(box)
        if accepted:
            # Measured apart from each other: where they touch, rounding must not make them contradict.
            return Judgement(accepted=True, margin=max(margin, 0.0), counterexample=None)
        return Judgement(accepted=False, margin=min(margin, 0.0), counterexample=self._outside(bounds, shape))

    def stable_set(self, half_width: tuple[float, float]) -> tuple[Polygon, ...]:
        """Centres whose whole box of this half-width is accepted and inside the slice."""
        return polygons_of(self._stable_centres(half_width))

    def nearest(
        self,
        point: tuple[float, float],
        half_width: tuple[float, float],
        weights: tuple[float, float],
        norm: Norm = "L1",
        steps: tuple[float, float] = (0.0, 0.0),
    ) -> tuple[float, float] | None:
        """The stable centre at the least weighted distance from `point`, on whole steps; None if there is none."""
        found = nearest_on_steps(self._stable_centres(half_width), point, weights, norm, steps)
        return None if found is None else found[0]

    def _stable_centres(self, half_width: tuple[float, float]) -> shapely.MultiPolygon:
        """The newest answer is kept: dragging the centre asks again and again for the same half-width."""
        if min(half_width) < 0 or not np.isfinite(half_width).all():
            raise InvalidRequest("The half-widths of a box must be finite and not negative.")
        if self._stable is None or self._stable[0] != half_width:
            self._stable = half_width, stable_centres(self._region, self.bounds, half_width)
        return self._stable[1]

    def _snapped(self, bounds: Bounds) -> Bounds:
        """A box that was pushed against the rim misses it by a rounding error; put it onto the rim."""
        box, rim = np.array(bounds), np.array(self.bounds)
        coarse = ROUNDINGS * np.spacing(np.maximum(np.abs(rim[:2]), np.abs(rim[2:])))
        close = np.abs(box - rim) <= np.tile(np.maximum(RIM * self._extent, coarse), 2)
        x_low, y_low, x_high, y_high = np.where(close, rim, box).tolist()
        return x_low, y_low, x_high, y_high

    def _margin(self, box: Box) -> float:
        half = np.array(box.half_width)
        if half.any():
            # A side without width counts as one of a hair's breadth: the box grows along the other one.
            unit, own = np.where(half > 0, half, RIM * self._extent), 1.0
        else:
            unit, own = self._extent, 0.0
        if not len(self._segments):
            return -np.inf
        centre = np.array(box.centre)
        away = float(_chebyshev((self._segments - np.tile(centre, 2)) / np.tile(unit, 2)).min())
        return (away if shapely.intersects_xy(self._region, *box.centre) else -away) - own

    def _outside(self, bounds: Bounds, shape: shapely.Geometry) -> tuple[float, float]:
        """A point of the box outside the region: a corner or the centre if possible, else inside what juts out."""
        x_low, y_low, x_high, y_high = bounds
        corners = [(x_low, y_low), (x_high, y_low), (x_high, y_high), (x_low, y_high)]
        for x, y in [((x_low + x_high) / 2, (y_low + y_high) / 2), *corners]:
            if not shapely.intersects_xy(self._region, x, y):
                return x, y
        rest = shapely.point_on_surface(shapely.difference(shape, self._region))
        return (corners[0]) if shapely.is_empty(rest) else (float(rest.x), float(rest.y))


def _shape_of(bounds: Bounds) -> shapely.Geometry:
    """The box as a polygon; as a line or point where it has no width."""
    x_low, y_low, x_high, y_high = bounds
    if x_low == x_high and y_low == y_high:
        return shapely.Point(x_low, y_low)
    if x_low == x_high or y_low == y_high:
        return shapely.LineString([(x_low, y_low), (x_high, y_high)])
    return shapely.box(*bounds)


def _chebyshev(segments: FloatArray) -> FloatArray:
    """Distance (n,) in the maximum norm from the origin to segments (n, 4).

    Along a segment it is the larger of |x| and |y|, each linear but for a kink at zero: it is least at an end, where
    x or y vanishes, or where they are equal.
    """
    start, end = segments[:, :2], segments[:, 2:]
    step = end - start
    turning = np.stack([step[:, 0], step[:, 1], step[:, 0] - step[:, 1], step[:, 0] + step[:, 1]], axis=1)
    value = np.stack([start[:, 0], start[:, 1], start[:, 0] - start[:, 1], start[:, 0] + start[:, 1]], axis=1)
    share = np.divide(-value, turning, out=np.zeros_like(value), where=turning != 0)
    share = np.concatenate([np.clip(share, 0.0, 1.0), np.ones((len(segments), 1))], axis=1)
    places = start[:, None] + share[:, :, None] * step[:, None]
    distances: FloatArray = np.abs(places).max(axis=2).min(axis=1)
    return distances
