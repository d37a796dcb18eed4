"""The height that one sees, in which surfaces are interpolated and their errors are stated."""

import numpy as np

from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET

HEADROOM = 3.0  # above the display limit heights count as they are this far, and less and less beyond


def height(loss: FloatArray) -> FloatArray:
    """``log(loss + 0.1)``, as in the original tool's 3-D export (Li et al. 2018); NaN where the loss is not finite."""
    finite = np.isfinite(loss)
    heights: FloatArray = np.where(finite, np.log(np.maximum(np.where(finite, loss, 0.0), 0.0) + LOG_OFFSET), np.nan)
    return heights


class Compression:
    """Heights, compressed far above the display limit: cliffs that nobody sees must not sway what is seen."""

    def __init__(self, display_limit: float) -> None:
        self.top = float(np.log(display_limit + LOG_OFFSET))
        self._bend = self.top + HEADROOM

    def to(self, loss: FloatArray) -> FloatArray:
        """Compressed heights; NaN where the loss is not finite."""
        heights = height(loss)
        beyond = np.maximum(heights - self._bend, 0.0)
        compressed: FloatArray = np.where(beyond > 0, self._bend + np.log1p(beyond), heights)
        return compressed

    def back(self, heights: FloatArray) -> FloatArray:
        """The losses of compressed heights, never below zero."""
        beyond = np.clip(heights - self._bend, 0.0, 6.0)
        plain = np.where(beyond > 0, self._bend + np.expm1(beyond), heights)
        losses: FloatArray = np.maximum(np.exp(np.minimum(plain, 700.0)) - LOG_OFFSET, 0.0)
        return losses
