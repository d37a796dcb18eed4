"""A loss surface as filled contours with labelled lines, as the 2-D figures of Li et al. 2018."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from core.exchange import figure_frame as frame
from core.exchange.loss_scale import LossScale, loss_scale
from core.exchange.rendering import house_style
from core.exchange.subject import Subject
from core.exchange.surface_notes import surface_notes, surface_subtitle
from core.exchange.words import axis_words, count, lowest_point, number
from core.landscape.surface import EVALUATED, Surface

COLOUR_MAP = "viridis"  # Smith & van der Walt 2015: perceptually uniform; the window's default too
_MOST_LINES = 9
_MOST_DOTS = 4000  # more evaluated points than this would hide the picture
_LIGHT_FROM = 0.68  # share of the colour map from which on it is light
_HATCH = "#8A7E2B"  # a darker shade of the map's last colour
_SIDE = 5.05  # inches, of the longer side of the axes


def surface_figure(surface: Surface, subject: Subject) -> Figure:
    """Draw the loss over the plane.

    Bands and lines are equally spaced in log(loss + 0.1) and linear between grid points; what is above the display
    limit has one colour and is hatched. Points without a finite loss are hatched holes; what was not computed yet is
    blank.
    """
    with house_style():
        page = frame.Page(subject.title, surface_subtitle(surface))
        width, height = _sides(surface)
        axes = page.axes(frame.LEFT, frame.TOP, width, height)
        scale = loss_scale(surface)
        handles: list[Artist] = [*_marks(axes, surface), *_dots(axes, surface)]
        if np.count_nonzero(np.isfinite(surface.loss)) > 3:
            bands = _bands(axes, surface, scale)
            _lines(axes, surface, scale)
            handles += _clipped(axes, surface, scale)
            bar = page.axes(frame.LEFT + width + 0.13, frame.TOP, 0.17, height)
            _colour_bar(bar, bands, scale, surface.loss_unit)
        handles += _holes(axes, surface)
        _label(axes, surface)
        if surface.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, surface_notes(surface, subject, scale))


def _sides(surface: Surface) -> tuple[float, float]:
    """Width and height of the axes: one unit of either direction has the same length where the ranges allow it."""
    ratio = float(np.clip(np.ptp(surface.x) / np.ptp(surface.y), 0.5, 2.0))
    return _SIDE * min(1.0, ratio), _SIDE * min(1.0, 1 / ratio)


def _bands(axes: Axes, surface: Surface, scale: LossScale) -> QuadContourSet:
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    levels = scale.levels()
    # Rounding must not put the lowest and the highest point outside of the outermost bands.
    levels[0], levels[-1] = levels[0] - 1e-9, levels[-1] + 1e-9
    bands = axes.contourf(surface.x, surface.y, heights, levels, cmap=COLOUR_MAP, corner_mask=True, zorder=2)
    bands.set_edgecolor("face")  # no white seams between bands in PDF viewers
    bands.set_linewidth(0.2)
    return bands


def _lines(axes: Axes, surface: Surface, scale: LossScale) -> None:
    losses = [loss for loss in scale.round_losses(_MOST_LINES) if scale.low < loss < scale.high]
    if not losses:
        return
    levels = [float(scale.height(loss)) for loss in losses]
    bounds = scale.levels()
    # Light lines on dark colours and dark ones on light colours. (A halo would turn the text of an SVG into shapes.)
    shades = [frame.PAPER if (h - bounds[0]) / np.ptp(bounds) < _LIGHT_FROM else frame.INK for h in levels]
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    style: frame.Style = {"colors": shades, "linewidths": 0.8, "linestyles": "solid", "alpha": 0.9}
    lines = axes.contour(surface.x, surface.y, heights, levels, corner_mask=True, zorder=3, **style)
    words = {level: number(loss, 3) for level, loss in zip(lines.levels, losses, strict=True)}
    axes.clabel(lines, fontsize=7.8, colors=shades, fmt=words, inline=True, inline_spacing=4)


def _clipped(axes: Axes, surface: Surface, scale: LossScale) -> list[Artist]:
    """Hatch what is above the display limit, and draw the limit as a dashed line."""
    if not scale.clipped:
        return []
    loss = np.ma.masked_invalid(surface.loss)
    above = axes.contourf(surface.x, surface.y, loss, [scale.high, np.inf], colors="none", hatches=["////"], zorder=4)
    above.set_edgecolor(_HATCH)
    above.set_linewidth(0.0)
    axes.contour(
        surface.x, surface.y, loss, [scale.high], colors=frame.INK, linewidths=1.1, linestyles="dashed", zorder=4
    )
    words = f"loss above {number(scale.high, 3)}, clipped"
    return [frame.hatched_sample("////", "#FDE725", _HATCH, words)]


def _holes(axes: Axes, surface: Surface) -> list[Artist]:
    """Hatch the cells around points without a finite loss, below everything: there the bands leave a gap."""
    axes.set_facecolor(frame.NOTHING)
    holes = np.argwhere((surface.evaluated == EVALUATED) & ~np.isfinite(surface.loss))
    x, y = surface.x, surface.y
    for row, column in holes:
        left, right = x[max(column - 1, 0)], x[min(column + 1, len(x) - 1)]
        bottom, top = y[max(row - 1, 0)], y[min(row + 1, len(y) - 1)]
        style: frame.Style = {
            "facecolor": frame.PAPER,
            "edgecolor": frame.VERMILLION,
            "hatch": "xxxx",
            "linewidth": 0.0,
        }
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, zorder=1, **style))
    if not len(holes):
        return []
    words = f"{count(len(holes), 'hole')}: loss not finite"
    return [frame.hatched_sample("xxxx", frame.PAPER, frame.VERMILLION, words)]


def _dots(axes: Axes, surface: Surface) -> list[Artist]:
    """Dots where the loss was computed, if it was not computed everywhere."""
    evaluated = surface.evaluated == EVALUATED
    if evaluated.all() or surface.evaluated_count > _MOST_DOTS:
        return []
    rows, columns = np.nonzero(evaluated)
    style: frame.Style = {
        "marker": "o",
        "linestyle": "none",
        "color": frame.PAPER,
        "markeredgewidth": 0.0,
        "alpha": 0.6,
    }
    axes.plot(surface.x[columns], surface.y[rows], markersize=1.3, zorder=5, **style)
    sample: frame.Style = {**style, "color": frame.MUTED, "markersize": 2.5, "label": "evaluated point"}
    return [Line2D([], [], **sample)]


def _marks(axes: Axes, surface: Surface) -> list[Artist]:
    """The network itself, and the lowest point that was computed."""
    x, y = surface.x, surface.y
    handles: list[Artist] = []
    if x[0] <= 0 <= x[-1] and y[0] <= 0 <= y[-1]:
        handles.append(_mark(axes, 0.0, 0.0, "o", f"the network, loss {number(surface.centre_loss, 3)}"))
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        words = f"lowest point, loss {number(surface.loss[row, column], 3)}"
        handles.append(_mark(axes, float(x[column]), float(y[row]), "+", words))
    return handles


def _mark(axes: Axes, x: float, y: float, marker: str, words: str) -> Artist:
    style: frame.Style = {"linestyle": "none", "color": frame.PAPER, "markerfacecolor": "none", "markeredgewidth": 1.6}
    halo = [withStroke(linewidth=2.8, foreground=frame.INK)]
    (mark,) = axes.plot(x, y, marker=marker, markersize=8, path_effects=halo, zorder=7, label=words, **style)
    return mark


def _label(axes: Axes, surface: Surface) -> None:
    words_x, words_y = axis_words(surface)
    axes.set_xlabel(words_x)
    axes.set_ylabel(words_y)
    axes.set_xlim(surface.x[0], surface.x[-1])
    axes.set_ylim(surface.y[0], surface.y[-1])
    axes.tick_params(length=3, width=0.7, labelsize=8.5)


def _colour_bar(place: Axes, bands: QuadContourSet, scale: LossScale, unit: str) -> None:
    bar = place.figure.colorbar(bands, cax=place)
    losses = [loss for loss in scale.round_losses(_MOST_LINES) if loss < scale.high] + [scale.high]
    near = float(scale.height(scale.high) - scale.height(scale.low)) / 30
    losses = [n for n in losses if n == scale.high or scale.height(scale.high) - scale.height(n) > near]
    labels = [number(loss, 3) for loss in losses]
    labels[-1] = f"≥ {labels[-1]}" if scale.clipped else labels[-1]
    bar.set_ticks([float(scale.height(loss)) for loss in losses], labels=labels)
    bar.ax.tick_params(length=3, width=0.7, labelsize=8)
    bar.outline.set_linewidth(0.6)
    bar.set_label(f"loss ({unit})")
