"""Which grid point of a plane is pointed at: the nearest one, for nothing is known between."""

from typing import Protocol

import numpy as np
from PySide6.QtCore import Qt

from app.render.surface_words import nearest
from core.landscape.plane import FloatArray

Place = tuple[float, float]

KEY_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


class Grid(Protocol):
    """Whatever is known on a grid of a plane, such as a surface or a map."""

    @property
    def x(self) -> FloatArray:
        """(columns,)."""

    @property
    def y(self) -> FloatArray:
        """(rows,)."""


def snapped(grid: Grid, a: float, b: float) -> Place:
    """The grid point nearest to (a, b)."""
    return float(grid.x[nearest(grid.x, a)]), float(grid.y[nearest(grid.y, b)])


def stepped(grid: Grid, place: Place | None, up: int, right: int) -> Place:
    """The grid point so many further; from nowhere, the one in the middle."""
    x, y = grid.x, grid.y
    if place is None:
        return snapped(grid, float(np.median(x)), float(np.median(y)))
    column = int(np.clip(nearest(x, place[0]) + right, 0, len(x) - 1))
    row = int(np.clip(nearest(y, place[1]) + up, 0, len(y) - 1))
    return float(x[column]), float(y[row])
