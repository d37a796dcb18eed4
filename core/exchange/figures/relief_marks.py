"""What is drawn on top of a printed relief: the network, other networks and a training's way, as the window does.

What lies behind the relief is drawn faintly, so that nothing seems to be before a wall that hides it. That depends on
the point of view, which a turntable moves: it is decided anew whenever a figure is drawn.
"""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from mpl_toolkits.mplot3d.art3d import Line3D  # type: ignore[import-untyped]

from core.exchange.figures import frame
from core.exchange.figures.draping import BoolArray, Ground
from core.exchange.figures.surface_marks import DROP
from core.exchange.shown_names import shown
from core.exchange.words import count, lowest_point, number
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

Axes3D = Any  # mpl_toolkits has no types

ASPECT = (1.0, 1.0, 0.62)
_STEPS = 90  # along a line of sight
_ABOVE = 0.02  # of the height of the box: so near to the relief a mark lies on it
_EYE = 10.0  # matplotlib's distance of the eye, where the box is about 2 wide
_BOX = 1.83 * 25 / 24  # matplotlib's length of the box's diagonal
_FAINT = 0.28
_HALO = 2.8


class _Over(Line3D):
    """A line or marks over a relief, of which either what is seen or what is behind the relief is drawn."""

    def __init__(self, points: FloatArray, ground: Ground, *, behind: bool, **style: Any) -> None:
        super().__init__(*points.T, **style)
        self._points, self._ground, self._behind = points, ground, behind

    def draw(self, renderer: RendererBase) -> None:
        """Draw what belongs to it from where one looks now."""
        chosen = hidden(self._points, self._ground, self.axes) == self._behind
        self.set_data_3d(*np.where(chosen[:, None], self._points, np.nan).T)
        super().draw(renderer)


def hidden(points: FloatArray, ground: Ground, axes: Axes3D) -> BoolArray:
    """Whether the relief is between points (n, 3) and the eye of axes that show all of it. (n,)"""
    low, high = np.array([axes.get_xlim(), axes.get_ylim(), axes.get_zlim()]).T
    size = np.array(ASPECT) * _BOX / np.linalg.norm(ASPECT)
    elevation, azimuth = np.radians(axes.elev), np.radians(axes.azim)
    towards = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    start = (points - low) / (high - low) * size
    start[:, 2] += _ABOVE * size[2]
    sight = size / 2 + _EYE * towards - start
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    steps = np.linspace(0.0, 1.0, _STEPS)[1:, None, None] * np.linalg.norm(size)
    ray = (start + steps * sight) / size * (high - low) + low  # (steps, n, 3)
    with np.errstate(invalid="ignore"):
        behind: BoolArray = (ground.at(ray[..., 0], ray[..., 1]) > ray[..., 2]).any(axis=0)
    return behind


def network_marks(axes: Axes3D, surface: Surface, ground: Ground) -> list[Artist]:
    """The network itself at its own loss, and the lowest point that was computed."""
    handles: list[Artist] = []
    if ground.inside(np.zeros(1), np.zeros(1)).all():
        known = f", loss {number(surface.centre_loss, 3)}" if np.isfinite(surface.centre_loss) else ""
        _mark(axes, ground, ground.place(0.0, 0.0, surface.centre_loss), "o", 8.0)
        handles.append(_sample("o", f"the network{known}", 7.0))
    if (lowest := lowest_point(surface)) is not None:
        loss = float(surface.loss[lowest])
        place = ground.place(float(surface.x[lowest[1]]), float(surface.y[lowest[0]]), loss)
        _mark(axes, ground, place, "+", 8.0)
        handles.append(_sample("+", f"lowest point, loss {number(loss, 3)}", 7.0))
    return handles


def anchor_marks(axes: Axes3D, surface: Surface, ground: Ground) -> list[Artist]:
    """Other networks in the plane, on the surface, with their names beside them."""
    handles: list[Artist] = []
    for anchor in surface.directions.anchors:
        if not ground.inside(np.array([anchor.x]), np.array([anchor.y])).all():
            continue
        place = ground.place(anchor.x, anchor.y)
        _mark(axes, ground, place, "D", 6.0)
        _name(axes, place, shown(anchor.name, 24))
        handles = [_sample("D", "other network in the plane", 5.5)]
    return handles


