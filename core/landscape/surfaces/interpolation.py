"""What a partial surface shows between the points that are computed: bilinear, in the height that one sees."""

import numpy as np
import numpy.typing as npt

from core.landscape.surface import LOG_OFFSET
from core.landscape.surfaces.heights import height
from core.landscape.surfaces.schedule import Level

FloatArray = npt.NDArray[np.float64]


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
    heights = height(known) if log else np.where(np.isfinite(known), known, np.nan)
    between = RegularGridInterpolator((level.rows, level.columns), heights, method="linear")
    everywhere = between(np.stack(np.meshgrid(np.arange(ny), np.arange(nx), indexing="ij"), axis=-1))
    filled: FloatArray = np.exp(everywhere) - LOG_OFFSET if log else everywhere
    return np.where(evaluated, values, np.maximum(filled, 0))
