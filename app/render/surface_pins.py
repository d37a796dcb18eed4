"""Notes about a point of a surface: pinned to the grid point, where the loss is known, as the crosshair is."""

import math

from app.render.pointing import Place
from app.render.surface_words import nearest
from core.landscape.surface import Surface
from core.review.note import PointAnchor


def point_anchor(surface: Surface, place: Place) -> PointAnchor:
    """What a note about this grid point of the surface is pinned to, with the loss there if it is finite."""
    loss = float(surface.loss[nearest(surface.y, place[1]), nearest(surface.x, place[0])])
    return PointAnchor(x=place[0], y=place[1], loss=loss if math.isfinite(loss) else None)


def within(surface: Surface, a: float, b: float) -> bool:
    """Whether the surface reaches there."""
    return bool(surface.x[0] <= a <= surface.x[-1] and surface.y[0] <= b <= surface.y[-1])
