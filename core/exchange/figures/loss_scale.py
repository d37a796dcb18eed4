"""From loss to height and colour: the same logarithm, limit and round numbers in every exported figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET, Surface

_ROUND = np.array([0.0, *(m * 10.0**p for p in range(-4, 7) for m in (1, 2, 5))])


@dataclass(frozen=True)
class LossScale:
    """Heights of losses between `low` and `high`; what is above is drawn at `high`."""

    low: float
    high: float
    logarithmic: bool
    clipped: int  # points above `high`

    def height(self, loss: FloatArray | float) -> FloatArray:
        """The height of losses, clipped at `high`; NaN where they are not finite."""
        finite = np.where(np.isfinite(loss), loss, np.nan)
        limited = np.minimum(finite, self.high)
        return np.log10(np.maximum(limited, 0.0) + LOG_OFFSET) if self.logarithmic else np.asarray(limited)

    def levels(self, bands: int = 28) -> FloatArray:
        """Heights that bound the filled bands: (bands + 1,)."""
        return np.linspace(self.height(self.low), self.height(self.high), bands + 1)

    def round_losses(self, most: int) -> list[float]:
        """Round losses inside the scale, lines to be drawn and labelled at: at most `most`."""
        if not self.logarithmic:
            step = _round_step((self.high - self.low) / most)
            return [float(k * step) for k in range(int(np.ceil(self.low / step)), int(self.high / step) + 1)]
        inside = [float(f"{loss:.1g}") for loss in _ROUND if self.low <= loss <= self.high]
        gap = float(self.height(self.high) - self.height(self.low)) / (1.5 * most)
        kept: list[float] = []
        for loss in reversed(inside):
            if not kept or float(self.height(kept[-1]) - self.height(loss)) >= gap:
                kept.append(loss)
        return kept[::-1]


def loss_scale(surface: Surface) -> LossScale:
    """The scale of a surface: from its lowest loss to its display limit, or to its highest loss if that is lower.

    Losses below zero, which some loss functions have, make it linear.
    """
    known = surface.loss[np.isfinite(surface.loss)]
    if known.size == 0:
        limit = surface.request.display_limit
        return LossScale(low=0.0, high=limit if np.isfinite(limit) else 1.0, logarithmic=True, clipped=0)
    low, most = float(known.min()), float(known.max())
    high = min(most, surface.request.display_limit)
    if high <= low:  # flat, or above the limit everywhere
        low, high = min(low, high) - 0.05 * max(abs(high), LOG_OFFSET), high + 0.05 * max(abs(high), LOG_OFFSET)
        low = max(low, 0.0) if known.min() >= 0 else low
    return LossScale(low=low, high=high, logarithmic=bool(low >= 0), clipped=int(np.count_nonzero(known > high)))


def common_scale(surfaces: Sequence[Surface]) -> LossScale:
    """One scale for several surfaces: from the lowest loss of all to the highest, or to the largest display limit."""
    scales = [loss_scale(surface) for surface in surfaces]
    return LossScale(
        low=min(scale.low for scale in scales),
        high=max(scale.high for scale in scales),
        logarithmic=all(scale.logarithmic for scale in scales),
        clipped=sum(scale.clipped for scale in scales),
    )


def _round_step(rough: float) -> float:
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= 0.999 * rough))
