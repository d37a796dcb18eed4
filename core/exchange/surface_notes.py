"""The lines above and below every figure of a surface."""

from core.exchange.figure_frame import shown
from core.exchange.loss_scale import OFFSET, LossScale
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, plane_words, points_words
from core.landscape.surface import Surface


def surface_subtitle(surface: Surface) -> str:
    """What is shown, in one line."""
    return f"Mean loss per sample over a plane through the weights: {plane_words(surface)}"


def surface_notes(surface: Surface, subject: Subject, scale: LossScale) -> list[str]:
    """Whose loss it is, how it was computed, and what in the figure is not as it seems."""
    made = surface.provenance
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    samples = f"first {count(made.samples, 'sample')}"
    cosine = f"cosine of the directions {number(surface.directions.cosine, 2)}"
    notes = [f"{owner}, {samples} · {points_words(surface)} · {cosine}."]
    spacing = f"log(loss + {OFFSET:g})" if scale.logarithmic else "the loss"
    clipped = f"; {count(scale.clipped, 'point')} above {number(scale.high, 3)} clipped" if scale.clipped else ""
    notes.append(f"Colours and lines are evenly spaced in {spacing}{clipped}. Between grid points: linear.")
    if surface.status == "partial":
        notes.append("Partial result: the computation was stopped before it was complete.")
    notes.append(made_words(made))
    return notes
