"""Two straight lines that enclose a smooth activation over an interval, whatever rounds.

The activation is looked at on a few places. Between two of them, h apart, a function whose slope changes by no more
than M per unit leaves its chord by M h² / 8 at most, and beyond the part where it bends it is nearly straight. With a
slope a, the line ``a z + c`` lies above it if c is as large as the largest of ``f(z) − a z`` by these bounds.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.network.curves import Curve

FloatArray = npt.NDArray[np.float64]
PARTS = 8  # into which an interval is divided: what they leave open is a sixty-fourth of the gap of the lines
WIDE = 4.0  # an interval is cut down to where the curve bends if it is wider
SAFE = 1e-12  # relative to the numbers in a line: the functions themselves are right to a few units in the last place


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """``below · z + base ≤ f(z) ≤ slope · z + shift`` for all z of an interval; all of one shape."""

    slope: FloatArray = field(repr=False)
    shift: FloatArray = field(repr=False)
    below: FloatArray = field(repr=False)
    base: FloatArray = field(repr=False)
    most: FloatArray = field(repr=False)  # |f| is nowhere larger in the interval
    gap: FloatArray = field(repr=False)  # between both lines in its middle


def lines_about(curve: Curve, low: FloatArray, high: FloatArray) -> Lines:
    """Lines for intervals (…) from `low` to `high`.

    Notes
    -----
    Of the slopes of the chord, of the tangent in the middle and of a level line, each side takes the one that is
    tightest in the middle. A line of the slope of the chord is as tight as two parallel lines can be.
    """
    middle = low / 2 + high / 2
    places, values, room = _sampled(curve, low, high)
    size = np.maximum(np.abs(low), np.abs(high))
    room = room + curve.doubt + SAFE * (1.0 + size * (1.0 + curve.steepest))
    width = high - low
    rise = np.divide(values[-1] - values[0], width, out=curve.slope(middle), where=width > 0)
    chord = np.clip(rise, -curve.steepest, curve.steepest)
    best: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for sign in (1.0, -1.0):  # above, below
        kept: tuple[FloatArray, FloatArray, FloatArray] | None = None
        for slope in (chord, curve.slope(middle), np.zeros_like(middle)):
            offset = sign * (sign * (values - slope * places)).max(axis=0) + sign * room
            height = slope * middle + offset
            if kept is None:
                kept = slope, offset, height
            else:
                better = sign * height < sign * kept[2]
                kept = tuple(np.where(better, new, old) for new, old in zip((slope, offset, height), kept, strict=True))  # type: ignore[assignment]
        assert kept is not None  # noqa: S101  there are three slopes
        best.append(kept)
    (slope, shift, top), (below, base, bottom) = best
    return Lines(
        slope=slope,
        shift=shift,
        below=below,
        base=base,
        most=np.abs(values).max(axis=0) + room,
        gap=np.maximum(top - bottom, 0.0),
    )


def _sampled(curve: Curve, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Places (n, …) in the intervals from end to end, the values there, and what a value between may differ."""
    wide = high - low > WIDE
    left = np.where(wide, np.clip(low, -curve.reach, curve.reach), low)
    right = np.where(wide, np.clip(high, -curve.reach, curve.reach), high)
    shares = np.linspace(0.0, 1.0, PARTS + 1).reshape(-1, *(1,) * low.ndim)
    places = np.concatenate([low[None], left + shares * (right - left), high[None]])
    room = curve.bend / 8 * ((right - left) / PARTS) ** 2
    return places, curve.value(places), room + np.where((left > low) | (right < high), 2 * curve.rest, 0.0)
