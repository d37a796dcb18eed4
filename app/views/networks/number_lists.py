"""Shapes, lists of numbers and lists of names as a person types them."""

import math
import re

from core.errors import InvalidRequest

MOST_SIZES = 4
MOST_SHOWN = 60  # class names in a field: the others are in the tooltip


def shape_text(shape: tuple[int, ...]) -> str:
    """``3 × 32 × 32``."""
    return " × ".join(map(str, shape))


def parse_shape(text: str) -> tuple[int, ...]:
    """A shape typed as ``3 × 32 × 32``, ``3x32x32``, ``3, 32, 32`` or ``51``. Raises `InvalidRequest`."""
    parts = [part for part in re.split(r"[\s,;x×*()]+", text.strip().lower()) if part]
    if not parts or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise InvalidRequest("Type one size, or several with × between them, such as 3 × 32 × 32.")
    if len(parts) > MOST_SIZES or math.prod(map(int, parts)) > 2**31:
        raise InvalidRequest("A sample of this shape would not fit into memory. Type the shape of one sample.")
    return tuple(map(int, parts))


def numbers_text(numbers: tuple[float, ...]) -> str:
    """``125.3, 123, 113.9``, with every digit that is needed to read the same number back."""
    return ", ".join(repr(number).removesuffix(".0") for number in numbers)


def parse_numbers(text: str, *, positive: bool = False) -> tuple[float, ...]:
    """One number or several, with commas or spaces between them. Raises `InvalidRequest`."""
    parts = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
    try:
        numbers = tuple(float(part.replace("−", "-")) for part in parts)
    except ValueError:
        numbers = ()
    if not numbers or not all(map(math.isfinite, numbers)):
        raise InvalidRequest("Type one number, or one per channel with commas between them, such as 125.3, 123, 113.9.")
    if positive and min(numbers) <= 0:
        raise InvalidRequest("The input is divided by these: every number must be above zero.")
    return numbers


def names_text(names: tuple[str, ...]) -> str:
    """``cat, dog``; names with a comma in them are put in quotation marks."""
    return ", ".join(f'"{name}"' if "," in name else name for name in names)


def parse_names(text: str) -> tuple[str, ...]:
    """Names with commas or line ends between them; none of an empty text."""
    found = re.findall(r'\s*"([^"]*)"\s*|([^,\n]+)', text)
    names = (" ".join((quoted or plain).split()) for quoted, plain in found)
    return tuple(name for name in names if name)
