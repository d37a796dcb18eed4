"""A loss surface as a lit relief, as Figure 1 of Li et al. 2018: the height is log10(loss + 0.1)."""

from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.colors import LightSource
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures import frame
from core.exchange.figures.contours import COLOUR_MAP
from core.exchange.figures.draping import Ground
from core.exchange.figures.loss_scale import LossScale, loss_scale
from core.exchange.figures.relief_marks import ASPECT, anchor_marks, network_marks, way_marks
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_notes import surface_notes, surface_subtitle
from core.exchange.plane_words import short_axis_labels
from core.exchange.subject import Subject
from core.exchange.words import number
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

Axes3D = Any  # mpl_toolkits has no types

_LIGHT = LightSource(azdeg=300, altdeg=38)
VIEW = {"elev": 34.0, "azim": -58.0}
_BELOW = 0.22  # of the height, between the lowest point and the floor
_MOST_LINES = 12
_STEEPNESS = 0.55  # of the shading only; heights are true to the axis


def surface_3d_figure(surface: Surface, subject: Subject, beside: Beside = NOTHING_BESIDE) -> Figure:
    """Draw the loss over the plane as a relief, lit from the left.

    Facets are what was computed: nothing is smoothed. Facets at a point without a finite loss are left out; what is
    above the display limit is a flat top. Contour lines at round losses lie on the floor below. The network, other
    networks of the plane, and a training's way in the same plane lie upon the relief.
    """
    with house_style():
        page = frame.Page(subject.title, surface_subtitle(surface))
        axes: Axes3D = page.axes(
            frame.LEFT - 0.45, frame.TOP - 0.25, frame.RIGHT - frame.LEFT + 0.6, 5.2, projection="3d"
        )
        scale = loss_scale(surface)
        axes.computed_zorder = False  # the floor is behind the relief wherever one stands, since one looks from above
        floor = _floor(axes, surface, scale)
        draw_relief(axes, surface, scale)
        _label(axes, surface, scale)
        axes.set_zlim(floor, float(scale.height(scale.high)))
        handles = _marks(axes, surface, scale, beside)
        if surface.status == "partial":
            frame.mark_partial(axes)
        return page.finish(handles, surface_notes(surface, subject, scale))


def _marks(axes: Axes3D, surface: Surface, scale: LossScale, beside: Beside) -> list[Artist]:
    if not np.isfinite(surface.loss).any():
        return []
    ground = Ground(surface, scale.height)
    handles = network_marks(axes, surface, ground)
    if beside.trajectory is not None:
        handles += way_marks(axes, beside.trajectory, ground)
    return [*handles, *anchor_marks(axes, surface, ground)]


def _floor(axes: Axes3D, surface: Surface, scale: LossScale) -> float:
    """Contour lines on the floor below the relief, at round losses; the height of the floor."""
    low, high = float(scale.height(scale.low)), float(scale.height(scale.high))
    floor = low - _BELOW * (high - low)
    losses = [loss for loss in scale.round_losses(_MOST_LINES) if scale.low < loss < scale.high]
    levels = [float(scale.height(loss)) for loss in losses]
    heights = np.ma.masked_invalid(scale.height(surface.loss))
    if levels and heights.count() > 3:
        style: frame.Style = {"cmap": COLOUR_MAP, "vmin": low, "vmax": high, "linewidths": 1.1}
        axes.contour(surface.x, surface.y, heights, levels, zdir="z", offset=floor, zorder=0, **style)
    return floor


def draw_relief(axes: Axes3D, surface: Surface, scale: LossScale) -> None:
    """The lit facets of a surface, seen as all reliefs are, on axes with a third dimension."""
    a, b = np.meshgrid(surface.x, surface.y)
    heights = scale.height(surface.loss)
    # plot_surface draws no facet with a corner at NaN.
    axes.plot_surface(
        a,
        b,
        heights,
        rcount=len(surface.y),
        ccount=len(surface.x),
        facecolors=_lit(heights, surface, scale),
        linewidth=0,
        antialiased=False,
        zorder=1,
        shade=False,
    )


def pose(axes: Axes3D, zoom: float = 1.0) -> None:
    """Proportions and point of view that all reliefs share."""
    axes.set_box_aspect(ASPECT, zoom=zoom)
    axes.view_init(**VIEW)


def _lit(heights: FloatArray, surface: Surface, scale: LossScale) -> FloatArray:
    """Colours of the heights under the light: (ny, nx, 4)."""
    low, high = float(scale.height(scale.low)), float(scale.height(scale.high))
    filled = np.where(np.isfinite(heights), heights, high)
    shares = (filled - low) / (high - low)
    colours = colormaps[COLOUR_MAP](shares)
    steps = np.diff(surface.x).mean(), np.diff(surface.y).mean()
    span = np.ptp(surface.x) + np.ptp(surface.y)
    relief = shares * span * _STEEPNESS / 2
    colours[..., :3] = _LIGHT.shade_rgb(colours[..., :3], relief, blend_mode="soft", dx=steps[0], dy=-steps[1])
    return np.asarray(np.clip(colours, 0.0, 1.0))


def _label(axes: Axes3D, surface: Surface, scale: LossScale) -> None:
    losses = scale.round_losses(6)
    axes.set_zticks([float(scale.height(loss)) for loss in losses], [number(loss, 3) for loss in losses])
    axes.set_zlim(float(scale.height(scale.low)), float(scale.height(scale.high)))
    short = short_axis_labels(surface.request.directions)
    axes.set_xlabel(short[0], labelpad=6)
    axes.set_ylabel(short[1], labelpad=6)
    clipped = f", clipped at {number(scale.high, 3)}" if scale.clipped else ""
    axes.set_zlabel(f"loss ({surface.loss_unit}){clipped}", labelpad=6)
    axes.set_xlim(surface.x[0], surface.x[-1])
    axes.set_ylim(surface.y[0], surface.y[-1])
    pose(axes)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((1, 1, 1, 0))
        axis.line.set_color(frame.MUTED)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(4))
    axes.tick_params(labelsize=8, pad=1.5)
    axes.grid(visible=True)
