"""From loss to height and colour: one scale for every picture of a surface, or of several that are compared."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from core.errors import InvalidRequest
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET, Surface

Kind = Literal["log", "linear"]

MANTISSAS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))  # from few round numbers to many


@dataclass(frozen=True, kw_only=True)
class HeightScale:
    """How a loss becomes a height and a colour, and what the numbers beside the picture are.

    A loss above `high` is drawn at `high` and marked there. A loss that is not finite has no height: NaN.
    """

    low: float  # loss at the bottom, nats per sample
    high: float  # loss at the top
    kind: Kind = "log"
    clips: bool = False  # some loss lies above `high`

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high):
            raise InvalidRequest(
                f"A scale from loss {self.low:g} to {self.high:g} shows nothing. "
                "Give two finite numbers, the smaller first."
            )
        if self.kind == "log" and self.low < 0:
            raise InvalidRequest(
                f"A logarithmic scale cannot start at loss {self.low:g}. Start at zero or above, or use a linear scale."
            )

    @cached_property
    def bottom(self) -> float:
        """Height of `low`."""
        return self.height(self.low)

    @cached_property
    def top(self) -> float:
        """Height of `high`."""
        return self.height(self.high)

    def height(self, loss: float) -> float:
        """The height of a single finite loss, not clipped."""
        return loss if self.kind == "linear" else math.log10(max(loss, 0.0) + LOG_OFFSET)

    def heights(self, loss: FloatArray) -> FloatArray:
        """Heights of losses, not clipped; NaN where the loss is not finite. Same shape."""
        finite = np.where(np.isfinite(loss), loss, np.nan)
        if self.kind == "linear":
            return finite
        return np.log10(np.maximum(finite, 0.0) + LOG_OFFSET)

    def shares(self, loss: FloatArray) -> FloatArray:
        """Heights as shares of the scale: 0 at `low`, 1 at `high` and above; NaN where the loss is not finite."""
        return np.clip((self.heights(loss) - self.bottom) / (self.top - self.bottom), 0.0, 1.0)

    def share(self, loss: float) -> float:
        """The share of a single finite loss."""
        return min(max((self.height(loss) - self.bottom) / (self.top - self.bottom), 0.0), 1.0)

    def ticks(self, most: int = 8) -> tuple[float, ...]:
        """Round losses between `low` and `high`, at most about `most`, evenly enough spread to be read."""
        return self._round_losses(most, gap=0.06)

    def levels(self, most: int = 20) -> tuple[float, ...]:
        """Losses at which contour lines are drawn: round, and as dense as `most` allows."""
        return tuple(level for level in self._round_losses(most, gap=0.03) if self.low < level)

    def _round_losses(self, most: int, gap: float) -> tuple[float, ...]:
        """Round losses inside the scale, no two closer than `gap` of its height."""
        chosen: tuple[float, ...] = ()
        if self.kind == "log":
            for mantissas in MANTISSAS:
                finer = self._spread(_decades(self.high, mantissas), gap)
                if len(finer) > most:
                    return chosen or finer[:: 1 + len(finer) // most]
                chosen = finer
        # A scale narrower than about one decade has too few round numbers of its own: count evenly.
        return chosen if len(chosen) >= 4 else self._spread(even_ticks(self.low, self.high, most), gap)

    def _spread(self, losses: Iterable[float], gap: float) -> tuple[float, ...]:
        inside = [loss for loss in losses if self.low <= loss <= self.high]
        kept: list[float] = []
        for loss in reversed(inside):  # from the top, where round numbers lie closest to what is read
            if not kept or self.share(kept[-1]) - self.share(loss) >= gap:
                kept.append(loss)
        if inside and inside[0] == 0.0:  # zero says more than the small number just above it
            kept[-1] = 0.0
        return tuple(reversed(kept))


def _decades(high: float, mantissas: Sequence[float]) -> list[float]:
    powers = range(-3, int(np.ceil(np.log10(high))) + 1)
    # Written as text and read again, so that 3 × 10⁻¹ is 0.3 and not 0.30000000000000004.
    return [0.0] + [float(f"{mantissa}e{power}") for power in powers for mantissa in mantissas]


def even_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from `low` to `high` at one distance, at most about `most` of them."""
    rough = (high - low) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * factor for factor in (1.0, 2.0, 5.0, 10.0) if power * factor >= rough * 0.999)
    digits = max(0, int(np.ceil(-np.log10(step))) + 1)
    return [round(float(k * step), digits) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def shared_scale(surfaces: Sequence[Surface], kind: Kind = "log", limit: float | None = None) -> HeightScale:
    """The one scale on which all these surfaces can be compared.

    Parameters
    ----------
    surfaces : sequence of Surface
        What is known of them so far; NaN and infinity are left out.
    kind : "log" or "linear"
        Losses below zero cannot be drawn on the logarithmic scale: then it is linear.
    limit : float, optional
        Loss above which the picture is clipped. By default the largest display limit that a surface asked for.
    """
    finite = [surface.loss[np.isfinite(surface.loss)] for surface in surfaces]
    known = np.concatenate(finite) if finite else np.empty(0)
    if limit is None:
        limit = max((surface.request.display_limit for surface in surfaces), default=10.0)
    if known.size == 0:
        return HeightScale(low=0.0, high=limit, kind=kind)
    low, most = float(known.min()), float(known.max())
    if low < 0:
        kind = "linear"
    high = min(most, limit)
    if high <= low:  # constant, or everything above the limit
        high = max(limit, low) if most > limit else low
        spread = 0.05 * max(abs(high), LOG_OFFSET)
        low, high = (low if low < high else low - spread), high + spread
        low = max(low, 0.0) if kind == "log" else low
    scale = HeightScale(low=low, high=high, kind=kind, clips=most > high)
    # A bottom that cannot be told from zero is called zero.
    at_zero = HeightScale(low=0.0, high=high, kind=kind, clips=scale.clips) if low > 0 and high > 0 else scale
    return at_zero if at_zero.share(low) < 0.02 else scale
