"""How steep a surface is at its grid points: what its shading is made of."""

import numpy as np

from core.landscape.plane import FloatArray


def slopes(x: FloatArray, y: FloatArray, heights: FloatArray) -> FloatArray:
    """Derivatives of the heights along x and y at every point: (ny, nx, 2).

    Central where both neighbours are known, one-sided at an edge or beside a hole, 0 where neither is known.
    """
    along_x = _slope_along_rows(x, heights)
    along_y = _slope_along_rows(y, heights.T).T
    return np.stack([along_x, along_y], axis=-1)


def _slope_along_rows(places: FloatArray, heights: FloatArray) -> FloatArray:
    step = np.diff(heights, axis=1)
    run = np.broadcast_to(np.diff(places), step.shape)
    known = np.isfinite(step)
    rise = np.zeros((heights.shape[0], heights.shape[1] + 1))
    length = np.zeros_like(rise)
    rise[:, 1:-1] = np.where(known, step, 0.0)
    length[:, 1:-1] = np.where(known, run, 0.0)
    total = length[:, :-1] + length[:, 1:]
    result: FloatArray = np.divide(rise[:, :-1] + rise[:, 1:], total, out=np.zeros_like(heights), where=total > 0)
    return result
