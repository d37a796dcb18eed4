"""The ratio of the extreme eigenvalues over a plane, as Figure 7 of Li et al. 2018."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures import frame
from core.exchange.figures.loss_scale import loss_scale
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_marks import mark
from core.exchange.plane_words import axis_labels, directions_words
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, made_words, number, partial_notes, samples_words
from core.landscape.convexity import Convexity
from core.landscape.measures.limits import CURVATURE_LIMITS
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

HIGHEST = 0.5  # Li et al. 2018, Figure 7: the colours end here
_SIDE = 5.05  # inches, of the longer side of the axes
_MOST_LINES = 7


def convexity_figure(convexity: Convexity, subject: Subject, beside: Beside = NOTHING_BESIDE) -> Figure:
    """Draw |λmin/λmax|, one cell for each point that was computed, with lines of the loss where it is known."""
    with house_style():
        page = frame.Page(
            subject.title, f"|λmin/λmax| of the Hessian: {directions_words(convexity.request.directions)}"
        )
        ratio = float(np.clip(np.ptp(convexity.x) / np.ptp(convexity.y), 0.5, 2.0))
        width, height = _SIDE * min(1.0, ratio), _SIDE * min(1.0, 1 / ratio)
        axes = page.axes(frame.LEFT, frame.TOP, width, height)
        cells = axes.pcolormesh(
            edges(convexity.x),
            edges(convexity.y),
            np.ma.masked_invalid(convexity.ratio),
            cmap="viridis",
            vmin=0.0,
            vmax=HIGHEST,
            zorder=2,
        )
        bar = axes.figure.colorbar(
            cells,
            cax=page.axes(frame.LEFT + width + 0.13, frame.TOP, 0.17, height),
            extend="max" if bool((convexity.ratio > HIGHEST).any()) else "neither",
            format=FuncFormatter(lambda value, _: number(value, 2)),
        )
        bar.set_label("|λmin/λmax|, 0: convex to second order")
        bar.ax.tick_params(length=3, width=0.7, labelsize=8)
        bar.outline.set_linewidth(0.6)
        handles = _marks(axes, convexity)
        if beside.surface is not None:
            _loss_lines(axes, beside.surface)
        _label(axes, convexity)
        if convexity.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, _notes(convexity, subject, beside))


def edges(centres: FloatArray) -> FloatArray:
    """Where the cells around grid points begin and end: (n + 1,)."""
    middles = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middles[0]], middles, [2 * centres[-1] - middles[-1]]])


def _marks(axes: Axes, convexity: Convexity) -> list[Artist]:
    handles: list[Artist] = []
    axes.set_facecolor(frame.NOTHING)
    if convexity.x[0] <= 0 <= convexity.x[-1] and convexity.y[0] <= 0 <= convexity.y[-1]:
        handles.append(mark(axes, 0.0, 0.0, "o", "the network"))
    unknown = int(np.count_nonzero(~np.isfinite(convexity.ratio)))
    if unknown:
        words = f"{count(unknown, 'point')} not computed or not finite"
        handles.append(frame.hatched_sample("", frame.NOTHING, frame.MUTED, words))
    return handles


def _loss_lines(axes: Axes, surface: Surface) -> None:
    scale = loss_scale(surface)
    losses = [loss for loss in scale.round_losses(_MOST_LINES) if scale.low < loss < scale.high]
    if not losses or np.count_nonzero(np.isfinite(surface.loss)) < 4:
        return
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    levels = [float(scale.height(loss)) for loss in losses]
    style: frame.Style = {"colors": frame.PAPER, "linewidths": 0.9, "linestyles": "solid", "alpha": 0.9}
    lines = axes.contour(surface.x, surface.y, heights, levels, corner_mask=True, zorder=3, **style)
    words = {level: number(loss, 3) for level, loss in zip(lines.levels, losses, strict=True)}
    axes.clabel(lines, fontsize=7.8, fmt=words, inline=True, inline_spacing=4)


def _label(axes: Axes, convexity: Convexity) -> None:
    words_x, words_y = axis_labels(convexity.request.directions)
    axes.set_xlabel(words_x)
    axes.set_ylabel(words_y)
    # Whole cells, as they are the points; lines of a surface end where its own grid does.
    x, y = edges(convexity.x), edges(convexity.y)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.tick_params(length=3, width=0.7, labelsize=8.5)


def _notes(convexity: Convexity, subject: Subject, beside: Beside) -> list[str]:
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    products = int(convexity.products.sum())
    cost = f" · {count(products, 'Hessian-vector product')}" if products else ""
    notes = [f"{owner}, {samples_words(convexity.provenance)} · {count(convexity.ratio.size, 'point')}{cost}."]
    if (clipped := int(np.count_nonzero(convexity.ratio > HIGHEST))) > 0:
        notes.append(f"{count(clipped, 'point')} above {HIGHEST:g}, drawn in the last colour.")
    if beside.surface is not None:
        notes.append(f"Lines: the loss ({beside.surface.loss_unit}) of the surface in the same plane.")
    notes += partial_notes(convexity.status)
    return [*notes, CURVATURE_LIMITS, made_words(convexity.provenance)]
