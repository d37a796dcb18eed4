"""In which order the points of a grid are computed: coarse to fine, so that a whole picture is there early."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Level:
    """One refinement: with its points added, a whole rectilinear grid of lines is known."""

    rows: IntArray = field(repr=False)  # (r,), grid rows that are complete after this level
    columns: IntArray = field(repr=False)  # (c,)
    points: IntArray = field(repr=False)  # (n, 2) of (row, column), new in this level, centre outwards


def coarse_to_fine(rows: int, columns: int) -> tuple[Level, ...]:
    """Plan every point of a grid exactly once: corners, edges and middle first, then halving every interval.

    Parameters
    ----------
    rows, columns : int
        At least 2 each.
    """
    known = np.zeros((rows, columns), dtype=bool)
    levels = []
    for row_lines, column_lines in _nested_lines(rows, columns):
        fresh = np.zeros_like(known)
        fresh[np.ix_(row_lines, column_lines)] = True
        fresh &= ~known
        known |= fresh
        points = np.argwhere(fresh)
        from_centre = np.hypot(points[:, 0] / (rows - 1) - 0.5, points[:, 1] / (columns - 1) - 0.5)
        levels.append(Level(row_lines, column_lines, points[np.argsort(from_centre, kind="stable")]))
    return tuple(levels)


def _nested_lines(rows: int, columns: int) -> Iterator[tuple[IntArray, IntArray]]:
    row_lines, column_lines = _halved(np.array([0, rows - 1])), _halved(np.array([0, columns - 1]))
    while True:
        yield row_lines, column_lines
        if len(row_lines) == rows and len(column_lines) == columns:
            return
        row_lines, column_lines = _halved(row_lines), _halved(column_lines)


def _halved(lines: IntArray) -> IntArray:
    """The lines with a middle line between each two that have room for one."""
    return np.union1d(lines, (lines[:-1] + lines[1:]) // 2)
