"""All pairs of features as a matrix of distances, the nearest outlined."""

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.corrections.records.pairs import Pairs
from core.exchange.figures import frame
from core.exchange.figures.rendering import house_style
from core.exchange.pair_words import cell_words, distance_unit, pairs_notes, pairs_subtitle
from core.exchange.shown_names import readable
from core.exchange.subject import Subject
from core.exchange.words import number

COLOURS = "viridis_r"  # near is bright
_NAMES = 1.75  # inches, left of the matrix and below it
_MOST_INCHES, _CELL = 5.1, 0.46
_MOST_NUMBERS = 22  # features beyond which numbers no longer fit into the cells
_ROOMY = 10  # features up to which they have three digits
_DARK = 0.45  # relative luminance below which the ink on a cell is white


def pairs_figure(pairs: Pairs, subject: Subject) -> Figure:
    """Draw the lower triangle: rows and columns are features, the diagonal has each alone."""
    with house_style():
        page = frame.Page(subject.title, pairs_subtitle(pairs, subject))
        features = len(pairs.promising)
        side = min(_MOST_INCHES - 0.35, _CELL * features)
        left = frame.LEFT + _NAMES - 0.55
        axes = page.axes(left, frame.TOP, side, side)
        scale = _scale(pairs)
        _cells(axes, pairs, scale, side / features)
        bar = page.axes(left + side * 0.62, frame.TOP + 0.12, side * 0.38, 0.13)
        _colour_bar(bar, pairs, scale)
        below = page.axes(left, frame.TOP + side, side, _NAMES - 0.75)  # room for the names of the columns
        below.set_axis_off()
        if pairs.status == "partial":
            frame.mark_partial(axes)
        return page.finish(_legend(), pairs_notes(pairs, subject))


def _scale(pairs: Pairs) -> Normalize:
    known = pairs.distance[np.isfinite(pairs.distance)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return Normalize(low, high if high > low else low + 1.0)


def _cells(axes: Axes, pairs: Pairs, scale: Normalize, size: float) -> None:
    shown, colours = pairs.promising, mpl.colormaps[COLOURS]
    names = [readable(pairs.request.features[feature], 26) for feature in shown]
    letters = min(8.5, 72 * size / 3.6)
    for row, first in enumerate(shown):
        for column, second in enumerate(shown[: row + 1]):
            distance = float(pairs.distance[first, second])
            known = np.isfinite(distance)
            face = colours(scale(distance)) if known else frame.PAPER if np.isnan(distance) else frame.NOTHING
            edge: frame.Style = {"edgecolor": frame.PAPER, "linewidth": 0.8}
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=face, **edge))
            ink = frame.PAPER if known and _luminance(to_rgba(face)) < _DARK else frame.INK if known else frame.MUTED
            if not known or len(shown) <= _MOST_NUMBERS:
                words = cell_words(pairs, first, second, 3 if len(shown) <= _ROOMY else 2)
                sure = "" if not known or pairs.proof_of(first, second) == "proved" else "?"
                axes.text(column, row, words + sure, ha="center", va="center", size=letters, color=ink)
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks(range(len(shown)), names)
    slanted: frame.Style = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(shown)), names, **slanted)
    axes.tick_params(length=0, labelsize=min(8.5, 72 * size / 1.25))
    for spine in axes.spines.values():
        spine.set_visible(False)
    if pairs.best is not None:
        row, column = sorted((shown.index(pairs.best[0]), shown.index(pairs.best[1])), reverse=True)
        axes.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=frame.VERMILLION, linewidth=2.2, zorder=5)
        )


def _luminance(face: tuple[float, float, float, float]) -> float:
    red, green, blue, _ = face
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour_bar(axes: Axes, pairs: Pairs, scale: Normalize) -> None:
    bar = axes.figure.colorbar(ScalarMappable(scale, COLOURS), cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)
    axes.set_title(distance_unit(pairs.request.norm), size=8.5, loc="left", pad=4)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 3)))
    axes.tick_params(length=2, labelsize=7.5)


def _legend() -> list[Artist]:
    return [
        Rectangle((0, 0), 1, 1, fill=False, edgecolor=frame.VERMILLION, linewidth=2.0, label="nearest of all"),
        Rectangle((0, 0), 1, 1, facecolor=frame.NOTHING, label="∅ provably none exists; ? not known"),
        Rectangle((0, 0), 1, 1, facecolor=frame.PAPER, edgecolor=frame.MUTED, linewidth=0.5, label="not looked at"),
    ]
