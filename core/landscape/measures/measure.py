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


def short_number(value: float) -> str:
    """Three digits, and no power of ten before a million: what is shaken most is read out in meetings, too."""
    if not 1000 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{float(f'{value:.3g}'):,.0f}".replace(",", "\u202f")


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage of three digits; NaN as "unknown"."""
    return "unknown" if math.isnan(share) else f"{short_number(100 * share)} %"


def amount(value: float, unit: str) -> str:
    """A value of four digits with its unit, of which there may be one."""
    return f"{value:.4g} {'nat' if value == 1 and unit == 'nats' else unit}".rstrip()
