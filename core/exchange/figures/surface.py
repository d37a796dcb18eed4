"""A loss surface as filled contours with labelled lines, as the 2-D figures of Li et al. 2018."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures import contours, frame
from core.exchange.figures.loss_scale import loss_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_marks import (
    anchor_marks,
    held_out_marks,
    hole_hatches,
    network_marks,
    point_dots,
    way_marks,
)
from core.exchange.figures.surface_notes import surface_notes, surface_subtitle
from core.exchange.subject import Subject
from core.exchange.words import axis_words, count, number
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface

MOST_LINES = 9
SIDE = 5.05  # inches, of the longer side of the axes


def surface_figure(surface: Surface, subject: Subject, beside: Beside = NOTHING_BESIDE) -> Figure:
    """Draw the loss over the plane.

    Bands and lines are equally spaced in log(loss + 0.1) and linear between grid points; what is above the display
    limit has one colour and is hatched. Points without a finite loss are hatched holes; what was not computed yet is
    blank. A training's way in the same plane, and the loss of fresh initialisations on the scale, come along.
    """
    with house_style():
        page = frame.Page(subject.title, surface_subtitle(surface))
        width, height = sides(surface)
        axes = page.axes(frame.LEFT, frame.TOP, width, height)
        scale = loss_scale(surface)
        handles: list[Artist] = network_marks(axes, surface)
        if beside.trajectory is not None:
            handles += way_marks(axes, beside.trajectory)
        handles += [*anchor_marks(axes, surface.directions), *held_out_marks(axes, surface)]
        handles += point_dots(axes, surface)
        if np.count_nonzero(np.isfinite(surface.loss)) > 3:
            bands = contours.bands(axes, surface, scale)
            contours.lines(axes, surface, scale, MOST_LINES)
            handles += contours.clipped(axes, surface, scale)
            bar = page.axes(frame.LEFT + width + 0.13, frame.TOP, 0.17, height)
            contours.colour_bar(bar, bands, scale, surface.loss_unit, MOST_LINES)
            if beside.initialisations is not None:
                limits = float(scale.height(scale.low)), float(scale.height(scale.high))
                heights = np.asarray(scale.height(beside.initialisations.calibrated_loss))
                handles += _initial_levels(bar, beside.initialisations, heights, limits)
        handles += hole_hatches(axes, surface)
        _label(axes, surface)
        if surface.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, surface_notes(surface, subject, scale))


def sides(surface: Surface, longer: float = SIDE) -> tuple[float, float]:
    """Width and height of the axes: one unit of either direction has the same length where the ranges allow it."""
    ratio = float(np.clip(np.ptp(surface.x) / np.ptp(surface.y), 0.5, 2.0))
    return longer * min(1.0, ratio), longer * min(1.0, 1 / ratio)


def _initial_levels(
    bar: Axes, initialisations: Initialisations, heights: np.ndarray, limits: tuple[float, float]
) -> list[Artist]:
    """Where fresh initialisations begin on the scale of the loss: marks in the colour bar."""
    known = heights[np.isfinite(heights)]
    if not known.size:
        return []
    low, high = limits
    style: frame.Style = {"marker": "<", "linestyle": "none", "color": frame.INK, "clip_on": False}
    inside = np.clip(known, low, high)
    bar.plot(np.full(len(inside), 0.96), inside, markersize=4.5, transform=bar.get_yaxis_transform(), zorder=9, **style)
    losses = initialisations.calibrated_loss[np.isfinite(initialisations.calibrated_loss)]
    words = f"{count(len(losses), 'fresh initialisation')}, loss {number(losses.min(), 3)} to {number(losses.max(), 3)}"
    (drawn,) = bar.plot([], [], markersize=5, label=words, **style)
    return [drawn]


def _label(axes: Axes, surface: Surface) -> None:
    words_x, words_y = axis_words(surface)
    axes.set_xlabel(words_x)
    axes.set_ylabel(words_y)
    axes.set_xlim(surface.x[0], surface.x[-1])
    axes.set_ylim(surface.y[0], surface.y[-1])
    axes.tick_params(length=3, width=0.7, labelsize=8.5)
