"""Numbers and arrays of two sessions: how far apart they are, and whether their stated errors allow for that."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.exchange.words import count, number, signed
from core.review.comparison.anatomy import identical
from core.review.comparison.record import Finding, Part, Row

FloatArray = npt.NDArray[np.float64]
# Relative error of a mean loss that is evaluated in float32, as the engines check it (core.landscape.evaluation).
LOSS_ERROR = 1e-5
LEAST_LOSS = 1e-3  # a loss below it is compared as if it were this large
ROUNDING = 1e-9  # relative, of what is computed in float64 from the same numbers
_DIGITS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Gap:
    """Two arrays of one shape, number by number; NaN in both at a place is equality there."""

    compared: int  # places where both are finite
    largest: float  # |A − B| among them; NaN if there are none
    median: float
    relative: float  # the largest, each by the larger magnitude of the two
    place: tuple[int, ...]  # of the largest; () if there is none
    unlike: int  # places where one is not finite and the other is something else


def gap_between(a: npt.ArrayLike, b: npt.ArrayLike, least: float = 0.0) -> Gap:
    """Compare two arrays of one shape, of any numeric type; magnitudes below `least` count as if they were that."""
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    both = np.isfinite(one) & np.isfinite(other)
    unlike = int(np.count_nonzero(~both & (one != other) & ~(np.isnan(one) & np.isnan(other))))
    if not both.any():
        return Gap(compared=0, largest=math.nan, median=math.nan, relative=math.nan, place=(), unlike=unlike)
    first, second = one[both], other[both]
    with np.errstate(over="ignore"):
        known = np.abs(first - second)
    scale = np.maximum(np.maximum(np.abs(first), np.abs(second)), least)
    apart = np.full(one.shape, -1.0)
    apart[both] = known
    relative = float(np.max(known / np.where(scale > 0, scale, 1.0)))
    place = tuple(int(index) for index in np.unravel_index(int(np.argmax(apart)), apart.shape))
    return Gap(
        compared=int(np.count_nonzero(both)),
        largest=float(known.max()),
        median=float(np.median(known)),
        relative=relative,
        place=place,
        unlike=unlike,
    )


def number_row(
    part: Part,
    what: str,
    a: float | None,
    b: float | None,
    *,
    allowed: float | None = None,
    unit: str = "",
    digits: int = _DIGITS,
) -> Row:
    """One number in both sessions.

    Parameters
    ----------
    allowed : float, optional
        How far apart the stated errors of both let them be, in the unit of the number; None: no error is stated.
    """
    words = [_with_unit(value, unit, digits) for value in (a, b)]
    if identical(a, b):
        return Row(part=part, what=what, a=words[0], b=words[1], finding="same")
    if a is None or b is None or not (math.isfinite(a) and math.isfinite(b)):
        return Row(
            part=part, what=what, a=words[0], b=words[1], difference="one of them is no number", finding="differ"
        )
    size = abs(b - a)
    if math.isfinite(size) and words[0] == words[1]:  # so close that more digits are needed to see it
        words = [_with_unit(value, unit, 15) for value in (a, b)]
    return Row(
        part=part,
        what=what,
        a=words[0],
        b=words[1],
        difference=f"{_apart_words(signed(b - a), '%' if unit == '%' else '')}{_allowed_words(allowed, unit)}",
        finding=judged(size, allowed),
        size=size,
        allowed=allowed,
    )


def array_row(
    part: Part,
    what: str,
    a: npt.ArrayLike | None,
    b: npt.ArrayLike | None,
    *,
    allowed: npt.ArrayLike | None = None,
    relative: float | None = None,
    least: float = 0.0,
    unit: str = "",
    of: str = "",
) -> Row:
    """Many numbers in both sessions, place by place; the two may have different shapes, or one be missing.

    Parameters
    ----------
    allowed : array, optional
        What the stated errors of both allow at every place.
    relative : float, optional
        The same, relative to the larger magnitude of the two, which is at least `least`. Without either no error is
        stated.
    of : str
        What one place is, such as "point", for the words.
    """
    if a is None or b is None:
        words = ["none" if side is None else _extent(np.asarray(side), unit) for side in (a, b)]
        finding: Finding = "same" if a is b else "only in A" if b is None else "only in B"
        return Row(part=part, what=what, a=words[0], b=words[1], finding=finding)
    one, other = np.asarray(a), np.asarray(b)
    first, second = _extent(one, unit), _extent(other, unit)
    if one.shape != other.shape:
        first, second = (f"{_shape(side)}: {words}" for side, words in ((one, first), (other, second)))
        return Row(part=part, what=what, a=first, b=second, difference="not as many numbers", finding="differ")
    if identical(one, other):
        return Row(part=part, what=what, a=first, b=second, finding="same")
    gap = gap_between(one, other, least)
    finding, most = _judged_array(one, other, gap, allowed, relative)
    return Row(
        part=part,
        what=what,
        a=first,
        b=second,
        difference=_gap_words(gap, most, unit, of, relative is not None),
        finding=finding,
        size=None if math.isnan(gap.largest) else gap.relative if relative is not None else gap.largest,
        allowed=most,
    )


def loss_row(
    what: str, a: npt.ArrayLike | None, b: npt.ArrayLike | None, *, of: str, error: float | None = 2 * LOSS_ERROR
) -> Row:
    """Mean losses in both sessions, against the error of their evaluation."""
    return array_row("found", what, a, b, relative=error, least=LEAST_LOSS, of=of)


def loss_error(a: float, b: float) -> float:
    """How far apart two evaluations of one mean loss may be, in its unit."""
    largest = max(abs(a), abs(b), LEAST_LOSS)
    return 2 * LOSS_ERROR * largest if math.isfinite(largest) else 0.0


def judged(size: float, allowed: float | None) -> Finding:
    """What a difference that is not exactly zero in every bit says, given what the stated errors allow."""
    if allowed is None or not math.isfinite(allowed):  # an endless error excuses nothing: it says that none is known
        return "agree" if size == 0 else "unstated"  # zero: only the sign of a zero, or the type, is another
    return "agree" if size <= allowed else "differ"


def _judged_array(
    one: npt.NDArray[np.generic],
    other: npt.NDArray[np.generic],
    gap: Gap,
    allowed: npt.ArrayLike | None,
    relative: float | None,
) -> tuple[Finding, float | None]:
    """The finding, and the most that is allowed anywhere."""
    if gap.unlike:
        return "differ", None
    if allowed is None:
        return judged(0.0 if math.isnan(gap.largest) else gap.relative, relative), relative
    limits = np.broadcast_to(np.asarray(allowed, dtype=np.float64), one.shape)
    first, second = one.astype(np.float64), other.astype(np.float64)
    both = np.isfinite(first) & np.isfinite(second)
    apart = np.abs(first[both] - second[both])
    stated = np.isfinite(limits[both])
    most = float(np.max(limits[both][stated], initial=0.0))
    if not bool((apart <= limits[both])[stated].all()):
        return "differ", most
    return "unstated" if bool(apart[~stated].any()) else "agree", most


def _gap_words(gap: Gap, allowed: float | None, unit: str, of: str, relative: bool) -> str:  # noqa: FBT001
    parts = []
    if gap.compared:
        size = number(gap.relative if relative else gap.largest, 3)
        size = f"{size} relative" if relative else _apart_words(size, unit)
        parts.append(f"at most {size}{_allowed_words(allowed, '' if relative else unit)}")
        if gap.compared > 1:
            parts.append(
                f"median {_apart_words(number(gap.median, 3), unit)} over {count(gap.compared, of or 'number')}"
            )
    if gap.unlike:
        parts.append(f"{count(gap.unlike, of or 'number')} finite in one of them alone")
    return "; ".join(parts)


def _allowed_words(allowed: float | None, unit: str) -> str:
    return "" if allowed is None else f" (stated errors allow {_apart_words(number(allowed, 3), unit)})"


def _with_unit(value: float | None, unit: str, digits: int) -> str:
    if value is None:
        return "none"
    return _suffixed(number(float(value), digits), unit) if math.isfinite(value) else number(float(value))


def _apart_words(text: str, unit: str) -> str:
    """A difference with its unit; shares differ by points, which are no shares of anything."""
    return f"{text} percentage points" if unit == "%" else _suffixed(text, unit)


def _suffixed(text: str, unit: str) -> str:
    return f"{text} {unit}".rstrip()


def _extent(values: npt.NDArray[np.generic], unit: str) -> str:
    """From the smallest to the largest of the finite values."""
    if not values.size:
        return "none"
    numbers = values.astype(np.float64)
    known = numbers[np.isfinite(numbers)]
    if not known.size:
        return "no finite number"
    low, high = float(known.min()), float(known.max())
    return _suffixed(number(low, 5) if low == high else f"{number(low, 5)} to {number(high, 5)}", unit)


def _shape(values: npt.NDArray[np.generic]) -> str:
    return " × ".join(map(str, values.shape)) or "1"
