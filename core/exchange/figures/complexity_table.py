"""Every measure of size and sharpness over the generalisation gap, one small panel for each (Neyshabur et al. 2017)."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.words import number
from core.generalisation.measures import Measure
from core.generalisation.ranks import SIGNIFICANT, RankCorrelation
from core.generalisation.table import ComplexityTable

_COLUMNS = 3
_WIDTH, _HEIGHT = 1.66, 1.3  # inches, of a panel
_STEP = 2.18  # from one panel to the next
_DOWN = 2.02
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_COLOURS = (frame.BLUE, frame.VERMILLION, frame.GREEN, "#CC79A7", frame.SKY_BLUE, "#E69F00", frame.INK)
_MOST_NAMED = 21


def table_figure(table: ComplexityTable) -> Figure:
    """Draw the gap of every network over each of its measures, with both rank correlations above the panel."""
    with house_style():
        page = frame.Page("Size beside sharpness", "Generalisation gap of every network over each of its measures")
        for index, (measure, one) in enumerate(zip(table.measures, table.correlations, strict=True)):
            row, column = divmod(index, _COLUMNS)
            axes = page.axes(frame.LEFT + column * _STEP, frame.TOP + 0.25 + row * _DOWN, _WIDTH, _HEIGHT)
            _panel(axes, table, table.values[:, index], measure, one)
            if column == 0:
                axes.set_ylabel(f"gap ({_unit(table)})")
        return page.finish(_legend(table), list(table.notes))


def _scale(table: ComplexityTable) -> float:
    return 100.0 if _unit(table) == "%" else 1.0


def _unit(table: ComplexityTable) -> str:
    return "%" if table.gap_unit == "share of the samples" else table.gap_unit


def _panel(axes: Axes, table: ComplexityTable, values: np.ndarray, measure: Measure, one: RankCorrelation) -> None:
    scale = _scale(table)
    known = np.isfinite(values) & np.isfinite(table.gap)
    errors = np.nan_to_num(scale * table.gap_error[known])
    if known.any():
        style: frame.Style = {"fmt": "none", "ecolor": frame.MUTED, "elinewidth": 0.8, "capsize": 1.5, "zorder": 2}
        axes.errorbar(values[known], scale * table.gap[known], yerr=errors, **style)
    else:
        axes.text(0.5, 0.5, "not known", ha="center", va="center", color=frame.MUTED, transform=axes.transAxes)
    for row in np.flatnonzero(known).tolist():
        axes.plot(values[row], scale * table.gap[row], zorder=3, **_look(row))
    axes.set_title(_words(one), size=7.8, loc="left", color=frame.INK if _sure(one) else frame.MUTED, pad=4)
    axes.set_xlabel(measure.head, size=8.5)
    axes.margins(x=0.12, y=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 4)))
    axes.grid(visible=True, zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)
    axes.tick_params(labelsize=7.5)


def _words(one: RankCorrelation) -> str:
    if np.isnan(one.spearman):
        return "no order to compare"
    star = " ★" if _sure(one) else ""
    return f"ρ {number(one.spearman, 2)} (p {number(one.spearman_p, 2)}), τ {number(one.kendall, 2)}{star}"


def _sure(one: RankCorrelation) -> bool:
    return bool(one.spearman_p <= SIGNIFICANT)


def _look(row: int) -> frame.Style:
    colour, marker = _COLOURS[row % len(_COLOURS)], _MARKERS[(row + row // len(_COLOURS)) % len(_MARKERS)]
    style: frame.Style = {"color": colour, "marker": marker, "linestyle": "none", "markersize": 5.0}
    return {**style, "markeredgecolor": frame.PAPER, "markeredgewidth": 0.5}


def _legend(table: ComplexityTable) -> list[Artist]:
    named = table.names[:_MOST_NAMED]
    handles: list[Artist] = [Line2D([], [], label=shown(name, 30), **_look(row)) for row, name in enumerate(named)]
    if any(_sure(one) for one in table.correlations):
        handles.append(Line2D([], [], linestyle="none", label=f"★ p ≤ {SIGNIFICANT:g}, of this measure alone"))
    return handles
