"""How high a box may be that reaches so far to the right, below segments that must not lie in it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.job import JobContext

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ceiling:
    """Height by reach: pieces that are linear, never rise, and follow each other; the first is the reach 0 alone."""

    start: FloatArray = field(repr=False)  # (m,)
    end: FloatArray = field(repr=False)  # (m,), the start of the next
    height: FloatArray = field(repr=False)  # (m, 2): just after the start, and at the end

    def over(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """Heights (n, 2) just after the starts and at the ends of parts (n,) of which each lies in one piece."""
        piece = np.searchsorted(self.end, end, side="left")
        length = self.end[piece] - self.start[piece]
        ends = np.stack([start, end], axis=1) - self.start[piece][:, None]
        share = np.divide(ends, length[:, None], out=np.zeros_like(ends), where=length[:, None] > 0)
        first, last = self.height[piece, :1], self.height[piece, 1:]
        heights: FloatArray = first + share * (last - first)
        return heights


def ceiling_of(segments: FloatArray, reach: float, most: float, job: JobContext) -> Ceiling:
    """The ceiling for boxes from the origin to (r, u), of which none may hold a point of a segment inside.

    Parameters
    ----------
    segments : (n, 4)
        x and y of the start, x and y of the end; they do not cross each other.
    reach, most : float
        The largest r and u that are asked for.

    Notes
    -----
    A box that reaches to r is stopped by the lowest point with x < r: a vertex, or a point of a segment that falls to
    the right.
    """
    first = clipped(clipped(segments, 0, 0.0, reach, closed=True), 1, 0.0, most, closed=True)
    left_first = first[:, 0] <= first[:, 2]
    start = np.where(left_first[:, None], first[:, :2], first[:, 2:])
    end = np.where(left_first[:, None], first[:, 2:], first[:, :2])
    corners = np.concatenate([start, end])
    corners = corners[np.lexsort((corners[:, 1], corners[:, 0]))]
    lowest = np.minimum.accumulate(np.append(corners[:, 1], most)) if len(corners) else np.array([most])

    def corners_up_to(x: FloatArray) -> FloatArray:
        """The lowest vertex with an abscissa of at most x, or the most that is asked for."""
        count = np.searchsorted(corners[:, 0], x, side="right")
        return np.minimum(np.where(count > 0, lowest[count - 1], most), most)

    # A falling segment that ends above a vertex left of it stops nothing that the vertex does not.
    falling = (start[:, 0] < end[:, 0]) & (end[:, 1] < corners_up_to(start[:, 0]))
    start, end = start[falling], end[falling]
    steps = corners[np.flatnonzero(np.diff(lowest[: len(corners)], prepend=np.inf) < 0), 0]
    ends = np.unique(np.concatenate([[0.0, reach], steps, start[:, 0], end[:, 0]]))
    parts = [(0.0, 0.0, most, most)]
    for left, right, flat in zip(ends[:-1], ends[1:], corners_up_to(ends[:-1]), strict=True):
        job.check()
        parts += _pieces(left, right, float(flat), _lowest_of(start, end, left, right))
    lines = np.array(parts)
    heights = np.minimum.accumulate(lines[:, 2:].ravel()).reshape(-1, 2)
    return Ceiling(start=lines[:, 0], end=lines[:, 1], height=heights)


def clipped(segments: FloatArray, axis: int, low: float, high: float, *, closed: bool) -> FloatArray:
    """The parts (m, 4) of segments with a coordinate from low to high; those that only touch an end if `closed`."""
    first, last = segments[:, axis], segments[:, 2 + axis]
    least, most = np.minimum(first, last), np.maximum(first, last)
    kept = (most >= low) & (least <= high) if closed else (most > low) & (least < high)
    segments, first, last = segments[kept], first[kept], last[kept]
    step = last - first
    shares = np.stack(
        [np.divide(limit - first, step, out=np.full_like(first, np.nan), where=step != 0) for limit in (low, high)]
    )
    shares = np.where(np.isnan(shares), [[0.0], [1.0]], np.clip(np.sort(shares, axis=0), 0.0, 1.0))
    origin, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
    found = np.concatenate([origin + shares[0][:, None] * way, origin + shares[1][:, None] * way], axis=1)
    found[:, [axis, 2 + axis]] = np.clip(found[:, [axis, 2 + axis]], low, high)
    return found


def _lowest_of(start: FloatArray, end: FloatArray, left: float, right: float) -> tuple[float, float] | None:
    """The heights at both ends of the part of the lowest segment there; None if there is none."""
    there = (start[:, 0] <= left) & (end[:, 0] >= right)
    if not there.any():
        return None
    start, end = start[there], end[there]
    slope = (end[:, 1] - start[:, 1]) / (end[:, 0] - start[:, 0])
    lowest = int((start[:, 1] + slope * ((left + right) / 2 - start[:, 0])).argmin())
    at_left, at_right = (float(start[lowest, 1] + slope[lowest] * (x - start[lowest, 0])) for x in (left, right))
    return at_left, at_right


def _pieces(
    left: float, right: float, flat: float, line: tuple[float, float] | None
) -> list[tuple[float, float, float, float]]:
    """Start, end and both heights of the lower of a level line and a falling one."""
    if line is None or line[1] >= flat:
        return [(left, right, flat, flat)]
    if line[0] <= flat:
        return [(left, right, *line)]
    middle = left + (right - left) * (line[0] - flat) / (line[0] - line[1])
    if not left < middle < right:
        return [(left, right, min(line[0], flat), line[1])]
    return [(left, middle, flat, flat), (middle, right, flat, line[1])]
