"""The range of one feature: where values lie on a line of pixels, which values it has, and what is written below it."""

import math
from dataclasses import dataclass

from app.render.plot.number_text import decimals_within, plain_number

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
FINEST = 1000  # values that a hand tells apart where a feature has no step


@dataclass(frozen=True)
class Span:
    """From the lowest to the highest value, in whole multiples of the step; 0: any number."""

    low: float
    high: float
    step: float = 0.0

    @property
    def width(self) -> float:
        """What the range spans."""
        return self.high - self.low

    @property
    def nudge(self) -> float:
        """By how much a key moves a handle: the step, or a hundredth of the range, rounded to be read easily."""
        return self.step or nice_step(self.width / 100)

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1; a value outside lies at the end."""
        return min(max((value - self.low) / self.width, 0.0), 1.0)

    def snapped(self, share: float) -> float:
        """The value at a share of the range: a multiple of the step, or one with few digits."""
        value = self.low + share * self.width
        unit = self.step or nice_step(self.width / FINEST)
        return self.within(round(value / unit) * unit)

    def within(self, value: float) -> float:
        """The nearest value of the range; on the steps, if there are any."""
        if not self.step:
            return min(max(value, self.low), self.high)
        lowest = math.ceil(self.low / self.step - 1e-9)
        highest = math.floor(self.high / self.step + 1e-9)
        return min(max(round(value / self.step), lowest), max(lowest, highest)) * self.step

    def text(self, value: float) -> str:
        """A value as exact as a hand can place it."""
        if self.step and float(self.step).is_integer() and float(value).is_integer():
            return plain_number(value, 0)
        text = plain_number(value, decimals_within(self.width))
        return text.rstrip("0").rstrip(".") if "." in text else text

    def ticks(self, most: int) -> list[float]:
        """Round values of the range, at most so many."""
        step = nice_step(self.width / (4 * most))
        if self.step and self.step <= self.width:
            step = max(step, self.step)
        while (last := math.floor(self.high / step + 1e-9)) - math.ceil(self.low / step - 1e-9) >= most:
            step = nice_step(1.3 * step)
        return [count * step for count in range(math.ceil(self.low / step - 1e-9), last + 1)]


def nice_step(least: float) -> float:
    """The next number of the form 1, 2, 2.5, 5 times a power of ten."""
    if not (math.isfinite(least) and least > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in _NICE if factor * power >= least * (1 - 1e-9))
