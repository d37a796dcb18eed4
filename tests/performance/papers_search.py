"""The search of Zhang, Solar-Lezama, Singh 2018 for corrections of two features, written anew to be compared with.

From what the paper and its published program do: a seed by masked iterative FGSM (in L1), the linear regions around it
breadth first through accepted facets, at most a hundred of them, a triangle grown greedily within their union, and the
nearest centre of a stability box in the triangle. Where the program loses something by a slip, this one does not: a
region that was reached over a facet it does not share is tried again from others, nothing is rounded to two decimals,
and a feature at the end of its range lets the other one move.

Whether regions touch can be decided as they do it, by two linear programs for each ReLU that may bound a region (HiGHS
through scipy), or by clipping the polygon of a region: the same answers many times faster, which is to their favour.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from scipy.optimize import Bounds, LinearConstraint, milp

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.slices.outline import areas_of
from core.corrections.slices.stability import nearest_point, stable_centres
from core.corrections.slices.triangle import grown_triangle
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Pair = tuple[float, float]
MOST_REGIONS = 100
STRIDE, MOST_STRIDES = 0.01, 1000  # of FGSM, in standard deviations
SMALL = 0.009  # a change of less is taken back
STRICT = 1e-5  # by which a row must hold in a linear program
IMPLIED = 2e-5  # by which the bounding box may miss a row that counts as implied by it
THIN = 1e-12  # share of the slice: a smaller polygon is none
GRID = 1e-9  # share of the slice to which corners are rounded before regions are joined
SPECK = 1e-5  # share of the union: smaller holes, of cells that were too thin to be found, vanish in their rounding too


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A linear piece of the network in the slice, with what keeps a point in it: ``rows · u + offsets ≥ 0``."""

    pattern: Mask = field(repr=False)  # (neurons,), which ReLUs are on
    neurons: npt.NDArray[np.intp] = field(repr=False)  # which one each row is of; −1 for those of the classes
    rows: FloatArray = field(repr=False)  # (m, 2)
    offsets: FloatArray = field(repr=False)  # (m,)
    corners: FloatArray = field(repr=False)  # (v, 2), of the accepted part
    facets: tuple[int, ...]  # rows that an edge of it lies on


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """What the paper's search finds for one pair of features, in the user's units."""

    union: shapely.MultiPolygon = field(repr=False)  # of the accepted parts of all regions
    regions: int
    programs: int  # linear programs that were solved
    triangle: FloatArray | None = field(repr=False)


