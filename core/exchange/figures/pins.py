"""Notes of a review as numbered pins in a figure, at the places that they are about."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.corrections.records.correction import Correction
from core.exchange.figures import frame
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.review.note import Anchor, BarAnchor, Note, PointAnchor, RegionAnchor
from core.robustness.robustness import Robustness
from core.session.document import Result
from core.spectrum.spectrum import Spectrum

Numbered = tuple[int, Note]
_OFFSET = (9.0, 9.0)  # points from the place to the middle of its pin
_SIZE = 7.6  # points of a number


def pinned(notes: Sequence[Numbered], result: Result) -> tuple[Numbered, ...]:
    """Those of the notes that have a place in the figure of that result."""
    return tuple((number, note) for number, note in notes if place_of(note.anchor, result) is not None)


def draw_pins(figure: Figure, result: Result, notes: Sequence[Numbered]) -> Figure:
    """Put a pin at the place of each note, full for what is open and hollow for what is settled. Returns the figure."""
    axes = figure.axes[0] if figure.axes else None
    for number, note in notes:
        place = place_of(note.anchor, result)
        if axes is not None and place is not None and _seen(axes, place):
            _draw(axes, place, number, resolved=note.resolved)
    return figure


def place_of(anchor: Anchor, result: Result) -> tuple[float, float] | None:
    """Where an anchor lies, in units of the first axes of the result's figure; None if it has no place there."""
    if isinstance(anchor, PointAnchor) and isinstance(result, Curve):
        return _on_curve(anchor.x, result) if anchor.y is None else None
    if isinstance(anchor, PointAnchor) and isinstance(result, Surface | Trajectory | Convexity | Correction):
        return None if anchor.y is None else (anchor.x, anchor.y)
    if isinstance(anchor, BarAnchor) and isinstance(result, Spectrum) and anchor.index < len(result.eigenvalues):
        value = float(result.eigenvalues[anchor.index])
        return (anchor.index + 1.0, max(value, 0.0)) if np.isfinite(value) else None
    if isinstance(anchor, BarAnchor) and isinstance(result, Robustness) and anchor.index < len(result.epsilon):
        return _on_highest(anchor.index, result)
    if isinstance(anchor, RegionAnchor) and isinstance(result, Correction):
        return _in_slice(anchor, result)
    return None


def _on_curve(x: float, curve: Curve) -> tuple[float, float] | None:
    with np.errstate(all="ignore"):
        known = np.isfinite(curve.loss).any(axis=0)
        if not known.any():
            return None
        middle = np.nanmedian(np.where(np.isfinite(curve.loss), curve.loss, np.nan)[:, known], axis=0)
    return x, float(np.interp(x, curve.x[known], middle))


def _on_highest(strength: int, found: Robustness) -> tuple[float, float] | None:
    """On the highest curve at a strength."""
    values = (found.loss if found.right is None else found.accuracy)[:, strength]
    known = values[np.isfinite(values)]
    return (float(found.epsilon[strength]), float(known.max())) if known.size else None


def _in_slice(anchor: RegionAnchor, correction: Correction) -> tuple[float, float] | None:
    if anchor.coordinates is not None:
        return (anchor.coordinates[0], anchor.coordinates[1]) if len(anchor.coordinates) == 2 else None
    if anchor.part >= len(correction.accepted):
        return None
    corners = correction.accepted[anchor.part].exterior
    return float(corners[:, 0].mean()), float(corners[:, 1].mean())


def _seen(axes: Axes, place: tuple[float, float]) -> bool:
    limits = axes.get_xlim(), axes.get_ylim()
    return all(min(ends) <= value <= max(ends) for ends, value in zip(limits, place, strict=True))


def _draw(axes: Axes, place: tuple[float, float], number: int, *, resolved: bool) -> None:
    face, ink = (frame.PAPER, frame.INK) if resolved else (frame.INK, frame.PAPER)
    ring: frame.Style = {"boxstyle": "circle,pad=0.28", "facecolor": face, "edgecolor": ink, "linewidth": 0.9}
    line: frame.Style = {"arrowstyle": "-", "color": frame.INK, "linewidth": 0.9, "shrinkA": 0.0, "shrinkB": 0.0}
    style: frame.Style = {"size": _SIZE, "weight": "bold", "color": ink, "ha": "center", "va": "center"}
    axes.annotate(
        str(number), place, _OFFSET, textcoords="offset points", bbox=ring, arrowprops=line, zorder=30, **style
    )
    axes.plot(
        *place, marker="o", markersize=2.6, color=frame.INK, markeredgewidth=0, zorder=29, scalex=False, scaley=False
    )
