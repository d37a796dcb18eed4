"""What all figures share: title, notes, colours, legend, the mark of a partial result, and where they lie on a page.

Everything is placed in inches from the top left, and the page is made as high as its legend and notes need: nothing is
cut off and nothing overlaps, however long a name is.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from core.exchange.shown_names import shown

# Okabe & Ito 2008: told apart with every common colour vision. Whatever they tell, a shape or hatch tells too.
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILLION = "#D55E00"

INK = "#24272B"
MUTED = "#5A5F66"
PAPER = "#FFFFFF"
NOTHING = "#EDEFF1"  # where nothing is known, or nothing accepted

# Inches.
_PROVISIONAL = 12.0  # height until legend and notes are known
WIDTH = 7.2
LEFT, RIGHT = 0.82, 7.0
TOP = 0.98  # of the axes: title and up to two lines of subtitle are above
_TITLE, _SUBTITLE = 0.18, 0.47
_AXIS_WORDS = 0.62  # below the axes: ticks and label
_LEGEND_ROW, _NOTE_ROW, _GAP = 0.2, 0.152, 0.12
_WIDE_TITLE, _LONGEST_TITLE = 50, 65  # characters of a title in full size, and in a smaller one
_SUBTITLE_COLUMNS, _NOTE_COLUMNS = 98, 118

Style = dict[str, Any]  # arguments of matplotlib


class Page:
    """A figure that grows downwards."""

    def __init__(self, title: str, subtitle: str) -> None:
        self.figure = Figure(figsize=(WIDTH, _PROVISIONAL), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self._title, self._subtitle = shown(title, _LONGEST_TITLE), subtitle
        self._placed: list[tuple[Axes, tuple[float, float, float, float]]] = []

    def axes(self, left: float, top: float, width: float, height: float, *, projection: str | None = None) -> Axes:
        """New axes at a place in inches from the top left."""
        place = (left, top, width, height)
        # Right from the start, because labels on lines are fitted while they are drawn.
        axes: Axes = self.figure.add_axes(_shares(place, _PROVISIONAL), projection=projection)
        self._placed.append((axes, place))
        return axes

    def finish(self, handles: Sequence[Artist], notes: Sequence[str]) -> Figure:
        """Set legend and notes below the axes, and everything in its place."""
        lines = [line for note in notes for line in textwrap.wrap(note, _NOTE_COLUMNS, break_on_hyphens=False)]
        columns = _columns(handles)
        rows = -(-len(handles) // columns)
        legend_top = max(top + height for _, (_, top, _, height) in self._placed) + _AXIS_WORDS
        notes_top = legend_top + rows * _LEGEND_ROW + (_GAP if rows else 0)
        total = notes_top + len(lines) * _NOTE_ROW + _GAP
        self.figure.set_size_inches(WIDTH, total)
        for axes, place in self._placed:
            axes.set_position(_shares(place, total))
        size = 13 * min(1.0, _WIDE_TITLE / max(1, len(self._title)))
        self._write(_TITLE, self._title, total, size=size, weight="bold")
        words = "\n".join(textwrap.wrap(self._subtitle, _SUBTITLE_COLUMNS)[:2])
        self._write(_SUBTITLE, words, total, size=9, color=MUTED, linespacing=1.35)
        self._write(notes_top, "\n".join(lines), total, size=7.2, color=MUTED, linespacing=1.45)
        if rows:
            self._legend(handles, (LEFT / WIDTH, 1 - legend_top / total), columns)
        return self.figure

    def _write(self, top: float, text: str, total: float, **style: Any) -> None:
        self.figure.text(LEFT / WIDTH, 1 - top / total, text, va="top", **style)

    def _legend(self, handles: Sequence[Artist], corner: tuple[float, float], columns: int) -> None:
        # Matplotlib fills columns first; readers read rows first.
        rows = -(-len(handles) // columns)
        ordered = [
            handles[r * columns + c] for c in range(columns) for r in range(rows) if r * columns + c < len(handles)
        ]
        spacing: Style = {"columnspacing": 1.8, "handletextpad": 0.7, "borderaxespad": 0.0, "borderpad": 0.0}
        self.figure.legend(handles=ordered, loc="upper left", bbox_to_anchor=corner, ncols=columns, **spacing)


def _columns(handles: Sequence[Artist]) -> int:
    """How many entries of a legend fit side by side."""
    longest = max((len(str(handle.get_label())) for handle in handles), default=0)
    return 3 if longest <= 31 else 2 if longest <= 48 else 1


def _shares(place: tuple[float, float, float, float], total: float) -> tuple[float, float, float, float]:
    """A place in inches from the top left as shares of the figure from the bottom left."""
    left, top, width, height = place
    return left / WIDTH, 1 - (top + height) / total, width / WIDTH, height / total


def mark_partial(axes: Axes) -> None:
    """Write PARTIAL across a figure of a result that is not complete."""
    style: Style = {"size": 54, "weight": "bold", "color": INK, "alpha": 0.16, "rotation": 28}
    axes.figure.text(0.5, 0.55, "PARTIAL", ha="center", va="center", zorder=9, **style)


def quiet(axes: Axes) -> None:
    """Axes that step back behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3, width=0.7, labelsize=8.5)


def hatched_sample(hatch: str, face: str, edge: str, label: str) -> Rectangle:
    """A patch for a legend."""
    return Rectangle((0, 0), 1, 1, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.8, label=label)
