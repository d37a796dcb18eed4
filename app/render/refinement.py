"""A finer grid between the grid points of a surface, for smooth pictures that show nothing that was not computed.

Cubic in each direction with limited slopes (Fritsch & Carlson 1980): the finer surface goes through every value of the
grid, and inside a cell it stays between the lowest and the highest of its four corners. So no hill and no valley can
appear that the grid itself does not have.
"""

import numpy as np

from core.landscape.plane import FloatArray

CELLS = 200  # along a side, to which flat pictures are refined
STEEPEST = 3.0  # of a slope at a grid point, in slopes of the less steep neighbouring step: beyond, a cubic overshoots


def factor_for(shape: tuple[int, ...], cells: int) -> int:
    """Steps of a finer grid to one of a grid of that shape, so that no side has many more than `cells`."""
    return max(1, cells // max(max(shape) - 1, 1))


def finer_places(places: FloatArray, factor: int) -> FloatArray:
    """Grid lines with `factor` steps where there was one: (n,) → ((n − 1)·factor + 1,)."""
    return np.interp(np.arange((len(places) - 1) * factor + 1) / factor, np.arange(len(places)), places)


def refine(x: FloatArray, y: FloatArray, values: FloatArray, factor: int) -> FloatArray:
    """Values (ny, nx) on a grid with `factor` steps where there was one: ((ny − 1)·factor + 1, (nx − 1)·factor + 1).

    What is not known stays unknown: a cell with two or more unknown corners stays open, one with a single unknown
    corner is filled over the half of the other three.
    """
    if factor == 1:
        return values
    along_x_first = _along_rows(y, _along_rows(x, values, factor).T, factor).T
    along_y_first = _along_rows(x, _along_rows(y, values.T, factor).T, factor)
    # Limits are not linear, so the order matters a little; the mean prefers neither direction.
    fine: FloatArray = (along_x_first + along_y_first) / 2
    _fill_halves(fine, values, factor)
    return fine


def between(values: FloatArray, factor: int) -> FloatArray:
    """As `refine`, bilinear and beside an unknown corner unknown: for what is no height."""
    if factor == 1:
        return values
    share = (np.arange(values.shape[1] - 1)[:, None] + np.arange(factor) / factor).ravel()
    rows = _linear_along_rows(values, share)
    down = (np.arange(values.shape[0] - 1)[:, None] + np.arange(factor) / factor).ravel()
    return _linear_along_rows(rows.T, down).T


def _linear_along_rows(values: FloatArray, at: FloatArray) -> FloatArray:
    index = at.astype(np.intp)
    share = at - index
    inner = np.where(share > 0, values[:, index] * (1 - share) + values[:, index + 1] * share, values[:, index])
    return np.concatenate([inner, values[:, -1:]], axis=1)


def _along_rows(places: FloatArray, values: FloatArray, factor: int) -> FloatArray:
    """Cubic pieces along the second axis, with the grid's own values kept bit for bit."""
    slope = _limited_slopes(places, values)
    run = np.diff(places)[:, None]
    t = np.arange(factor) / factor
    start, end = values[:, :-1, None], values[:, 1:, None]
    fine = (
        start * ((1 + 2 * t) * (1 - t) ** 2)
        + end * (t**2 * (3 - 2 * t))
        + slope[:, :-1, None] * run * (t * (1 - t) ** 2)
        + slope[:, 1:, None] * run * (t**2 * (t - 1))
    )
    # The limits hold exactly only in exact arithmetic; and beside an unknown point the known one stays known.
    fine = np.clip(fine, np.minimum(start, end), np.maximum(start, end))
    fine[:, :, 0] = values[:, :-1]
    return np.concatenate([fine.reshape(len(values), -1), values[:, -1:]], axis=1)


def _limited_slopes(places: FloatArray, values: FloatArray) -> FloatArray:
    """Slopes along the second axis at the grid points: the parabola's through three points, within its limits."""
    run = np.diff(places)
    with np.errstate(invalid="ignore"):
        secant = np.diff(values, axis=1) / run
    unknown = np.full((len(values), 1), np.nan)
    before, after = np.concatenate([unknown, secant], axis=1), np.concatenate([secant, unknown], axis=1)
    run_before, run_after = np.append(run[0], run), np.append(run, run[-1])
    parabola = (run_after * before + run_before * after) / (run_before + run_after)
    limit = STEEPEST * np.minimum(np.abs(before), np.abs(after))
    inner = np.where(before * after > 0, np.clip(parabola, -limit, limit), 0.0)
    both = np.isfinite(before) & np.isfinite(after)
    inner = np.where(both, inner, np.nan)
    # At an end, or beside an unknown point: as a parabola goes on from the neighbour's slope, within the same limits.
    neighbour_after = np.concatenate([inner[:, 1:], unknown], axis=1)
    neighbour_before = np.concatenate([unknown, inner[:, :-1]], axis=1)
    slope = np.where(both, inner, np.where(np.isfinite(after), _end(after, neighbour_after), 0.0))
    return np.where(~both & np.isfinite(before), _end(before, neighbour_before), slope)


def _end(secant: FloatArray, neighbour: FloatArray) -> FloatArray:
    open_end = np.where(np.isfinite(neighbour), 1.5 * secant - 0.5 * neighbour, secant)
    return np.where(
        secant >= 0,
        np.clip(open_end, 0.0, STEEPEST * np.maximum(secant, 0.0)),
        np.clip(open_end, STEEPEST * np.minimum(secant, 0.0), 0.0),
    )


def _fill_halves(fine: FloatArray, values: FloatArray, factor: int) -> None:
    """Cells with one unknown corner: the two known edges carried over the half between them, in place."""
    known = np.isfinite(values)
    count = known[:-1, :-1].astype(int) + known[:-1, 1:] + known[1:, :-1] + known[1:, 1:]
    steps = np.arange(factor + 1)
    across, up = np.meshgrid(steps, steps)
    half = across + up <= factor  # seen from the corner opposite to the unknown one
    for row, column in np.argwhere(count == 3):
        cell = fine[row * factor : (row + 1) * factor + 1, column * factor : (column + 1) * factor + 1]
        corners = known[row : row + 2, column : column + 2]
        lacks_row, lacks_column = (int(index[0]) for index in np.nonzero(~corners))
        seen = cell[:: 1 if lacks_row else -1, :: 1 if lacks_column else -1]  # unknown corner last in both directions
        sheet = seen[:1] + seen[:, :1] - seen[0, 0]
        low, high = np.nanmin(seen[[0, 0, -1], [0, -1, 0]]), np.nanmax(seen[[0, 0, -1], [0, -1, 0]])
        inner = half & (across > 0) & (up > 0)
        seen[inner] = np.clip(sheet, low, high)[inner]


def sample(x: FloatArray, y: FloatArray, values: FloatArray, at_x: FloatArray, at_y: FloatArray) -> FloatArray:
    """Bilinear values at points of the plane, of the shape of `at_x`; NaN outside the grid and in an unknown cell."""
    column, across = _cells(x, at_x)
    row, up = _cells(y, at_y)
    lower = values[row, column] * (1 - across) + values[row, column + 1] * across
    upper = values[row + 1, column] * (1 - across) + values[row + 1, column + 1] * across
    found: FloatArray = lower * (1 - up) + upper * up
    return np.where((at_x < x[0]) | (at_x > x[-1]) | (at_y < y[0]) | (at_y > y[-1]), np.nan, found)


def _cells(places: FloatArray, at: FloatArray) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], FloatArray]:
    index = np.clip(np.searchsorted(places, at, side="right") - 1, 0, len(places) - 2)
    return index, (at - places[index]) / (places[index + 1] - places[index])
