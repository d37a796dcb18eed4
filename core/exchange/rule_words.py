"""The largest accepted box as a rule in words, in the user's own units, and the paper's triangle beside it."""

import math

from core.corrections.records.correction import Correction, FreeFeature, Proof, Triangle
from core.exchange.shown_names import shown
from core.exchange.words import MINUS, NARROW_SPACE, number

Pair = tuple[float, float]
_MOST_DECIMALS = 12
_ULPS = 8  # of a side: as much as centre ± half-width may miss a number that was typed in
KNOWN: dict[Proof, str] = {
    "proved": "accepted, proved",
    "sampled": "accepted at samples, not proved",
    "unknown": "accepted in the exact slice, not proved a second time",
    "none_exists": "not accepted",
}


def rule_words(correction: Correction, units: tuple[str, str]) -> str:
    """``raise speed to 1 340–1 800 rpm with valve from 20 to 98 %: accepted, proved``; "" without a box.

    Notes
    -----
    Numbers are rounded inwards: whoever follows the rule as it is written is in the box.
    """
    box = correction.largest_box
    if box is None:
        return ""
    moves, others = [], []
    for axis, (feature, unit) in enumerate(zip(correction.request.free, units, strict=True)):
        sides = (box.bounds[axis], box.bounds[axis + 2])
        side = Side(feature, shown(unit, 20), sides)
        before = correction.request.point[axis]
        if side.low <= before <= side.high:
            others.append(side.kept())
        else:
            moves.append(side.moved(upwards=before < side.low))
    rule = " and ".join(moves)
    with_others = f"with {' and '.join(others)}" if others else ""
    return f"{rule} {with_others}".strip() + f": {KNOWN[box.proof]}"


def area_words(triangle: Triangle) -> str:
    """How much of the accepted area a triangle has."""
    return f"{number(100 * triangle.share, 2)} % of the accepted area"


def triangle_words(correction: Correction) -> str:
    """How much of the accepted area the paper's triangle has, and how far its nearest correction is; "" without one."""
    triangle = correction.triangle
    if triangle is None:
        return ""
    share = area_words(triangle)
    if triangle.distance is None:
        return f"{share}; the stability asked for does not fit into it"
    exact = correction.distance
    if not exact or triangle.distance <= exact * (1 + 1e-6):
        return f"{share}; its nearest stable correction is as near as any"
    farther = number(100 * (triangle.distance / exact - 1), 2)
    return f"{share}; its nearest stable correction is {farther} % farther, at {number(triangle.distance)}"


class Side:
    """What the rule says of one feature."""

    def __init__(self, feature: FreeFeature, unit: str, sides: Pair) -> None:
        self._feature, self._unit, self._name = feature, unit, shown(feature.name, 40)
        self.decimals, self.low, self.high = _inward(sides, feature.high - feature.low)
        hair = 1e-9 * (feature.high - feature.low)
        self._from_low, self._to_high = sides[0] <= feature.low + hair, sides[1] >= feature.high - hair

    def moved(self, *, upwards: bool) -> str:
        """``raise speed to 1 340–1 800 rpm``; where the range ends, that it may be more but for that."""
        verb = "raise" if upwards else "lower"
        if upwards and self._to_high and self.low < self.high:
            return f"{verb} {self._name} to {self._amount(self.low)} or more (up to {self._text(self.high)})"
        if not upwards and self._from_low and self.low < self.high:
            return f"{verb} {self._name} to {self._amount(self.high)} or less (down to {self._text(self.low)})"
        return f"{verb} {self._name} to {self._span()}"

    def kept(self) -> str:
        """``valve from 20 to 98 %``, ``any valve from 0 to 100 %``."""
        both = f"from {self._text(self.low)} to {self._amount(self.high)}"
        if self._from_low and self._to_high:
            return f"any {self._name} {both}"
        return f"{self._name} {both}" if self.low < self.high else f"{self._name} at {self._amount(self.low)}"

    def asked(self) -> str:
        """``duration at most 27 months``, ``amount 701–1 201 DM``; "" where any value of the range will do."""
        if self._from_low and self._to_high:
            return ""
        if self.low < self.high and self._from_low:
            return f"{self._name} at most {self._amount(self.high)}"
        if self.low < self.high and self._to_high:
            return f"{self._name} at least {self._amount(self.low)}"
        return f"{self._name} {self._span()}"

    def _span(self) -> str:
        if self.low == self.high:
            return self._amount(self.low)
        parted = " to " if self.low < 0 else "–"
        return f"{self._text(self.low)}{parted}{self._amount(self.high)}"

    def _amount(self, value: float) -> str:
        return f"{self._text(value)}\u00a0{self._unit}".rstrip()

    def _text(self, value: float) -> str:
        text = f"{abs(value):,.{self.decimals}f}".replace(",", NARROW_SPACE if abs(value) >= 10_000 else "")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def _inward(sides: Pair, extent: float) -> tuple[int, float, float]:
    """Decimals, and both sides rounded inwards to them: a thousandth of the range, or finer if that leaves nothing."""
    first = max(0, math.ceil(-math.log10(extent)) + 3)
    for decimals in range(first, max(first, _MOST_DECIMALS) + 1):
        low, high = _rounded(sides[0], decimals, 1), _rounded(sides[1], decimals, -1)
        if low < high or (low == high and sides[1] - sides[0] < _ULPS * math.ulp(sides[1])):
            return decimals, low, high
    return max(first, _MOST_DECIMALS), *sides


def _rounded(value: float, decimals: int, sign: int) -> float:
    """To the next number with so many decimals in the direction of `sign`; none further on if only rounding is missing.

    A side that was meant to be such a number misses it by a few units in the last place.
    """
    near = round(value, decimals)
    if sign * (near - value) >= -_ULPS * math.ulp(value):
        return near
    return round(near + sign * 10.0**-decimals, decimals)