class PapersSearch:
    """One slice of one input, searched as in the paper.

    Parameters
    ----------
    network : PiecewiseLinear
        A chain of dense layers, of inputs in the user's units.
    spread : pair of float
        Standard deviations of the two features: FGSM and the linear programs work in these.
    programs : bool
        Whether linear programs decide, as in the paper; otherwise clipping does.
    """

    def __init__(
        self,
        network: PiecewiseLinear,
        base: FloatArray,
        columns: tuple[int, int],
        ranges: tuple[Pair, Pair],
        spread: Pair,
        target: int,
        *,
        programs: bool = False,
    ) -> None:
        self._spread = np.array(spread)
        first = np.asarray(network.weights[0])
        rest = base.copy()
        rest[list(columns)] = 0.0
        self._slopes = first[:, list(columns)] * self._spread
        self._constant = network.biases[0] + first @ rest
        self._weights = [np.asarray(weight) for weight in network.weights[1:]]
        self._biases = network.biases[1:]
        self._low, self._high = np.array(ranges).T / self._spread
        self._start = base[list(columns)] / self._spread
        self._target = target
        self._programs = programs
        self.solved = 0
        self._undecided = self._interval_analysis()

    def found(self) -> Found:
        """Search from the seed, and grow a triangle in what was found."""
        seed = self.seed()
        cells = [] if seed is None else self.regions(self.pattern(seed))
        if not cells:
            return self._found(shapely.MultiPolygon(), 0, None)
        grid = GRID * float((self._high - self._low).max())
        union = shapely.union_all([shapely.Polygon(cell.corners) for cell in cells], grid_size=grid)
        region = _without_specks(areas_of(union))
        inside = _box_in(shapely.Polygon(cells[0].corners), region)
        bounds = (*self._low.tolist(), *self._high.tolist())
        triangle = None if inside is None else grown_triangle(region, inside, bounds, JobContext())
        return self._found(region, len(cells), triangle)

    def nearest(self, found: Found, half_width: Pair, weights: Pair) -> float | None:
        """How far the nearest box of these half-widths is that fits into the triangle; None if none does."""
        if found.triangle is None:
            return None
        limits = (*(self._low * self._spread).tolist(), *(self._high * self._spread).tolist())
        stable = stable_centres(shapely.MultiPolygon([shapely.Polygon(found.triangle)]), limits, half_width)
        x, y = (self._start * self._spread).tolist()
        nearest = nearest_point(stable, (x, y), weights)
        return None if nearest is None else nearest[1]

    def _found(self, region: shapely.MultiPolygon, regions: int, triangle: FloatArray | None) -> Found:
        """In the user's units."""
        return Found(
            union=shapely.transform(region, lambda points: points * self._spread),
            regions=regions,
            programs=self.solved,
            triangle=None if triangle is None else triangle * self._spread,
        )

    # ---- the seed

    def seed(self) -> FloatArray | None:
        """An accepted point (2,) by FGSM from the input, or None."""
        place = np.clip(self._start, self._low, self._high)
        for _ in range(MOST_STRIDES):
            lead, slope = self._lead(place)
            if lead > STRICT:
                return self._without_small_changes(place)
            room = np.where(slope > 0, self._high - place, place - self._low)
            gain = np.where(room > 0, np.abs(slope), 0.0)
            if not gain.any():
                return None
            axis = int(gain.argmax())
            place = place.copy()
            place[axis] = np.clip(place[axis] + STRIDE * np.sign(slope[axis]), self._low[axis], self._high[axis])
        return None

    def _without_small_changes(self, place: FloatArray) -> FloatArray:
        kept = np.where(np.abs(place - self._start) < SMALL, np.clip(self._start, self._low, self._high), place)
        return kept if self._lead(kept)[0] > STRICT else place

    def _lead(self, place: FloatArray) -> tuple[float, FloatArray]:
        """By how much the wanted class leads at a point, and the slope (2,) of that."""
        maps = self._maps(self.pattern(place))[-1]
        values = maps[:, :2] @ place + maps[:, 2]
        others = np.delete(np.arange(len(values)), self._target)
        best = others[int(values[others].argmax())]
        return float(values[self._target] - values[best]), maps[self._target, :2] - maps[best, :2]

    # ---- the regions

    def pattern(self, place: FloatArray) -> Mask:
        """Which ReLUs are on at a point."""
        z = self._slopes @ place + self._constant
        on = []
        for weight, bias in zip(self._weights, self._biases, strict=True):
            on.append(z > 0)
            z = weight @ np.maximum(z, 0.0) + bias
        return np.concatenate(on)

    def _maps(self, pattern: Mask) -> list[FloatArray]:
        """What every layer is before its ReLU, (width, 3): slopes and constant, where these ReLUs are on."""
        maps = [np.column_stack([self._slopes, self._constant])]
        begin = 0
        for weight, bias in zip(self._weights, self._biases, strict=True):
            on = pattern[begin : begin + weight.shape[1]]
            begin += weight.shape[1]
            following = weight[:, on] @ maps[-1][on]
            following[:, 2] += bias
            maps.append(following)
        return maps

    def _interval_analysis(self) -> Mask:
        """Which ReLUs may change their sign in the slice, by intervals."""
        middle, half = (self._low + self._high) / 2, (self._high - self._low) / 2
        centre, radius = self._slopes @ middle + self._constant, np.abs(self._slopes) @ half
        undecided = []
        for weight, bias in zip(self._weights, self._biases, strict=True):
            low, high = centre - radius, centre + radius
            undecided.append((low < 0) & (high > 0))
            low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
            centre, radius = weight @ ((low + high) / 2) + bias, np.abs(weight) @ ((high - low) / 2)
        return np.concatenate(undecided)

    def region(self, pattern: Mask) -> Region | None:
        """The accepted part of the region of a pattern; None if it is empty."""
        *hidden, outputs = self._maps(pattern)
        signed = np.concatenate(hidden) * np.where(pattern, 1.0, -1.0)[:, None]
        neurons = np.flatnonzero(self._undecided & signed[:, :2].any(axis=1))
        classes = outputs[self._target] - np.delete(outputs, self._target, axis=0)
        rows = np.concatenate([signed[neurons], classes])
        corners, facets = _clipped(_rectangle(self._low, self._high), rows[:, :2], rows[:, 2])
        if not len(corners):
            return None
        owners = np.concatenate([neurons, np.full(len(classes), -1)])
        return Region(
            pattern=pattern, neurons=owners, rows=rows[:, :2], offsets=rows[:, 2], corners=corners, facets=facets
        )

    def regions(self, pattern: Mask) -> list[Region]:
        """Breadth first from a region, through facets that hold accepted points."""
        first = self.region(pattern)
        if first is None:
            return []
        seen, waiting, found = {pattern.tobytes()}, deque([first]), []
        while waiting and len(found) < MOST_REGIONS:
            cell = waiting.popleft()
            found.append(cell)
            for row in self._facets_by_programs(cell) if self._programs else cell.facets:
                other = cell.pattern.copy()
                other[cell.neurons[row]] ^= True
                if other.tobytes() in seen:
                    continue
                neighbour = self.region(other)
                if neighbour is not None and (not self._programs or self._feasible(neighbour, None)):
                    seen.add(other.tobytes())
                    waiting.append(neighbour)
        return found

    # ---- the linear programs

    def _facets_by_programs(self, cell: Region) -> list[int]:
        """Rows of ReLUs that a point of the region lies on, of those that its bounding box does not imply."""
        low, high = np.empty(2), np.empty(2)
        for axis in (0, 1):
            for sign, side in ((1.0, low), (-1.0, high)):
                place = self._solved(cell.rows, cell.offsets, sign * np.eye(2)[axis], None)
                if place is None:
                    return []
                side[axis] = place[axis]
        least = np.minimum(cell.rows * low, cell.rows * high).sum(axis=1) + cell.offsets
        rows = np.flatnonzero((least < IMPLIED) | (cell.neurons < 0))
        needed = Region(
            pattern=cell.pattern,
            neurons=cell.neurons[rows],
            rows=cell.rows[rows],
            offsets=cell.offsets[rows],
            corners=cell.corners,
            facets=(),
        )
        return [int(row) for place, row in enumerate(rows) if cell.neurons[row] >= 0 and self._feasible(needed, place)]

    def _feasible(self, cell: Region, facet: int | None) -> bool:
        """Whether all rows can hold, one of them as an equation."""
        return self._solved(cell.rows, cell.offsets - STRICT, np.zeros(2), facet) is not None

    def _solved(
        self, rows: FloatArray, offsets: FloatArray, objective: FloatArray, facet: int | None
    ) -> FloatArray | None:
        self.solved += 1
        top = np.full(len(offsets), np.inf)
        bottom = -offsets.copy()
        if facet is not None:
            bottom[facet] = top[facet] = -(offsets[facet] + STRICT)
        constraints = LinearConstraint(rows, bottom, top) if len(rows) else ()
        answer = milp(objective, constraints=constraints, bounds=Bounds(self._low, self._high))
        return None if answer.x is None else np.asarray(answer.x)


