"""Minimal against stable in words: what a stability means, what it costs, and what can be had at most."""

from app.render.plot.number_text import significant, without_zeros
from app.render.plot.slices.correction_words import SliceWords
from core.corrections.records.tradeoff import Tradeoff
from core.exchange.words import rounded_down

DIGITS = 4  # of half-widths and multiples
HINT = "Click, drag or press ← → to pick a stability: the box takes its half-widths and the nearest stable place."


class TradeoffWords:
    """Writes about one curve in the names and units of its slice."""

    def __init__(self, tradeoff: Tradeoff, words: SliceWords) -> None:
        self._tradeoff, self._words = tradeoff, words

    def axis(self) -> tuple[str, str]:
        """What the axis counts, at length and short."""
        if not self._tradeoff.asked:
            return "stability (± % of both ranges)", "stability (± %)"
        return f"stability (times {self.half_widths(1.0)})", "stability (times what was asked for)"

    def half_widths(self, stability: float) -> str:
        """``±2 months, ±500 DM``, rounded down, without features that need not be stable."""
        wide = [
            self._amount(axis, half)
            for axis, half in enumerate(self._tradeoff.half_width(stability))
            if self._tradeoff.unit[axis] > 0
        ]
        return ", ".join(f"±{text}" for text in wide)

    def multiple(self, stability: float) -> str:
        """How many times what was asked for, or how many hundredths of the ranges."""
        counted = without_zeros(significant(stability, DIGITS))
        return f"{counted} times what was asked for" if self._tradeoff.asked else f"±{counted} % of both ranges"

    def at(self, stability: float) -> str:
        """What is had at a stability, and for which distance."""
        distance = self._tradeoff.distance_at(stability)
        centre = (self._tradeoff.stable_centre_at if self._words.stepped else self._tradeoff.centre_at)(stability)
        asked = self.half_widths(stability) if stability > 0 else "no stability"
        if distance is None or centre is None:
            none = stability >= self._tradeoff.none_beyond
            return f"{asked}: {'provably no correction is that stable' if none else 'not known'}"
        names = self._words.names
        place = ", ".join(f"{names[axis]} {self._words.amount(axis, centre[axis])}" for axis in (0, 1))
        return f"{asked} ({self.multiple(stability)}): distance {significant(distance, 3)}, at {place}"

    def summary(self) -> str:
        """What was asked for, and the most that can be had."""
        largest = self._tradeoff.largest
        if largest is None:
            return "Nothing in this slice is accepted, whatever the stability."
        most = f"at most {self.half_widths(largest)} ({self.multiple(rounded_down(largest, DIGITS))})"
        farthest = f"{most} at distance {significant(float(self._tradeoff.distance[-1]), 3)}"
        if not self._tradeoff.asked:
            return f"Without stability the distance is {significant(float(self._tradeoff.distance[0]), 3)}; {farthest}."
        distance = self._tradeoff.distance_at(1.0)
        if distance is None:
            return f"Nothing is as stable as asked for ({self.half_widths(1.0)}); {farthest}."
        return f"Asked for: {self.half_widths(1.0)} at distance {significant(distance, 3)}; {farthest}."

    def _amount(self, axis: int, half: float) -> str:
        return self._words.with_unit(without_zeros(significant(rounded_down(half, DIGITS), DIGITS)), axis)
