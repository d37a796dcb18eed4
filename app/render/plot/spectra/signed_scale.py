"""Scales for signed values, and an axis range that does not jump while values still come in."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.render.plot.number_text import MINUS, power_of_ten
from core.spectrum.spectrum import FloatArray

Ticks = list[tuple[float, str]]

MOST_TICKS = 13
_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # ends of an axis, times a power of ten


class Scale(Protocol):
    """From signed values to places along an axis, strictly increasing, zero at zero."""

    def place(self, values: FloatArray) -> FloatArray:
        """Where the values lie."""
        ...

    def ticks(self, low: float, high: float) -> Ticks | None:
        """Places and texts of the ticks between two places; None: the axis may choose."""
        ...

    def end(self, place: float) -> float:
        """A good end of an axis that has to reach this place, which is positive."""
        ...


@dataclass(frozen=True)
class LinearScale:
    """A value is its own place."""

    def place(self, values: FloatArray) -> FloatArray:
        return values

    def ticks(self, low: float, high: float) -> Ticks | None:  # noqa: ARG002  the plot knows best
        return None

    def end(self, place: float) -> float:
        return round_up(place)


@dataclass(frozen=True)
class SignedLogScale:
    """Logarithmic on both sides of zero, linear around it: ``asinh(value / (2·within)) / ln 10``.

    From a few times `within` on, a factor of ten is one unit of place. Unlike a logarithm of the magnitude, it has a
    place for zero and keeps negative values below it.
    """

    within: float  # below this magnitude the scale is nearly linear

    def place(self, values: FloatArray) -> FloatArray:
        return np.asarray(np.arcsinh(values / (2 * self.within)) / math.log(10), dtype=np.float64)

    def ticks(self, low: float, high: float) -> Ticks | None:
        first = math.ceil(math.log10(self.within) - 1e-9)
        last = math.ceil(math.log10(self.within) + max(abs(low), abs(high)))
        every = max(1, math.ceil((last - first + 1) * (2 if low < 0 < high else 1) / MOST_TICKS))
        exponents = range(last - (last - first) // every * every, last + 1, every)
        chosen: Ticks = [(0.0, "0")]
        for exponent in exponents:
            place = float(self.place(np.array([10.0**exponent]))[0])
            if place > 0.07 * (high - low):  # nearer, its text would touch that of zero
                chosen += [(place, power_of_ten(exponent)), (-place, MINUS + power_of_ten(exponent))]
        return sorted(tick for tick in chosen if low <= tick[0] <= high)

    def end(self, place: float) -> float:
        return math.ceil(4 * place) / 4  # a quarter of a decade


class SteadyRange:
    """The ends of an axis: they grow at once, to a round number, and shrink only when most of the axis is empty.

    A spectrum that is still converging moves a little 15 times a second; its axis should not.
    """

    SHRINK_BELOW = 0.35  # of the end: below it the bars are too short to compare

    def __init__(self) -> None:
        self.low = 0.0
        self.high = 0.0

    def reset(self) -> None:
        """Forget what was shown: another spectrum comes."""
        self.low = self.high = 0.0

    def include(self, smallest: float, largest: float, scale: Scale) -> None:
        """Make room for places from `smallest` to `largest`; zero is always inside."""
        self.low = -self._end(-self.low, max(0.0, -smallest), scale)
        self.high = self._end(self.high, max(0.0, largest), scale)
        if self.low == self.high == 0.0:
            self.high = 1.0

    def _end(self, present: float, needed: float, scale: Scale) -> float:
        if self.SHRINK_BELOW * present <= needed <= present:
            return present
        return scale.end(needed * 1.04) if needed > 0 else 0.0


def round_up(value: float) -> float:
    """The next larger of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, for a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-12))


def log_scale_for(values: FloatArray, previous: SignedLogScale | None = None) -> SignedLogScale:
    """A scale on which the smallest value has a visible length, over at most six decades.

    The previous one is kept while it serves, so that a live update does not move every bar.
    """
    magnitudes = np.abs(values[np.isfinite(values) & (values != 0)])
    if magnitudes.size == 0:
        return previous or SignedLogScale(1.0)
    wanted = math.floor(math.log10(max(float(magnitudes.min()), float(magnitudes.max()) * 1e-6)))
    if previous is not None and abs(math.log10(previous.within) - wanted) < 1.5:
        return previous
    return SignedLogScale(10.0**wanted)
