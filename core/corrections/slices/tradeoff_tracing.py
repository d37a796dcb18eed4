"""Tracing the distance of the nearest stable correction over the stability, on the exact accepted region."""

import heapq
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import CorrectionRequest, Norm
from core.corrections.records.tradeoff import HUNDREDTH, Tradeoff
from core.corrections.slices.regions import AcceptedRegion
from core.corrections.slices.stability import ALLOWANCE, Bounds, outline_inside, remaining_centres
from core.corrections.slices.steps import nearest_on_steps
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
Pair = tuple[float, float]
FINEST = 1e-6  # relative width to which the largest stability is bisected
NARROW = 1e-4  # of the largest stability: a rise within so little is a jump
SMALL_RISE = 1 / 250  # of the rise of the whole curve: what no plot of it shows
LARGE_RISE = 1 / 16  # of the same: a piece that rises more is halved, however straight it seems
STRAIGHT = 1e-5  # of the ranges: by how much a centre may miss the line between two others
MOST_PLACES = 400
HAIR = 1e-9  # relative room for rounding
ROOM = 1.05  # around what is clipped: edges that nearly coincide are what overlays of polygons stumble over
WORTH = 0.9  # of the reach of centres beyond which clipping them again saves nothing


def trace_tradeoff(request: CorrectionRequest, region: AcceptedRegion, job: JobContext) -> Tradeoff:
    """The distance of the nearest stable correction for half-widths from nothing to the largest that fit anywhere.

    Parameters
    ----------
    region : AcceptedRegion
        Distances and centres are those of its inner side, lower bounds and "none" of its outer side.

    Notes
    -----
    Stable sets are nested and the distance is monotone, so between two places only those centres matter that are
    stable at the first and no further away than the nearest one of the second. These sets shrink while intervals are
    halved, and with them the part of the outline that has to be swept. The interval with the largest rise is halved
    first. It is left as it is when the rise is too small to be seen, when it is so narrow that the rise is a jump, or
    when the centre in its middle lies on the line between those of its ends: all three move along a straight piece.
    """
    unit, asked = unit_of(request)
    tracer = _Tracer.of(request, region, unit, job)
    places = _places(tracer, asked=asked)
    none_beyond = tracer.none_beyond(places[-1].stability if places else 0.0)
    return Tradeoff(
        unit=unit,
        asked=asked,
        stability=np.array([place.stability for place in places]),
        distance=np.array([place.distance for place in places]),
        # A bound for less stability is one for more, too.
        lower_bound=np.maximum.accumulate(np.array([place.lower_bound for place in places])),
        centres=np.array([place.centre for place in places]).reshape(-1, 2),
        none_beyond=none_beyond,
    )


