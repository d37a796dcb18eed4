"""The nearest point of a region whose features go in steps: months, or credits in hundreds.

The region itself is drawn for every number. Only where a correction may lie is a matter of steps: on lines across the
region, one for each value of a stepped feature, and on the crossings of these lines where both go in steps. What it
must be stable for is every value around it, those between the steps as well.
"""

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.bounds.lattice import Lattice
from core.corrections.records.correction import Norm
from core.corrections.slices.outline import segments_of
from core.corrections.slices.stability import lengths, nearest_point

FloatArray = npt.NDArray[np.float64]
Pair = tuple[float, float]
FIRST_LINES = 16  # that are looked at together; four times as many the next time
CROSSINGS_AT_A_TIME = 500_000  # lines × segments


def nearest_on_steps(
    region: shapely.MultiPolygon, point: Pair, weights: Pair, norm: Norm = "L1", steps: Pair = (0.0, 0.0)
) -> tuple[Pair, float] | None:
    """The point of the region with whole multiples of the steps that costs least to reach, and its distance.

    Parameters
    ----------
    point : pair of float
        The input. It may stay where it is along either axis, whether that is a multiple of the step or not.
    steps : pair of float
        0 for a feature that takes any number.

    Returns
    -------
    pair of centre and distance, or None
        None if no point of the region lies on the steps.

    Notes
    -----
    Lines are looked at in the order of what reaching them costs, until the next one alone costs more than the best
    point so far. Along a line every norm is least at the allowed value next to the input's.
    """
    if not any(steps) or region.is_empty:
        return nearest_point(region, point, weights, norm)
    axis = 0 if steps[0] else 1  # across which the lines are
    segments = segments_of(region)
    if axis:
        segments = segments[:, [1, 0, 3, 2]]
    own, other = np.roll(point, -axis), np.roll(steps, -axis)[1]
    lines = _values(steps[axis], own[0], *np.roll(np.reshape(region.bounds, (2, 2)), -axis, axis=1)[:, 0])
    lines = lines[np.argsort(np.abs(lines - own[0]), kind="stable")]
    best: tuple[Pair, float] | None = None
    begin, count = 0, FIRST_LINES
    while begin < len(lines) and (best is None or weights[axis] * abs(lines[begin] - own[0]) < best[1]):
        some = lines[begin : begin + count]
        line, low, high = _inside(segments, some)
        values, allowed = _nearest_within(low, high, own[1], other)
        places = np.roll(np.stack([some[line], values], axis=1)[allowed], axis, axis=1)
        costs = lengths(places - np.array(point), weights, norm)
        if len(costs) and (best is None or costs.min() < best[1]):
            x, y = places[int(costs.argmin())].tolist()
            best = (x, y), float(costs.min())
        begin, count = begin + count, max(1, min(4 * count, CROSSINGS_AT_A_TIME // len(segments)))
    return best


def _values(step: float, own: float, low: float, high: float) -> FloatArray:
    """The multiples of the step from `low` to `high`, and the input's own value if it lies there."""
    lattice = Lattice.from_zero(np.array([step]))
    (first,), (last,) = lattice.inward(np.array([low]), np.array([high]))
    values = np.arange(round(first / step), round(last / step) + 1) * step
    values = values[(values >= low) & (values <= high)]
    return np.append(values, own) if low <= own <= high and own not in values else values


def _inside(segments: FloatArray, lines: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray]:
    """The pieces of lines that lie in a region: which line each is of (m,), and its ends (m,).

    An outline is crossed in and out by turns. A line along an edge counts as just beside it, on either side: the edge
    belongs to the region whichever of them does.
    """
    start, end = segments[:, [0]], segments[:, [2]]
    least, most = np.minimum(start, end), np.maximum(start, end)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = (lines - start) / (end - start)
        height = segments[:, [1]] + share * (segments[:, [3]] - segments[:, [1]])  # (segments, lines)
    height = np.clip(height, *np.sort(segments[:, [1, 3]], axis=1).T[:, :, None])
    found = []
    for crossed in ((least <= lines) & (lines < most), (least < lines) & (lines <= most)):
        number = int(crossed.sum(axis=0).max(initial=0))
        ordered = np.sort(np.where(crossed, height, np.inf), axis=0)[: number + number % 2].T
        low, high = ordered[:, ::2], ordered[:, 1::2]
        line, place = np.nonzero(np.isfinite(high))
        found.append((line, low[line, place], high[line, place]))
    line, low, high = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return line, low, high


def _nearest_within(
    low: FloatArray, high: FloatArray, own: float, step: float
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """The allowed value (m,) next to the input's own in intervals, and whether there is one (m,)."""
    placed = np.clip(own, low, high)
    if not step:
        return placed, np.ones(len(low), bool)
    count = placed / step
    tried = np.stack([np.floor(count) * step, np.ceil(count) * step, np.full_like(low, own)])
    fits = (tried >= low) & (tried <= high)
    away = np.where(fits, np.abs(tried - own), np.inf)
    best = away.argmin(axis=0)
    return np.asarray(tried[best, np.arange(len(low))]), np.asarray(fits.any(axis=0))
