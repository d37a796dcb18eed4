"""One figure that was read off a picture, with everything a meeting may ask about it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number that two surfaces or curves can be compared by."""

    key: str  # the same for the same measure of any surface, such as "sharpness-0.1"
    name: str  # such as "Sharpness within 0.1"
    value: float  # NaN: cannot be said; `text` then tells why
    unit: str  # of the value; "" for ratios
    text: str  # the value in words, for a table cell or a line of a report
    definition: str  # exactly what was computed, in plain words
    source: str  # where the definition comes from
    caveat: str = ""  # what to keep in mind for this very surface; "" if there is nothing


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage of three digits; NaN as "unknown"."""
    return "unknown" if math.isnan(share) else f"{100 * share:.3g} %"


def amount(value: float, unit: str) -> str:
    """A value of four digits with its unit."""
    return f"{value:.4g} {unit}".rstrip()
