"""Several networks on the same rows: what becomes of them, how far away the boundary is, and whose corrections hold."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from core.corrections.records.cases import FAILED, NONE_EXISTS, OPEN, PROVED
from core.corrections.records.cases_compared import CasesTable
from core.exchange.cases_table import ComparedCases
from core.exchange.figures import frame
from core.exchange.figures.cases import STYLES
from core.exchange.figures.rendering import house_style
from core.exchange.shown_names import shown
from core.exchange.words import number, whole

_ROW = 0.34  # inches, of a network
_NAMES, _SHARES, _APART, _DISTANCES = 1.35, 2.35, 0.3, 2.18
_BETWEEN = 1.1


def cases_table_figure(compared: ComparedCases) -> Figure:
    """Draw the outcomes and the quartiles of the distances, and below them a matrix of the corrections that hold."""
    table = compared.table
    with house_style():
        page = frame.Page("Rejected rows under several networks", f"The smallest stable change of {compared.title}")
        height = _ROW * len(table.names)
        left = frame.LEFT + _NAMES
        handles = _outcomes(page.axes(left, frame.TOP, _SHARES, height), table)
        handles += _distances(page.axes(left + _SHARES + _APART, frame.TOP, _DISTANCES, height), table)
        if len(table.names) > 1 and np.isfinite(table.held[~np.eye(len(table.names), dtype=bool)]).any():
            side = min(0.5, 4.6 / len(table.names))
            size = side * len(table.names)
            _held(page.axes(left + 0.6, frame.TOP + height + _BETWEEN, size * 1.4, size), table)
        return page.finish(handles, _notes(table))


def _outcomes(axes: Axes, table: CasesTable) -> list[Artist]:
    """Shares of the rejected rows, one bar for each network."""
    total = np.maximum(table.rejected, 1)
    base = np.zeros(len(total))
    places = np.arange(len(total))
    handles: list[Artist] = []
    parts = ((PROVED, table.corrected), (NONE_EXISTS, table.none_exists), (OPEN, table.open), (FAILED, table.failed))
    for code, amounts in parts:
        word, colour, strength, hatch = STYLES[code]
        if not amounts.any():
            continue
        look: frame.Style = {"facecolor": to_rgba(colour, strength), "edgecolor": colour, "hatch": hatch}
        axes.barh(places, amounts / total, left=base, height=0.62, linewidth=0.6, zorder=2, **look)
        handles.append(Rectangle((0, 0), 1, 1, label="failed, or not done" if code == FAILED else word, **look))
        base += amounts / total
    names = [
        f"{shown(name, 22)}\n{whole(int(count))} rejected"
        for name, count in zip(table.names, table.rejected, strict=True)
    ]
    axes.set_yticks(places, names, size=7.5)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.set_xlabel("share of the rejected rows")
    _rows(axes, len(total))
    return handles


def _distances(axes: Axes, table: CasesTable) -> list[Artist]:
    """Median and quartiles of the distances of the corrections."""
    known = np.isfinite(table.distance[:, 1])
    places = np.flatnonzero(known)
    low, middle, high = table.distance[known].T if known.any() else np.zeros((3, 0))
    axes.hlines(places, low, high, color=frame.BLUE, linewidth=5, alpha=0.35, zorder=2)
    axes.plot(middle, places, "o", color=frame.BLUE, markersize=5.5, zorder=3)
    axes.set_yticks(np.arange(len(table.names)), [""] * len(table.names))
    axes.set_xlim(0, 1.1 * float(high.max()) if high.size and high.max() > 0 else 1)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    axes.set_xlabel("weighted distance")
    _rows(axes, len(table.names))
    style: frame.Style = {"color": frame.BLUE, "linewidth": 5, "alpha": 0.35}
    return [
        Line2D([], [], marker="o", linestyle="none", color=frame.BLUE, label="median distance"),
        Line2D([], [], label="quartiles", **style),
    ]


def _held(axes: Axes, table: CasesTable) -> None:
    """Which share of a row's corrections a column's network accepts, boxes and all."""
    count = len(table.names)
    for row in range(count):
        for column in range(count):
            value = float(table.held[row, column])
            known = np.isfinite(value)
            colour = to_rgba(frame.GREEN, 0.12 + 0.6 * value) if known else frame.NOTHING
            axes.add_patch(Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, facecolor=colour, linewidth=0))
            words = f"{int(100 * value)} %" if known else "—"
            axes.text(column, row, words, ha="center", va="center", size=8.5, color=frame.INK)
    names = [shown(name, 18) for name in table.names]
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xticks(
        range(count), names, size=7.5, rotation=0 if count < 4 else 25, ha="center" if count < 4 else "right"
    )
    axes.set_yticks(range(count), names, size=7.5)
    axes.set_title("corrections of a row's network that hold under a column's", size=8.5, loc="left", pad=6)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _rows(axes: Axes, count: int) -> None:
    axes.set_ylim(count - 0.5, -0.5)
    axes.grid(visible=True, axis="x", zorder=0)
    axes.set_axisbelow(True)
    frame.quiet(axes)


def _notes(table: CasesTable) -> list[str]:
    meanings = (
        "Corrected: a stable correction is proved by outward-rounded bounds. None exists: that is proved as well. A "
        "correction holds under another network where its whole box of half-widths is proved to be accepted there."
    )
    notes = [meanings]
    if any(table.partial):
        names = ", ".join(shown(name, 30) for name, part in zip(table.names, table.partial, strict=True) if part)
        notes.append(f"Partial results: {names}.")
    return notes
