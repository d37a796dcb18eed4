"""Whether a correction changes a number: one answer for searches, tables, sentences and pictures."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Values = float | FloatArray
ROUNDING = 1e-9  # of what a range spans, or of its larger end, where rounding is coarser: a smaller change is none


def is_changed(before: Values, after: Values, low: Values, high: Values) -> npt.NDArray[np.bool_]:
    """Whether numbers became others.

    Parameters
    ----------
    before, after : (…,), in the user's units
        NaN where there is no correction, which counts as no change.
    low, high : (…,), of the ranges
    """
    extent = np.maximum(np.subtract(high, low), np.maximum(np.abs(low), np.abs(high)))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(np.subtract(after, before)) > ROUNDING * extent)
