"""Which grid point of a surface is pointed at: the nearest one, for nothing is known between."""

import numpy as np
from PySide6.QtCore import Qt

from app.render.surface_words import nearest
from core.landscape.surface import Surface

Place = tuple[float, float]

KEY_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


def snapped(surface: Surface, a: float, b: float) -> Place:
    """The grid point nearest to (a, b)."""
    return float(surface.x[nearest(surface.x, a)]), float(surface.y[nearest(surface.y, b)])


def stepped(surface: Surface, place: Place | None, up: int, right: int) -> Place:
    """The grid point so many further; from nowhere, the one in the middle."""
    x, y = surface.x, surface.y
    if place is None:
        return snapped(surface, float(np.median(x)), float(np.median(y)))
    column = int(np.clip(nearest(x, place[0]) + right, 0, len(x) - 1))
    row = int(np.clip(nearest(y, place[1]) + up, 0, len(y) - 1))
    return float(x[column]), float(y[row])
