"""Several surfaces on one page, on one scale and cut at one loss, as Figures 1 and 2 of Li et al. 2018."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from core.exchange.figures import contours, frame
from core.exchange.figures.comparison_layout import Layout
from core.exchange.figures.loss_scale import LossScale, common_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_3d import draw_relief, pose
from core.exchange.figures.surface_marks import hole_hatches, mark
from core.exchange.plane_words import directions_words, short_axis_labels
from core.exchange.shown_names import shown
from core.exchange.words import certificate_words, count, made_words, number
from core.landscape.measures.limits import PLANE_LIMITS
from core.landscape.surface import Surface
from core.session.document import Document, ResultItem

_GAP = 0.22  # inches, between panels
_BAR = 0.16
_BAR_WORDS = 0.62
_ROW_NAMES = 0.28
_NAMES = 0.26  # above each row of panels that have names of their own
_FLATTER = 0.8  # a relief needs less height than width
_MOST_LINES = 6


def comparison_figure(layout: Layout, document: Document, *, relief: bool = False) -> Figure:
    """Draw surfaces side by side.

    Parameters
    ----------
    layout : Layout
        Such as `paper_layout` gives.
    document : Document
        Gives the names of networks.
    relief : bool
        Lit reliefs as in Figure 1; else contours as in Figure 2.
    """
    surfaces = [_surface(item) for item in layout.cells.values()]
    with house_style():
        kind = "reliefs" if relief else "contours"
        page = frame.Page(_title(layout), f"Mean loss per sample over planes through the weights, {kind} on one scale")
        scale = common_scale(surfaces)
        columns, rows = len(layout.columns), len(layout.rows)
        left = frame.LEFT + (_ROW_NAMES if any(layout.rows) else 0.0) - (0.3 if relief else 0.0)
        room = frame.RIGHT - left - _BAR - _BAR_WORDS
        side = (room - (columns - 1) * _GAP) / columns
        named = not any(layout.columns)
        step = side * (_FLATTER if relief else 1.0) + _GAP + (_NAMES if named else 0.0)
        holes: list[Artist] = []
        for (row, column), item in sorted(layout.cells.items()):
            place = (left + column * (side + _GAP), frame.TOP + _NAMES + row * step)
            axes = _panel(page, _surface(item), scale, place, side, relief=relief)
            if relief:
                _bare(axes)
            else:
                holes = hole_hatches(axes, _surface(item)) or holes
                _outer_labels(axes, _surface(item), layout, row, column)
            _names(axes, item, document, layout, row, column, relief=relief)
        height = (rows - 1) * step + side * (_FLATTER if relief else 1.0)
        bar = page.axes(left + room + 0.14, frame.TOP + _NAMES, _BAR, height)
        _scale_bar(bar, scale, surfaces[0].loss_unit)
        return page.finish([_limit(scale)] * bool(scale.clipped and not relief) + holes, _notes(layout, scale))


def _panel(
    page: frame.Page, surface: Surface, scale: LossScale, place: tuple[float, float], side: float, *, relief: bool
) -> Any:
    if relief:
        axes: Any = page.axes(place[0] - 0.1 * side, place[1] - 0.12 * side, 1.2 * side, 1.1 * side, projection="3d")
        draw_relief(axes, surface, scale)
        axes.set_zlim(float(scale.height(scale.low)), float(scale.height(scale.high)))
        pose(axes, zoom=1.15)
        return axes
    axes = page.axes(place[0], place[1], side, side)
    if np.count_nonzero(np.isfinite(surface.loss)) > 3:
        contours.bands(axes, surface, scale)
        contours.lines(axes, surface, scale, _MOST_LINES, font_size=6.2)
        contours.clipped(axes, surface, scale)
    if surface.x[0] <= 0 <= surface.x[-1] and surface.y[0] <= 0 <= surface.y[-1]:
        mark(axes, 0.0, 0.0, "o", "", 4.5)
    axes.set_xlim(surface.x[0], surface.x[-1])
    axes.set_ylim(surface.y[0], surface.y[-1])
    return axes


def _bare(axes: Any) -> None:
    """A relief among others has no room for axes: the scale stands beside them all, the ranges below."""
    axes.set_axis_off()


def _outer_labels(axes: Axes, surface: Surface, layout: Layout, row: int, column: int) -> None:
    axes.tick_params(length=2.5, width=0.6, labelsize=7)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(4, prune="both" if len(layout.columns) > 1 else None))
    words = short_axis_labels(surface.request.directions)
    if (row + 1, column) in layout.cells:
        axes.tick_params(labelbottom=False)
    else:
        axes.set_xlabel(words[0], size=8)
    if column:
        axes.tick_params(labelleft=False)
    else:
        axes.set_ylabel(words[1], size=8)


def _names(
    axes: Any,
    item: ResultItem,
    document: Document,
    layout: Layout,
    row: int,
    column: int,
    *,
    relief: bool,
) -> None:
    """Names of columns above the first row, of rows at the left; or each panel's own above it."""
    style: frame.Style = {"size": 9, "weight": "bold", "color": frame.INK}
    above: frame.Style = {"transform": axes.transAxes, "ha": "center", "va": "bottom", **style}
    height = 0.98 if relief else 1.03
    write = axes.text2D if relief else axes.text
    if not any(layout.columns):
        network = document.items.get(item.network_id)
        longest = max(12, 60 // len(layout.columns))
        write(0.5, height, shown(network.name if network is not None else item.name, longest), **above)
    elif not row or (row - 1, column) not in layout.cells:
        write(0.5, height, layout.columns[column], **above)
    if not column and layout.rows[row]:
        place = -0.06 if relief else -0.4
        write(place, 0.5, layout.rows[row], transform=axes.transAxes, rotation=90, ha="center", va="center", **style)


def _scale_bar(place: Axes, scale: LossScale, unit: str) -> None:
    heights = Normalize(float(scale.height(scale.low)), float(scale.height(scale.high)))
    bar = place.figure.colorbar(ScalarMappable(heights, contours.COLOUR_MAP), cax=place)
    contours.label_bar(bar, scale, unit, 9)


def _limit(scale: LossScale) -> Artist:
    words = f"loss above {number(scale.high, 3)}, clipped"
    return frame.hatched_sample("////", "#FDE725", contours.HATCH, words)


def _title(layout: Layout) -> str:
    if any(layout.columns):
        rows = " and ".join(row for row in layout.rows if row)
        return f"Surfaces {rows}" if rows else "Surfaces compared"
    return "Surfaces compared"


def _notes(layout: Layout, scale: LossScale) -> list[str]:
    surfaces = {item.name: _surface(item) for item in layout.cells.values()}
    planes = sorted({directions_words(surface.request.directions) for surface in surfaces.values()})
    ranges = {(*map(number, (s.x[0], s.x[-1], s.y[0], s.y[-1])),) for s in surfaces.values()}
    notes = [f"{count(len(layout.cells), 'surface')}; {'; '.join(planes)}."]
    if len(ranges) == 1:
        x_low, x_high, y_low, y_high = next(iter(ranges))
        notes.append(
            f"All from {x_low} to {x_high} along the first axis and from {y_low} to {y_high} along the second."
        )
    else:
        notes.append("The ranges of the axes differ.")
    if scale.clipped:
        notes.append(f"Losses above {number(scale.high, 3)} are clipped in all of them.")
    partial = [shown(name, 40) for name, surface in surfaces.items() if surface.status == "partial"]
    if partial:
        notes.append(f"Partial, stopped before complete: {', '.join(partial)}.")
    for name, surface in surfaces.items():
        if certified := certificate_words(surface):
            notes.append(f"{shown(name, 40)}: {certified}.")
    made = [surface.provenance for surface in surfaces.values()]
    if len({(one.data_sha256, one.samples) for one in made}) > 1:
        notes.append("The surfaces were not computed on the same samples: differences may be those of the data.")
    return [*notes, " ".join(PLANE_LIMITS), *dict.fromkeys(made_words(one) for one in made)]


def _surface(item: ResultItem) -> Surface:
    if not isinstance(item.result, Surface):
        raise TypeError(type(item.result))
    return item.result
