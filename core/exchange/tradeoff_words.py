"""The curve of the nearest distance over the stability, in words."""

from core.corrections.records.correction import Correction
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import number, quantity, rounded_down

_DIGITS = 4


def half_width_words(correction: Correction, subject: Subject, stability: float) -> str:
    """What a stability means: ``± 2 months, ± 500 DM``, rounded down, without features that need not be stable."""
    tradeoff = correction.tradeoff
    if tradeoff is None:
        return ""
    pairs = zip(correction.request.free, tradeoff.half_width(stability), strict=True)
    units = {feature.name: shown(subject.unit(feature.name), 20) for feature in correction.request.free}
    wide = [
        f"±\u00a0{quantity(rounded_down(half, _DIGITS), units[feature.name], _DIGITS)}"
        for feature, half in pairs
        if half > 0 or not stability
    ]
    return ", ".join(wide)


def stability_axis_words(correction: Correction, subject: Subject) -> str:
    """What the axis of the curve counts."""
    if correction.tradeoff is None or not correction.tradeoff.asked:
        return "stability (± % of both ranges)"
    return f"stability, in multiples of what was asked for ({half_width_words(correction, subject, 1.0)})"


def largest_words(correction: Correction, subject: Subject) -> str:
    """The largest stability that can be had, and its price; "" where there is none, or it is not known.

    Notes
    -----
    Rounded down: whoever asks for it as it is written gets an answer.
    """
    tradeoff = correction.tradeoff
    if tradeoff is None or tradeoff.largest is None:
        return ""
    largest = tradeoff.largest
    counted = number(rounded_down(largest, _DIGITS))
    times = f"{counted} times what was asked for" if tradeoff.asked else f"{counted} % of both ranges"
    reached = f"at distance {number(float(tradeoff.distance[-1]))}"
    return f"{half_width_words(correction, subject, largest)} ({times}), {reached}"
