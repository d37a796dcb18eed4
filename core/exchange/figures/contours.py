"""The loss over a plane as filled bands with labelled lines, on any axes: what all flat figures of a surface share."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.contour import QuadContourSet

from core.exchange.figures import frame
from core.exchange.figures.loss_scale import LossScale
from core.exchange.words import number
from core.landscape.surface import Surface

COLOUR_MAP = "viridis"  # Smith & van der Walt 2015: perceptually uniform; the window's default too
_LIGHT_FROM = 0.68  # share of the colour map from which on it is light
HATCH = "#8A7E2B"  # a darker shade of the map's last colour


def bands(axes: Axes, surface: Surface, scale: LossScale) -> QuadContourSet:
    """Bands equally spaced in the height that one sees, linear between grid points."""
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    levels = scale.levels()
    # Rounding must not put the lowest and the highest point outside of the outermost bands.
    levels[0], levels[-1] = levels[0] - 1e-9, levels[-1] + 1e-9
    drawn = axes.contourf(surface.x, surface.y, heights, levels, cmap=COLOUR_MAP, corner_mask=True, zorder=2)
    drawn.set_edgecolor("face")  # no white seams between bands in PDF viewers
    drawn.set_linewidth(0.2)
    return drawn


def lines(axes: Axes, surface: Surface, scale: LossScale, most: int, font_size: float = 7.8) -> None:
    """Lines at round losses, with the loss on them."""
    losses = [loss for loss in scale.round_losses(most) if scale.low < loss < scale.high]
    if not losses:
        return
    levels = [float(scale.height(loss)) for loss in losses]
    bounds = scale.levels()
    # Light lines on dark colours and dark ones on light colours. (A halo would turn the text of an SVG into shapes.)
    shades = [frame.PAPER if (h - bounds[0]) / np.ptp(bounds) < _LIGHT_FROM else frame.INK for h in levels]
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    if not (np.nanmin(levels) < heights.max() and np.nanmax(levels) > heights.min()):
        return
    style: frame.Style = {"colors": shades, "linewidths": 0.8, "linestyles": "solid", "alpha": 0.9}
    drawn = axes.contour(surface.x, surface.y, heights, levels, corner_mask=True, zorder=3, **style)
    words = {level: number(loss, 3) for level, loss in zip(drawn.levels, losses, strict=True)}
    axes.clabel(drawn, fontsize=font_size, colors=shades, fmt=words, inline=True, inline_spacing=4)


def clipped(axes: Axes, surface: Surface, scale: LossScale) -> list[Artist]:
    """Hatch what is above the display limit, and draw the limit as a dashed line."""
    loss = np.ma.masked_invalid(surface.loss)
    if not scale.clipped or not (loss > scale.high).any():
        return []
    above = axes.contourf(surface.x, surface.y, loss, [scale.high, np.inf], colors="none", hatches=["////"], zorder=4)
    above.set_edgecolor(HATCH)
    above.set_linewidth(0.0)
    if (loss < scale.high).any():
        limit: frame.Style = {"colors": frame.INK, "linewidths": 1.1, "linestyles": "dashed"}
        axes.contour(surface.x, surface.y, loss, [scale.high], zorder=4, **limit)
    words = f"loss above {number(scale.high, 3)}, clipped"
    return [frame.hatched_sample("////", "#FDE725", HATCH, words)]


def colour_bar(place: Axes, drawn: QuadContourSet, scale: LossScale, unit: str, most: int) -> None:
    """The scale of the bands, in losses."""
    label_bar(place.figure.colorbar(drawn, cax=place), scale, unit, most)


def label_bar(bar: Colorbar, scale: LossScale, unit: str, most: int) -> None:
    """Losses at the heights of a bar."""
    losses = [loss for loss in scale.round_losses(most) if loss < scale.high] + [scale.high]
    near = float(scale.height(scale.high) - scale.height(scale.low)) / 30
    losses = [n for n in losses if n == scale.high or scale.height(scale.high) - scale.height(n) > near]
    labels = [number(loss, 3) for loss in losses]
    labels[-1] = f"≥ {labels[-1]}" if scale.clipped else labels[-1]
    bar.set_ticks([float(scale.height(loss)) for loss in losses], labels=labels)
    bar.ax.tick_params(length=3, width=0.7, labelsize=8)
    bar.outline.set_linewidth(0.6)
    bar.set_label(f"loss ({unit})")
