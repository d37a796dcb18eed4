"""That features go in steps, in words: where a correction may lie, and what the regions of a slice hold."""

from collections.abc import Callable

from core.corrections.records.correction import Correction
from core.exchange.shown_names import shown
from core.exchange.words import number

NEARLY = 1e-6  # of a step


def steps_words(correction: Correction, units: tuple[str, str], write: Callable[[float], str] = number) -> str:
    """``Duration goes in whole months, amount in steps of 100 DM: …``; "" where neither goes in steps."""
    steps = [
        f"{shown(feature.name, 30)} goes in {_step(feature.step, shown(unit, 20), write)}"
        for feature, unit in zip(correction.request.free, units, strict=True)
        if feature.step
    ]
    if not steps:
        return ""
    place = "the correction lies on whole steps and holds for what is between them as well"
    if not _heeded(correction):  # in files of versions that knew no steps here
        place = "the correction was computed for any number, without heeding them"
    return f"{', '.join(steps)}: {place}; the regions are drawn for every number"


def _heeded(correction: Correction) -> bool:
    """Whether the correction lies on the steps, or where the input is."""
    request = correction.request
    return correction.centre is None or all(
        not step or value == own or abs(value / step - round(value / step)) <= NEARLY
        for step, value, own in zip(request.steps, correction.centre, request.point, strict=True)
    )


def _step(step: float, unit: str, write: Callable[[float], str]) -> str:
    if step == 1:
        return f"whole {unit}" if unit else "whole numbers"
    return f"steps of {write(step)} {unit}".rstrip()
