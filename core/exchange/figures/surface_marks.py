"""What is drawn on top of a plane: the network, other networks, a training's way, and where the loss was computed."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from core.exchange.figures import frame
from core.exchange.shown_names import shown
from core.exchange.words import count, lowest_point, number
from core.landscape.plane import Directions
from core.landscape.surface import EVALUATED, SAMPLED, Surface
from core.landscape.trajectory import Trajectory

DROP = "#E4572E"  # Li et al. 2018, Figure 9: where the learning rate falls is marked red
_MOST_DOTS = 4000  # more computed points than this would hide the picture


def mark(axes: Axes, x: float, y: float, marker: str, words: str, size: float = 8.0) -> Artist:
    """One place, seen on every colour; the legend says what it is."""
    style: frame.Style = {"linestyle": "none", "color": frame.PAPER, "markerfacecolor": "none", "markeredgewidth": 1.6}
    halo = [withStroke(linewidth=2.8, foreground=frame.INK)]
    (drawn,) = axes.plot(x, y, marker=marker, markersize=size, path_effects=halo, zorder=7, label=words, **style)
    return drawn


def network_marks(axes: Axes, surface: Surface) -> list[Artist]:
    """The network itself, and the lowest point that was computed."""
    x, y = surface.x, surface.y
    handles: list[Artist] = []
    if x[0] <= 0 <= x[-1] and y[0] <= 0 <= y[-1]:
        known = f", loss {number(surface.centre_loss, 3)}" if np.isfinite(surface.centre_loss) else ""
        handles.append(mark(axes, 0.0, 0.0, "o", f"the network{known}"))
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        words = f"lowest point, loss {number(surface.loss[row, column], 3)}"
        handles.append(mark(axes, float(x[column]), float(y[row]), "+", words))
    return handles


def anchor_marks(axes: Axes, directions: Directions) -> list[Artist]:
    """Other networks in the plane, with their names beside them."""
    for anchor in directions.anchors:
        mark(axes, anchor.x, anchor.y, "D", "", 6.0)
        axes.annotate(
            shown(anchor.name, 24),
            (anchor.x, anchor.y),
            xytext=(7, 6),
            textcoords="offset points",
            size=7.8,
            color=frame.INK,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": frame.PAPER, "edgecolor": "none", "alpha": 0.75},
            zorder=8,
            annotation_clip=True,
        )
    if not directions.anchors:
        return []
    style: frame.Style = {"linestyle": "none", "color": frame.INK, "markerfacecolor": "none", "markeredgewidth": 1.4}
    return [Line2D([], [], marker="D", markersize=5.5, label="other network in the plane", **style)]


def way_marks(axes: Axes, trajectory: Trajectory) -> list[Artist]:
    """A training's way from its first checkpoint to its last, and where the learning rate fell."""
    halo = [withStroke(linewidth=3.0, foreground=frame.INK)]
    style: frame.Style = {"color": frame.PAPER, "linewidth": 1.4, "marker": "o", "markersize": 3.2, "zorder": 6}
    axes.plot(trajectory.x, trajectory.y, path_effects=halo, **style)
    legend: frame.Style = {"color": frame.INK, "linewidth": 1.4, "marker": "o", "markersize": 3.2}
    handles: list[Artist] = [Line2D([], [], label=f"training, {count(len(trajectory.x), 'checkpoint')}", **legend)]
    if drops := list(trajectory.rate_drops):
        red: frame.Style = {"linestyle": "none", "marker": "D", "color": DROP, "markeredgecolor": frame.PAPER}
        axes.plot(trajectory.x[drops], trajectory.y[drops], markersize=7, zorder=8, **red)
        handles.append(Line2D([], [], label="learning rate falls", markersize=6, **red))
    return handles


def held_out_marks(axes: Axes, surface: Surface) -> list[Artist]:
    """The points that the certificate rests on."""
    if surface.held_out is None:
        return []
    style: frame.Style = {"linestyle": "none", "marker": "x", "color": frame.PAPER, "markeredgewidth": 0.9}
    axes.plot(surface.held_out.x, surface.held_out.y, markersize=3.6, zorder=6, **style)
    words = f"{count(len(surface.held_out.x), 'held-out point')}, computed exactly"
    return [Line2D([], [], label=words, markersize=4.5, **(style | {"color": frame.MUTED}))]


def point_dots(axes: Axes, surface: Surface) -> list[Artist]:
    """Dots where the loss was computed, if it was not computed everywhere: full on all samples, hollow on a part."""
    handles: list[Artist] = []
    if (surface.evaluated == EVALUATED).all() or np.count_nonzero(surface.evaluated) > _MOST_DOTS:
        return handles
    for kind, words, look in (
        (EVALUATED, "computed point", {"markersize": 1.3, "markeredgewidth": 0.0, "alpha": 0.6}),
        (SAMPLED, "computed on a part of the samples", {"markersize": 2.0, "markeredgewidth": 0.5, "alpha": 0.7}),
    ):
        rows, columns = np.nonzero(surface.evaluated == kind)
        if not len(rows):
            continue
        style: frame.Style = {"marker": "o", "linestyle": "none", **look}
        face = frame.PAPER if kind == EVALUATED else "none"
        axes.plot(surface.x[columns], surface.y[rows], color=frame.PAPER, markerfacecolor=face, zorder=5, **style)
        legend = style | {"color": frame.MUTED, "markersize": 2.5 if kind == EVALUATED else 4.0, "alpha": 1.0}
        sample_face = frame.MUTED if kind == EVALUATED else "none"
        handles.append(Line2D([], [], label=words, markerfacecolor=sample_face, **legend))
    return handles


def hole_hatches(axes: Axes, surface: Surface) -> list[Artist]:
    """Hatch the cells around points without a finite loss, below everything: there the bands leave a gap."""
    axes.set_facecolor(frame.NOTHING)
    holes = np.argwhere((surface.evaluated == EVALUATED) & ~np.isfinite(surface.loss))
    x, y = surface.x, surface.y
    for row, column in holes:
        left, right = x[max(column - 1, 0)], x[min(column + 1, len(x) - 1)]
        bottom, top = y[max(row - 1, 0)], y[min(row + 1, len(y) - 1)]
        style: frame.Style = {
            "facecolor": frame.PAPER,
            "edgecolor": frame.VERMILLION,
            "hatch": "xxxx",
            "linewidth": 0.0,
        }
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, zorder=1, **style))
    if not len(holes):
        return []
    words = f"{count(len(holes), 'hole')}: loss not finite"
    return [frame.hatched_sample("xxxx", frame.PAPER, frame.VERMILLION, words)]
