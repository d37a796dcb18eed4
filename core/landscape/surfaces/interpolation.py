"""What a partial surface shows between the points that are computed: bilinear, in the height that one sees."""

import numpy as np
import numpy.typing as npt

from core.landscape.surfaces.schedule import Level

FloatArray = npt.NDArray[np.float64]
OFFSET = 0.1  # heights are log(loss + 0.1), as in the original tool's 3-D export (Li et al. 2018)


def fill_between(values: FloatArray, evaluated: npt.NDArray[np.bool_], level: Level, *, log: bool) -> FloatArray:
    """Fill cells that were not evaluated from the lines of a completed level.

    Parameters
    ----------
    values : (ny, nx)
        Known where `evaluated`.
    level : Level
        Whose rows and columns are evaluated wherever they cross.
    log : bool
        Interpolate log(value + 0.1) rather than the value.

    Returns
    -------
    (ny, nx), the values themselves where evaluated; NaN next to a point that has no finite value.
    """
    from scipy.interpolate import RegularGridInterpolator  # noqa: PLC0415  0.4 s, and the first points need none

    ny, nx = values.shape
    known = values[np.ix_(level.rows, level.columns)]
    heights = np.where(np.isfinite(known), known, np.nan)
    if log:
        heights = np.log(np.maximum(heights, 0) + OFFSET)
    between = RegularGridInterpolator((level.rows, level.columns), heights, method="linear")
    everywhere = between(np.stack(np.meshgrid(np.arange(ny), np.arange(nx), indexing="ij"), axis=-1))
    filled: FloatArray = np.exp(everywhere) - OFFSET if log else everywhere
    return np.where(evaluated, values, np.maximum(filled, 0))
