"""What differs between two surfaces on one grid: a signed map, in the heights that one sees."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core.exchange.figures import frame
from core.exchange.figures.convexity import edges
from core.exchange.figures.loss_scale import common_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface import sides
from core.exchange.figures.surface_marks import mark
from core.exchange.plane_words import directions_words
from core.exchange.shown_names import shown
from core.exchange.words import axis_words, count, made_words, number, signed
from core.landscape.difference import difference
from core.landscape.measures.limits import PLANE_LIMITS
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET, Surface

_MOST_DIGITS = 12  # of a factor that is close to 1
COLOUR_MAP = "RdBu_r"  # Brewer: diverging, told apart with every common colour vision; white where nothing differs


def difference_figure(first: Surface, second: Surface, names: tuple[str, str]) -> Figure:
    """Draw where the first surface lies above (red) and below (blue) the second.

    Parameters
    ----------
    first, second : Surface
        On the same grid; losses above the larger display limit are clipped in both, as in every picture.
    names : tuple of str
        What the two are called.

    Raises
    ------
    InvalidRequest
        If the grids differ, or the losses are in different units.
    """
    height = height_difference(first, second)
    logarithmic = common_scale((first, second)).logarithmic
    with house_style():
        one, other = (shown(name, 26) for name in names)
        page = frame.Page("Difference of two surfaces", f"“{one}” less “{other}”: red where the first is higher")
        width, tall = sides(first)
        axes = page.axes(frame.LEFT, frame.TOP, width, tall)
        axes.set_facecolor(frame.PAPER)
        axes.patch.set(hatch="xxxx", edgecolor=frame.MUTED)
        known = np.abs(height[np.isfinite(height)])
        reach = float(known.max()) if known.size and known.max() > 0 else 1.0
        cells = axes.pcolormesh(
            edges(first.x), edges(first.y), np.ma.masked_invalid(height), cmap=COLOUR_MAP, vmin=-reach, vmax=reach
        )
        bar = axes.figure.colorbar(cells, cax=page.axes(frame.LEFT + width + 0.13, frame.TOP, 0.17, tall))
        bar.ax.yaxis.set_major_locator(MaxNLocator(9))
        words = FuncFormatter(lambda value, _: _factor(value) if logarithmic else signed(value, 3))
        bar.ax.yaxis.set_major_formatter(words)
        bar.set_label(f"(loss + {LOG_OFFSET:g}), first over second" if logarithmic else f"loss ({first.loss_unit})")
        bar.ax.tick_params(length=3, width=0.7, labelsize=8)
        bar.outline.set_linewidth(0.6)
        handles = []
        if first.x[0] <= 0 <= first.x[-1] and first.y[0] <= 0 <= first.y[-1]:
            handles.append(mark(axes, 0.0, 0.0, "o", "the network of each"))
        unknown = int(np.count_nonzero(~np.isfinite(height)))
        if unknown:
            blank = f"{count(unknown, 'point')} known in one only, or not finite"
            handles.append(frame.hatched_sample("xxxx", frame.PAPER, frame.MUTED, blank))
        labels = axis_words(first)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        axes.tick_params(length=3, width=0.7, labelsize=8.5)
        return page.finish(handles, _notes(first, second, names, height))


def height_difference(first: Surface, second: Surface) -> FloatArray:
    """Height of the first less that of the second, both clipped at the larger limit: (ny, nx); NaN where unknown.

    Heights are log10(loss + 0.1), or the loss itself where one of the surfaces has losses below zero. Raises
    `InvalidRequest` as `core.landscape.difference` does.
    """
    scale = common_scale((first, second))
    found = difference(first, second, logarithmic=scale.logarithmic, limit=scale.high)
    # In decades, so that evenly spaced numbers at the bar are round factors.
    return found.values / np.log(10.0) if found.logarithmic else found.values


def _factor(decades: float) -> str:
    """A difference of logarithms as the factor that it is, with as many digits as tell it from 1."""
    factor = 10 ** abs(decades)
    digits = 2 if factor >= 1.1 or factor == 1 else min(2 - math.floor(math.log10(factor - 1)), _MOST_DIGITS)
    return f"{'×' if decades >= 0 else '÷'}{number(factor, digits)}"


def _notes(first: Surface, second: Surface, names: tuple[str, str], height: FloatArray) -> list[str]:
    planes = [directions_words(surface.request.directions) for surface in (first, second)]
    notes = [f"Planes: {planes[0]}." if planes[0] == planes[1] else f"First: {planes[0]}. Second: {planes[1]}."]
    if not first.directions.x or first.directions.fingerprint != second.directions.fingerprint:
        notes.append("The two lie in different planes: their points share coordinates, not weights.")
    known = height[np.isfinite(height)]
    if known.size:
        higher = 100 * float(np.mean(known > 0))
        notes.append(f"“{shown(names[0], 40)}” is higher at {number(higher, 3)} % of the points known in both.")
    for surface, name in zip((first, second), names, strict=True):
        if surface.status == "partial":
            notes.append(f"“{shown(name, 40)}” is partial: its computation was stopped before it was complete.")
    made = [surface.provenance for surface in (first, second)]
    return [*notes, " ".join(PLANE_LIMITS), *dict.fromkeys(made_words(one) for one in made)]