def unit_of(request: CorrectionRequest) -> tuple[Pair, bool]:
    """Half-widths at stability 1, and whether they were asked for; without a wish a hundredth of both ranges."""
    if max(request.half_width) > 0:
        return request.half_width, True
    x, y = request.free
    return (HUNDREDTH * (x.high - x.low), HUNDREDTH * (y.high - y.low)), False


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """One place of the curve, with the centres that are stable there and near enough to matter."""

    stability: float
    distance: float
    lower_bound: float
    centre: Pair
    reach: float  # centres further away than this are left out of the two sets
    stable: shapely.MultiPolygon = field(repr=False)
    possible: shapely.MultiPolygon = field(repr=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Tracer:
    """Answers for one stability after the other on one region."""

    region: AcceptedRegion
    unit: Pair
    bounds: Bounds
    point: Pair
    weights: Pair
    norm: Norm
    steps: Pair
    inner: FloatArray = field(repr=False)  # outlines, see `outline_inside`
    outer: FloatArray = field(repr=False)
    job: JobContext

    @classmethod
    def of(cls, request: CorrectionRequest, region: AcceptedRegion, unit: Pair, job: JobContext) -> "_Tracer":
        return cls(
            region=region,
            unit=unit,
            bounds=request.bounds,
            point=request.point,
            weights=request.weights,
            norm=request.norm,
            steps=request.steps,
            inner=outline_inside(region.inner, request.bounds),
            outer=outline_inside(region.outer, request.bounds),
            job=job,
        )

    def last(self) -> _Place | None:
        """At the largest stability for which there is a centre; None if there is none at any."""
        low, centres = 0.0, self._stable(self.region.inner, 0.0)
        if self._none_of(centres):
            return None
        high = self._end(self.region.inner)
        while high - low > FINEST * high:
            middle = (low + high) / 2
            remaining = self._stable(centres, middle)
            if self._none_of(remaining):
                high = middle
            else:
                low, centres = middle, remaining
        return self._place(low, np.inf, centres, self._possible(self.region.outer, low))

    def first(self, last: _Place) -> _Place:
        """Without any stability."""
        return self._nearest_of(self.region.inner, self.region.outer, 0.0, np.inf, last)

    def between(self, before: _Place, after: _Place, stability: float) -> _Place:
        """A place between two others."""
        return self._nearest_of(before.stable, before.possible, stability, before.reach, after)

    def _nearest_of(
        self,
        stable: shapely.MultiPolygon,
        possible: shapely.MultiPolygon,
        stability: float,
        reach: float,
        after: _Place,
    ) -> _Place:
        """A place before another one, among centres that are stable, or possibly so, for less."""
        if ROOM * after.distance < WORTH * reach:
            reach = ROOM * after.distance
            stable, possible = self._nearer(stable, reach), self._nearer(possible, reach)
        stable, possible = self._stable(stable, stability), self._possible(possible, stability)
        # What is stable for more is so for less. An overlay that has lost it is done again from the beginning.
        if not self._holds(stable, after.centre):
            stable, reach = self._stable(self.region.inner, stability), np.inf
        if not self._holds(possible, after.centre):
            possible, reach = self._possible(self.region.outer, stability), np.inf
        found = self._place(stability, reach, stable, possible)
        if found is not None and found.distance <= after.distance:
            return found
        return replace(after, stability=stability, lower_bound=0.0, reach=reach, stable=stable, possible=possible)

    def none_beyond(self, largest: float) -> float:
        """A stability at which provably no box is accepted, as near above the largest one as the bisection goes."""
        centres, end = self._possible(self.region.outer, largest), self._end(self.region.outer)
        low, high = largest, largest
        step = FINEST * max(largest, HUNDREDTH * end)
        while not self._none_of(centres):  # in ever longer steps until there is none
            low, high, step = high, high + step, 4 * step
            if high >= end:
                return end
            remaining = self._possible(centres, high)
            if self._none_of(remaining):
                break
            centres = remaining
        while high - low > FINEST * high:
            middle = (low + high) / 2
            low, high = (low, middle) if self._none_of(self._possible(centres, middle)) else (middle, high)
        return high

    def _place(
        self, stability: float, reach: float, stable: shapely.MultiPolygon, possible: shapely.MultiPolygon
    ) -> _Place | None:
        """The nearest of the stable centres, if there is one; both sets are already those of this stability."""
        nearest = self._nearest(stable)
        if nearest is None:
            return None
        centre, distance = nearest
        limit = self._nearest(possible)
        return _Place(
            stability=stability,
            distance=distance,
            lower_bound=0.0 if limit is None else min(limit[1], distance),
            centre=centre,
            reach=reach,
            stable=stable,
            possible=possible,
        )

    def _nearest(self, centres: shapely.MultiPolygon) -> tuple[Pair, float] | None:
        return nearest_on_steps(centres, self.point, self.weights, self.norm, self.steps)

    def _none_of(self, centres: shapely.MultiPolygon) -> bool:
        """Whether nothing is left of them where a correction may lie: on the steps, if there are any."""
        return bool(centres.is_empty) or (any(self.steps) and self._nearest(centres) is None)

    def _stable(self, centres: shapely.Geometry, stability: float) -> shapely.MultiPolygon:
        """Those of the centres whose box is accepted."""
        self.job.check()
        return remaining_centres(centres, self.inner, self.bounds, self._half_width(stability))

    def _possible(self, centres: shapely.Geometry, stability: float) -> shapely.MultiPolygon:
        """Those of the centres whose box may be accepted."""
        self.job.check()
        return remaining_centres(centres, self.outer, self.bounds, self._half_width(stability), -ALLOWANCE)

    def _nearer(self, centres: shapely.MultiPolygon, distance: float) -> shapely.Geometry:
        """Those of the centres that are not further away than this, and perhaps some that are."""
        x, y = self.point
        w, h = distance / self.weights[0], distance / self.weights[1]
        if self.norm != "L1":  # a rectangle holds everything that is near in the other two
            return shapely.intersection(centres, shapely.box(x - w, y - h, x + w, y + h))
        return shapely.intersection(centres, shapely.Polygon([(x + w, y), (x, y + h), (x - w, y), (x, y - h)]))

    def _holds(self, centres: shapely.MultiPolygon, centre: Pair) -> bool:
        """Whether a centre is among others, but for rounding."""
        low_x, low_y, high_x, high_y = self.bounds
        tolerance = HAIR * max(high_x - low_x, high_y - low_y)
        return bool(shapely.dwithin(centres, shapely.Point(centre), 10 * tolerance))

    def _end(self, region: shapely.MultiPolygon) -> float:
        """A stability beyond which no box fits into any part of the region, whatever its shape."""
        if region.is_empty:
            return 0.0
        unit = np.array(self.unit)
        wide = unit > 0
        # A box without height is a line, which may pass where two parts touch.
        low_x, low_y, high_x, high_y = shapely.bounds(list(region.geoms) if wide.all() else [region]).T
        sides = np.stack([high_x - low_x, high_y - low_y], axis=1)
        return float((sides[:, wide] / (2 * unit[wide])).min(axis=1).max() * (1 + HAIR))

    def _half_width(self, stability: float) -> Pair:
        return stability * self.unit[0], stability * self.unit[1]


def _places(tracer: _Tracer, *, asked: bool) -> list[_Place]:
    """Places in rising order, so close to each other that nothing is hidden between them."""
    last = tracer.last()
    if last is None:
        return []
    places = [tracer.first(last), last]
    if asked and last.stability > 1:
        places.insert(1, tracer.between(places[0], last, 1.0))
    rise, number = last.distance - places[0].distance, count()
    waiting: list[tuple[float, int, _Place, _Place]] = []

    def add(before: _Place, after: _Place) -> None:
        """Halve this interval when its turn comes, unless its rise is small or a jump."""
        height, width = after.distance - before.distance, after.stability - before.stability
        if height > SMALL_RISE * rise and width > NARROW * last.stability:
            heapq.heappush(waiting, (-height, next(number), before, after))

    for pair in pairwise(tuple(places)):
        add(*pair)
    while waiting and len(places) < MOST_PLACES:
        height, _, before, after = heapq.heappop(waiting)
        middle = tracer.between(before, after, (before.stability + after.stability) / 2)
        places.append(middle)
        if -height > LARGE_RISE * rise or not _straight(tracer, before, middle, after, SMALL_RISE * rise):
            add(before, middle)
            add(middle, after)
    return sorted(places, key=lambda place: place.stability)


def _straight(tracer: _Tracer, before: _Place, middle: _Place, after: _Place, visible: float) -> bool:
    """Whether the place in the middle of an interval lies between its ends, on the curve and in the slice."""
    if abs(middle.distance - (before.distance + after.distance) / 2) > visible:
        return False
    ends = (np.array(before.centre) + np.array(after.centre)) / 2
    extent = np.array(tracer.bounds[2:]) - np.array(tracer.bounds[:2])
    return bool((np.abs(np.array(middle.centre) - ends) <= STRAIGHT * extent).all())
