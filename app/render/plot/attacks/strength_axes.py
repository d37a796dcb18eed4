"""The axes below and above a plot against strength: ε, and the L2 length that is a fixed multiple of it."""

import math
from collections.abc import Sequence

from app.render.plot.runs.curve_panel import LossAxis


class StrengthAxis(LossAxis):
    """An axis in multiples of what the plot holds; with powers of ten where that holds logarithms."""

    def __init__(self, orientation: str, ratio: float = 1.0) -> None:
        super().__init__(orientation)  # type: ignore[arg-type]  # "top" is styled by whoever makes it
        self._ratio = ratio

    @property
    def ratio(self) -> float:
        """What this axis shows of 1."""
        return self._ratio

    def set_ratio(self, ratio: float) -> None:
        """Show that multiple from now on."""
        self._ratio = ratio
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if self.logarithmic:
            shift = math.log10(self._ratio)
            found = super().tickValues(low + shift, high + shift, size)
            return [(spacing, [value - shift for value in values]) for spacing, values in found]
        found = super().tickValues(low * self._ratio, high * self._ratio, size)
        return [(spacing / self._ratio, [value / self._ratio for value in values]) for spacing, values in found]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            shift = math.log10(self._ratio)
            return super().tickStrings([value + shift for value in values], scale, spacing)
        return super().tickStrings([value * self._ratio for value in values], scale, spacing * self._ratio)
