"""The lines above and below every figure of a surface."""

import math

from core.exchange.figures.loss_scale import LossScale
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import (
    certificate_words,
    count,
    course_words,
    made_words,
    number,
    partial_notes,
    plane_words,
    points_words,
    samples_words,
)
from core.landscape.measures.limits import PLANE_LIMITS
from core.landscape.surface import LOG_OFFSET, Surface


def surface_subtitle(surface: Surface) -> str:
    """What is shown, in one line."""
    return f"Mean loss per sample over a plane through the weights: {plane_words(surface)}"


def surface_notes(surface: Surface, subject: Subject, scale: LossScale) -> list[str]:
    """Whose loss it is, how it was computed, and what in the figure is not as it seems."""
    made = surface.provenance
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    cosine = surface.directions.cosine
    angle = f" · cosine of the directions {number(cosine, 2)}" if math.isfinite(cosine) else ""
    notes = [f"{owner}, {samples_words(made)} · {points_words(surface)}{angle}."]
    if certified := certificate_words(surface):
        notes.append(f"Certificate: {certified}.")
    if course := course_words(surface):
        notes.append(f"Computed by {course}.")
    spacing = f"log(loss + {LOG_OFFSET:g})" if scale.logarithmic else "the loss"
    above = f"; {count(scale.clipped, 'point')} above {number(scale.high, 3)} clipped" if scale.clipped else ""
    notes.append(f"Colours and lines are evenly spaced in {spacing}{above}. Between grid points: linear.")
    notes += partial_notes(surface.status)
    return [*notes, " ".join(PLANE_LIMITS), made_words(made)]
