"""The box around the surface: floor grid, back walls, and where its ticks are."""

from dataclasses import dataclass

import numpy as np

from app.render.fields import Picture
from app.render.gl.mesh_geometry import plane_places
from app.render.gl.projection import Box, Projection
from app.render.scales import even_ticks
from app.render.surface_words import axis_symbols, axis_titles, written
from core.landscape.plane import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Axes:
    """Ticks of a box in scene coordinates with what is written at them."""

    box: Box
    x: tuple[tuple[float, str], ...] = ()
    y: tuple[tuple[float, str], ...] = ()
    z: tuple[tuple[float, str], ...] = ()
    titles: tuple[str, str, str] = ("", "", "")
    symbols: tuple[str, str, str] = ("", "", "")  # where there is no room for a title


def axes_of(picture: Picture) -> Axes:
    """The box and ticks in which a surface stands."""
    surface, scale = picture.surface, picture.scale
    x, y = plane_places(surface.x, surface.y)
    box = Box(half_x=float(np.abs(x).max()), half_y=float(np.abs(y).max()))
    columns = even_ticks(float(surface.x.min()), float(surface.x.max()), 5)
    rows = even_ticks(float(surface.y.min()), float(surface.y.max()), 5)
    height = "test loss" if picture.field in ("test loss", "test accuracy") else "loss"
    return Axes(
        box=box,
        x=tuple((float(np.interp(tick, surface.x, x)), written(tick)) for tick in columns),
        y=tuple((float(np.interp(tick, surface.y, y)), written(tick)) for tick in rows),
        z=tuple((scale.share(tick) * box.tall, written(tick)) for tick in scale.ticks(6)),
        titles=(*axis_titles(surface), f"{height} ({surface.loss_unit})"),
        symbols=(*axis_symbols(surface), height),
    )


def far_walls(view: Projection) -> tuple[float, float]:
    """Signs of the walls x = ± and y = ± that stand behind the surface."""
    return (-1.0 if view.eye[0] > 0 else 1.0, -1.0 if view.eye[1] > 0 else 1.0)


def box_segments(axes: Axes, view: Projection) -> tuple[FloatArray, FloatArray]:
    """Grid lines of the floor and of the two walls behind the surface: starts and ends, (n, 3) each."""
    box = axes.box
    sign_x, sign_y = far_walls(view)
    wall_x, wall_y = sign_x * box.half_x, sign_y * box.half_y
    lines = []
    for x in [-box.half_x, box.half_x, *(tick for tick, _ in axes.x)]:
        lines.append(((x, -box.half_y, box.floor), (x, box.half_y, box.floor)))
        lines.append(((x, wall_y, box.floor), (x, wall_y, box.tall)))
    for y in [-box.half_y, box.half_y, *(tick for tick, _ in axes.y)]:
        lines.append(((-box.half_x, y, box.floor), (box.half_x, y, box.floor)))
        lines.append(((wall_x, y, box.floor), (wall_x, y, box.tall)))
    for z in [box.tall, *(tick for tick, _ in axes.z)]:
        lines.append(((-box.half_x, wall_y, z), (box.half_x, wall_y, z)))
        lines.append(((wall_x, -box.half_y, z), (wall_x, box.half_y, z)))
    segments = np.array(lines)
    return segments[:, 0], segments[:, 1]


def level_segments(axes: Axes, view: Projection, heights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Level lines on the two walls behind the surface, at these heights of the scene: starts and ends, (n, 3) each."""
    box = axes.box
    sign_x, sign_y = far_walls(view)
    wall_x, wall_y = sign_x * box.half_x, sign_y * box.half_y
    corner = np.array([[wall_x, wall_y]] * len(heights)).reshape(-1, 2)
    starts, ends = [], []
    for other in ([-wall_x, wall_y], [wall_x, -wall_y]):
        starts.append(np.column_stack([corner, heights]))
        ends.append(np.column_stack([np.tile(other, (len(heights), 1)).reshape(-1, 2), heights]))
    return np.concatenate(starts), np.concatenate(ends)


def wall_ends(axes: Axes, view: Projection, height: float) -> FloatArray:
    """Where the two walls behind the surface end at a height of the scene, away from their common corner: (2, 3)."""
    box = axes.box
    sign_x, sign_y = far_walls(view)
    return np.array(
        [
            [-sign_x * box.half_x, sign_y * box.half_y, height],
            [sign_x * box.half_x, -sign_y * box.half_y, height],
        ]
    )