def _rectangle(low: FloatArray, high: FloatArray) -> FloatArray:
    return np.array([low, [high[0], low[1]], high, [low[0], high[1]]])


def _clipped(corners: FloatArray, rows: FloatArray, offsets: FloatArray) -> tuple[FloatArray, tuple[int, ...]]:
    """What is left (v, 2) of a convex polygon where all rows are positive, and the rows that its edges lie on."""
    smallest = THIN * float(np.prod(np.ptp(corners, axis=0)))
    owner = np.full(len(corners), -1)  # of the edge from each corner to the next
    left = np.arange(len(rows))
    while True:
        values = corners @ rows[left].T + offsets[left]
        worst = values.min(axis=0)
        cutting = worst < -1e-12 * np.abs(offsets[left]).max(initial=1.0)
        left, values, worst = left[cutting], values[:, cutting], worst[cutting]
        if not len(left):
            facets = sorted(set(owner[owner >= 0].tolist()))
            return corners, tuple(facets)
        row = int(worst.argmin())
        corners, owner = _cut(corners, owner, values[:, row], int(left[row]))
        if len(corners) < 3 or abs(_area(corners)) < smallest:
            return np.empty((0, 2)), ()


def _cut(
    corners: FloatArray, owner: npt.NDArray[np.intp], values: FloatArray, row: int
) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """The part of a convex polygon where a value is positive; the new edge belongs to the row."""
    kept: list[FloatArray] = []
    owners: list[int] = []
    for place in range(len(corners)):
        following = (place + 1) % len(corners)
        here, there = values[place], values[following]
        if here >= 0:
            kept.append(corners[place])
            owners.append(int(owner[place]) if there >= 0 or here > 0 else row)
        if here * there < 0:
            kept.append(corners[place] + here / (here - there) * (corners[following] - corners[place]))
            owners.append(row if here > 0 else int(owner[place]))
    return np.array(kept).reshape(-1, 2), np.array(owners, np.intp)


def _area(corners: FloatArray) -> float:
    x, y = (corners - corners[0]).T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _without_specks(region: shapely.MultiPolygon) -> shapely.MultiPolygon:
    least = SPECK * region.area
    return shapely.MultiPolygon(
        [
            shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > least])
            for part in region.geoms
        ]
    )


def _box_in(cell: shapely.Polygon, region: shapely.MultiPolygon) -> tuple[float, float, float, float] | None:
    """A box in a cell and in the union, to draw the first corners from: about its middle, halved until it fits."""
    middle = np.array(cell.centroid.coords[0])
    half = (np.array(cell.bounds[2:]) - np.array(cell.bounds[:2])) / 2
    for _ in range(12):
        half = half / 2
        box = shapely.box(*(middle - half), *(middle + half))
        if shapely.covers(cell, box) and shapely.covers(region, box):
            return (*(middle - half).tolist(), *(middle + half).tolist())
    return None
