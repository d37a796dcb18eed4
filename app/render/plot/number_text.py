"""How figures are written in plots: in full, with a true minus sign, as many decimals as they can answer for."""

import math

MINUS = "\u2212"
NARROW_SPACE = "\u202f"  # between thousands (ISO 80000-1, 7.3.1)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain_number(value: float, decimals: int) -> str:
    """The value with that many decimals, thousands apart; powers of ten where that would be too long."""
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= 1e9 or decimals > 9:
        return scientific(value, 4)
    text = f"{abs(value):,.{decimals}f}".replace(",", NARROW_SPACE if abs(value) >= 10_000 else "")
    return (MINUS if value < 0 and text.strip("0.") else "") + text


def decimals_within(span: float) -> int:
    """Decimals that tell apart points a thousandth of `span` apart."""
    return max(0, math.ceil(-math.log10(span) - 1e-9) + 3) if span > 0 else 3


def signed(value: float, decimals: int) -> str:
    """As `plain_number`, with a plus sign before a positive value: for changes."""
    text = plain_number(value, decimals)
    return text if value <= 0 or not text.strip("0.") else f"+{text}"


def without_zeros(text: str) -> str:
    """A number as it is written, without zeros at the end of its decimals."""
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text


def scientific(value: float, digits: int) -> str:
    """``1.234×10⁵`` with that many significant digits."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', MINUS)}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def power_of_ten(exponent: int) -> str:
    """``10⁻³``; 0.01 to 1000 in full."""
    if -2 <= exponent <= 3:
        return plain_number(10.0**exponent, max(0, -exponent))
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def significant(value: float, digits: int = 4) -> str:
    """The value with that many significant digits, in full or as a power of ten, whichever is shorter to read."""
    if value == 0 or not math.isfinite(value):
        return plain_number(value, 0)
    rounded = float(f"{value:.{digits - 1}e}")
    exponent = math.floor(math.log10(abs(rounded)))
    if not -4 <= exponent < max(6, digits):
        return scientific(value, digits)
    return plain_number(value, max(0, digits - 1 - exponent))


def with_error(value: float, error: float) -> str:
    """``85.0912 ± 0.0031``: the error with two digits, the value with as many decimals.

    Where the error is below a billionth of the value, both are written apart: the value with ten digits.
    """
    if not (math.isfinite(value) and math.isfinite(error)) or error <= 0:
        return f"{significant(value, 10)} ± {significant(error, 2)}"
    decimals = 1 - math.floor(math.log10(float(f"{error:.1e}")))
    largest = max(abs(value), error)
    if 0 <= decimals <= 9 and decimals + math.log10(largest) <= 11 and largest < 1e9:
        return f"{plain_number(value, decimals)} ± {plain_number(error, decimals)}"
    return f"{significant(value, 10)} ± {significant(error, 2)}"
