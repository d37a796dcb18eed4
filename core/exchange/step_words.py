"""That features go in steps, in words: where a correction may lie, and what the regions of a slice hold."""

from collections.abc import Callable

from core.corrections.correction import Correction
from core.exchange.shown_names import shown
from core.exchange.words import number


def steps_words(correction: Correction, units: tuple[str, str], write: Callable[[float], str] = number) -> str:
    """``Duration goes in whole months, amount in steps of 100 DM: …``; "" where neither goes in steps."""
    steps = [
        f"{shown(feature.name, 30)} goes in {_step(feature.step, shown(unit, 20), write)}"
        for feature, unit in zip(correction.request.free, units, strict=True)
        if feature.step
    ]
    if not steps:
        return ""
    return (
        f"{', '.join(steps)}: the correction lies on whole steps and holds for what is between them as well; "
        "the regions are drawn for every number"
    )


def _step(step: float, unit: str, write: Callable[[float], str]) -> str:
    if step == 1:
        return f"whole {unit}" if unit else "whole numbers"
    return f"steps of {write(step)} {unit}".rstrip()
