"""How sure an accuracy is that was found on so many samples; no torch here."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

CONFIDENCE = 0.95
QUANTILE = 1.959963984540054  # of the normal distribution, for that confidence on both sides


def wilson_interval(share: npt.ArrayLike, samples: int) -> tuple[FloatArray, FloatArray]:
    """Lower and upper end of the interval for a share that was found on so many samples (Wilson 1927), at 95 %.

    It tells how far the share of all samples of this kind may lie from that of these, if these were drawn at random. It
    never leaves 0 to 1, and has a width at 0 and 1 too. NaN stays NaN.

    Parameters
    ----------
    share : array, 0 to 1
    samples : int
        At least one.
    """
    found = np.asarray(share, dtype=np.float64)
    weight = QUANTILE**2 / samples
    centre = (found + weight / 2) / (1 + weight)
    half = np.sqrt(found * (1 - found) * weight + weight**2 / 4) / (1 + weight)
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)
