"""A layout across networks on one page: panels two by two, surfaces on one scale, verdicts below (Yao et al. 2018)."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from core.exchange.figures import contours, frame
from core.exchange.figures.loss_scale import common_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_marks import mark
from core.exchange.layouts.picture import SHAPES, Axis, Panel, Picture, Series, shape_of
from core.exchange.plane_words import directions_words, short_axis_labels
from core.exchange.shown_names import shown
from core.exchange.words import count, number
from core.landscape.surface import Surface

MOST_NAMED = 24  # networks in a legend
_BETWEEN = 0.78  # inches from one panel to the next, for ticks and label
_DOWN = 0.85
_HEIGHT = 2.1
_TITLE = 0.26  # above each row of panels
_BAR, _BAR_GAP, _BAR_WORDS = 0.14, 0.14, 0.6
_NARROW = 8.0  # a range within a decade: more digits are ticks
_FEW_DECADES = 300.0  # up to which 2 and 5 are written
_DASHES: Any = (0, (4, 2))
_LONGEST = 40  # characters of a name above a surface


def across_figure(picture: Picture) -> Figure:
    """Draw a layout."""
    with house_style():
        page = frame.Page(picture.title, picture.subtitle)
        wide = (frame.RIGHT - frame.LEFT - _BETWEEN) / 2
        top = frame.TOP + _TITLE
        for index, panel in enumerate(picture.panels):
            row, column = divmod(index, 2)
            alone = column == 0 and index == len(picture.panels) - 1
            width = frame.RIGHT - frame.LEFT if alone else wide
            place = (frame.LEFT + column * (wide + _BETWEEN), top + row * (_HEIGHT + _DOWN))
            _draw(page.axes(*place, width, _HEIGHT), panel, picture)
        if picture.surfaces:
            rows = -(-len(picture.panels) // 2)
            _surfaces(page, picture, top + rows * (_HEIGHT + _DOWN))
        if not picture.panels:
            axes = page.axes(frame.LEFT, top, frame.RIGHT - frame.LEFT, 0.5)
            axes.set_axis_off()
        return page.finish(_legend(picture), _words(picture))


def _draw(axes: Axes, panel: Panel, picture: Picture) -> None:
    axes.set_title(panel.title, loc="left", size=9.5, weight="bold", color=frame.INK, pad=7)
    for series in panel.series:
        _series(axes, panel, series, picture)
    if panel.empty:
        axes.text(0.5, 0.5, panel.empty, ha="center", va="center", color=frame.MUTED, transform=axes.transAxes)
        axes.set_xticks([])
        axes.set_yticks([])
    else:
        _scale(axes.xaxis, panel.x)
        _scale(axes.yaxis, panel.y)
        if panel.x.logarithmic and panel.x.ticks:
            axes.set_xlim(panel.x.ticks[0] / 1.35, panel.x.ticks[-1] * 1.35)
        if panel.y.unit == "%":
            axes.set_ylim(-3, 103)
    axes.set_xlabel(_label(panel.x))
    axes.set_ylabel(_label(panel.y))
    if not panel.empty:
        axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
    axes.tick_params(labelsize=8)


def _series(axes: Axes, panel: Panel, series: Series, picture: Picture) -> None:
    colour = frame.MUTED if series.group < 0 else picture.colours[series.group]
    x, y = np.asarray(series.x, dtype=float), np.asarray(series.y, dtype=float)
    with np.errstate(invalid="ignore"):
        seen = np.isfinite(x) & np.isfinite(y)
        seen &= (x > 0) | (not panel.x.logarithmic)
        seen &= (y > 0) | (not panel.y.logarithmic)
    placed = np.where(seen, y, np.nan)
    if series.joined:
        style: frame.Style = {"linestyle": _DASHES if series.dashed else "solid", "zorder": 3}
        axes.plot(x, placed, color=colour, linewidth=1.0 if series.group < 0 else 1.4, **style)
    if series.error is not None:
        whiskers = np.where(seen & np.isfinite(series.error), series.error, 0.0)
        below = np.minimum(whiskers, 0.98 * np.abs(placed)) if panel.y.logarithmic else whiskers
        known = seen & (whiskers > 0)
        look: frame.Style = {"ecolor": colour, "elinewidth": 0.8, "capsize": 1.8, "alpha": 0.75, "zorder": 2}
        axes.errorbar(x[known], y[known], yerr=[below[known], whiskers[known]], fmt="none", **look)
    if series.every and series.group >= 0:
        marked = seen & (np.arange(len(x)) % series.every == 0)
        hollow = np.zeros(len(x), dtype=bool) if series.hollow is None else series.hollow
        for chosen, face in ((marked & ~hollow, colour), (marked & hollow, frame.PAPER)):
            _marks(axes, x[chosen], y[chosen], SHAPES[_mark(series, picture)], colour, face)


def _marks(axes: Axes, x: np.ndarray, y: np.ndarray, shape: str, colour: str, face: str) -> None:
    style: frame.Style = {"linestyle": "none", "marker": shape, "markersize": 4.6, "zorder": 4}
    axes.plot(x, y, color=colour, markerfacecolor=face, markeredgewidth=0.9, **style)


def _mark(series: Series, picture: Picture) -> int:
    return shape_of(series.group, len(picture.names)) if series.mark is None else series.mark


def _label(axis: Axis) -> str:
    return f"{axis.name} ({axis.unit})" if axis.unit else axis.name


def _scale(axis: Any, asked: Axis) -> None:
    words = FuncFormatter(lambda value, _: number(value, 4))
    if asked.logarithmic:
        _logarithm(axis)
    if asked.ticks:
        axis.set_major_locator(FixedLocator(asked.ticks))
        axis.set_minor_locator(NullLocator())
    elif asked.logarithmic:
        low, high = axis.get_view_interval()
        narrow = low > 0 and high / low < _NARROW
        axis.set_minor_locator(LogLocator(subs=(2.0, 3.0, 5.0, 7.0) if narrow else (2.0, 5.0)))
        axis.set_minor_formatter(words if low > 0 and high / low < _FEW_DECADES else NullFormatter())
        axis.set_tick_params(which="minor", labelsize=8, length=2)
    else:
        axis.set_major_locator(MaxNLocator(6, integer=asked.name == "epoch"))
    axis.set_major_formatter(words)


def _logarithm(axis: Any) -> None:
    (axis.axes.set_xscale if axis.axis_name == "x" else axis.axes.set_yscale)("log")


def _surfaces(page: frame.Page, picture: Picture, top: float) -> None:
    surfaces = _known(picture)
    scale = common_scale(surfaces)
    room = frame.RIGHT - frame.LEFT - _BAR - _BAR_GAP - _BAR_WORDS
    side = (room - (len(surfaces) - 1) * 0.5) / len(surfaces)
    for place, (surface, name) in enumerate(zip(surfaces, picture.names, strict=True)):
        axes = page.axes(frame.LEFT + place * (side + 0.5), top, side, side)
        axes.set_title(shown(name, _LONGEST), loc="left", size=9, weight="bold", color=picture.colours[place], pad=6)
        if np.count_nonzero(np.isfinite(surface.loss)) > 3:
            contours.bands(axes, surface, scale)
            contours.lines(axes, surface, scale, 6, font_size=6.5)
            contours.clipped(axes, surface, scale)
        if surface.x[0] <= 0 <= surface.x[-1] and surface.y[0] <= 0 <= surface.y[-1]:
            mark(axes, 0.0, 0.0, "o", "", 4.5)
        axes.set_xlim(surface.x[0], surface.x[-1])
        axes.set_ylim(surface.y[0], surface.y[-1])
        words = short_axis_labels(surface.request.directions)
        axes.set_xlabel(words[0], size=8)
        if place == 0:
            axes.set_ylabel(words[1], size=8)
        axes.tick_params(length=2.5, width=0.6, labelsize=7.5)
    bar = page.axes(frame.LEFT + room + _BAR_GAP, top, _BAR, side)
    heights = Normalize(float(scale.height(scale.low)), float(scale.height(scale.high)))
    drawn = bar.figure.colorbar(ScalarMappable(heights, contours.COLOUR_MAP), cax=bar)
    contours.label_bar(drawn, scale, surfaces[0].loss_unit, 8)


def _legend(picture: Picture) -> list[Artist]:
    handles: list[Artist] = []
    for group, name in enumerate(picture.names[:MOST_NAMED]):
        shape = SHAPES[shape_of(group, len(picture.names))]
        style: frame.Style = {"marker": shape, "markersize": 4.6, "linewidth": 1.4}
        handles.append(Line2D([], [], color=picture.colours[group], label=shown(name, 44), **style))
    for words, kind in picture.styles:
        handles.append(_sample(words, kind))
    return handles


def _sample(words: str, kind: str) -> Line2D:
    if kind in ("line", "dashed"):
        style: Any = _DASHES if kind == "dashed" else "solid"
        return Line2D([], [], color=frame.MUTED, linewidth=1.4, linestyle=style, label=words)
    hollow = kind == "hollow"
    shape, face = ("o", frame.PAPER) if hollow else (SHAPES[int(kind)], frame.MUTED)
    style = {"linestyle": "none", "marker": shape, "markersize": 4.6, "markerfacecolor": face}
    return Line2D([], [], color=frame.MUTED, label=words, **style)


def _words(picture: Picture) -> list[str]:
    notes = [*picture.statements, *picture.notes]
    if len(picture.names) > MOST_NAMED:
        notes.append(f"{len(picture.names)} networks; the legend names the first {MOST_NAMED}.")
    if picture.missing:
        known = "; ".join(one.words for one in picture.missing[:8])
        more = len(picture.missing) - 8
        notes.append(f"Missing: {known}" + (f"; {count(more, 'further one')}." if more > 0 else "."))
    if picture.surfaces:
        planes = "; ".join(sorted({directions_words(surface.request.directions) for surface in _known(picture)}))
        notes.append(f"Surfaces on one scale; {planes}.")
    return notes


def _known(picture: Picture) -> list[Surface]:
    return [item.result for item in picture.surfaces if isinstance(item.result, Surface)]