def way_marks(axes: Axes3D, trajectory: Trajectory, ground: Ground) -> list[Artist]:
    """A training's checkpoints at their own loss, the line through them, and where the learning rate fell."""
    way = ground.way(trajectory)
    if not way.inside.any():
        return []
    line: frame.Style = {"linewidth": 1.4}
    _draw(axes, ground, way.line, line)
    stems = np.stack([way.feet, way.spots, np.full_like(way.spots, np.nan)], axis=1).reshape(-1, 3)
    _draw(axes, ground, stems, {"color": frame.INK, "linewidth": 0.6}, halo=False)  # what connects them with the relief
    dots: frame.Style = {"linestyle": "none", "marker": "o", "markersize": 3.2}
    hollow = dots | {"markerfacecolor": "none"}
    _draw(axes, ground, way.spots[way.inside & way.known], dots)
    _draw(axes, ground, way.spots[way.inside & ~way.known], hollow)
    outside = len(way.inside) - int(way.inside.sum())
    beyond = f", {outside} of them outside" if outside else ""
    legend: frame.Style = {"color": frame.INK, "linewidth": 1.4, "marker": "o", "markersize": 3.2}
    height = "at their own loss" if way.known.any() else "on the surface, their own loss is not known"
    words = f"training, {count(len(trajectory.x), 'checkpoint')} {height}{beyond}"
    handles: list[Artist] = [Line2D([], [], label=words, **legend)]
    dropped = np.zeros(len(trajectory.x), dtype=bool)
    dropped[list(trajectory.rate_drops)] = True
    if (red := dropped & way.inside).any():
        look: frame.Style = {"linestyle": "none", "marker": "D", "color": DROP, "markeredgecolor": frame.PAPER}
        _draw(axes, ground, way.spots[red], look | {"markersize": 6.5}, halo=False)
        handles.append(Line2D([], [], label="learning rate falls", markersize=6, **look))
    if way.inside[0] and np.isfinite(trajectory.epoch[0]):
        _name(axes, way.spots[0], f"epoch {number(trajectory.epoch[0])}")
    return handles


def _mark(axes: Axes3D, ground: Ground, place: FloatArray, marker: str, size: float) -> None:
    style: frame.Style = {"linestyle": "none", "marker": marker, "markersize": size, "markerfacecolor": "none"}
    _draw(axes, ground, place[None, :], style | {"markeredgewidth": 1.6})


def _draw(axes: Axes3D, ground: Ground, points: FloatArray, style: frame.Style, *, halo: bool = True) -> None:
    """Draw points in full where they are seen, and faintly where the relief hides them."""
    if not len(points):
        return
    before: frame.Style = {"color": frame.PAPER, "zorder": 6} | style
    if halo:
        width = _HALO if style.get("linestyle") == "none" else style["linewidth"] + 1.6
        before["path_effects"] = [withStroke(linewidth=width, foreground=frame.INK)]
    behind: frame.Style = {"color": frame.INK} | style | {"alpha": _FAINT, "zorder": 5}
    axes.add_line(_Over(points, ground, behind=False, **before))
    axes.add_line(_Over(points, ground, behind=True, **behind))


def _name(axes: Axes3D, place: FloatArray, text: str) -> None:
    box = {"boxstyle": "round,pad=0.2", "facecolor": frame.PAPER, "edgecolor": "none", "alpha": 0.75}
    axes.text(*place, f"  {text}", size=7.8, color=frame.INK, va="bottom", bbox=box, zorder=8)


def _sample(marker: str, words: str, size: float) -> Line2D:
    style: frame.Style = {"linestyle": "none", "color": frame.INK, "markerfacecolor": "none", "markeredgewidth": 1.4}
    return Line2D([], [], marker=marker, markersize=size, label=words, **style)
