"""Overlays in the scene: where their lines and marks are, and what is written beside them."""

from dataclasses import dataclass, field

import numpy as np

from app.render.colormaps import category
from app.render.fields import Picture
from app.render.gl.box_lines import Axes
from app.render.gl.mesh_geometry import Mesh, plane_places
from app.render.gl.point_set import Colour, Marks
from app.render.overlays import Overlays
from app.render.refinement import sample
from app.render.surface_words import lowest_point, lowest_words, written
from core.landscape.plane import FloatArray
from core.landscape.surface import EVALUATED, SAMPLED, HeldOut, Surface
from core.landscape.trajectory import Trajectory

DARK: Colour = (0.06, 0.06, 0.06, 1.0)
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
FAINT: Colour = (0.06, 0.06, 0.06, 0.55)
CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)
DROP: Colour = (0.835, 0.369, 0.0, 1.0)  # vermillion: the learning rate was lowered here
PIECES = 12  # of the way between two checkpoints, so that it follows the surface
MOST_PIECES = 3000  # of a whole way

Place = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A word at a place of the scene."""

    place: Place
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Laid:
    """All that overlays bring into the scene."""

    way: tuple[FloatArray, FloatArray] = field(default_factory=lambda: (np.empty((0, 3)), np.empty((0, 3))))
    drops: tuple[FloatArray, FloatArray] = field(default_factory=lambda: (np.empty((0, 3)), np.empty((0, 3))))
    marks: tuple[Marks, ...] = ()  # seen through the surface, faintly
    dots: tuple[Marks, ...] = ()  # many small ones, hidden where the surface is before them
    tags: tuple[Tag, ...] = ()  # the most important first


class Placer:
    """From the plane and a loss to the scene."""

    def __init__(self, picture: Picture, mesh: Mesh, axes: Axes) -> None:
        self.surface, self.scale, self._mesh, self._box = picture.surface, picture.scale, mesh, axes.box

    def inside(self, x: FloatArray, y: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which points of the plane are in the box."""
        columns, rows = self.surface.x, self.surface.y
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
            (x >= columns[0]) & (x <= columns[-1]) & (y >= rows[0]) & (y <= rows[-1])
        )
        return found

    def across(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Points of the plane in scene coordinates."""
        own_x, own_y = plane_places(self.surface.x, self.surface.y)
        return np.interp(x, self.surface.x, own_x), np.interp(y, self.surface.y, own_y)

    def on_surface(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Heights in the scene of the drawn surface above points of the plane; NaN in a hole."""
        return sample(self._mesh.x, self._mesh.y, self._mesh.shares, *self.across(x, y)) * self._box.tall

    def at_loss(self, loss: FloatArray) -> FloatArray:
        """Heights in the scene of losses, clipped as the surface is; NaN where the loss is not finite."""
        return self.scale.shares(loss) * self._box.tall

    def places(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Scene points (n, 3); on the floor of the scale where no height is known."""
        return np.column_stack([*self.across(x, y), np.nan_to_num(z)])


def lay(picture: Picture, mesh: Mesh, axes: Axes, overlays: Overlays) -> Laid:
    """Put overlays into the scene of a picture."""
    place = Placer(picture, mesh, axes)
    marks, tags = _own_marks(place)
    dots: list[Marks] = _evaluated(place) if overlays.show_evaluated else []
    if overlays.held_out is not None:
        dots.append(_held_out(place, overlays.held_out))
    for index, anchor in enumerate(overlays.anchors):
        x, y = np.array([anchor.x]), np.array([anchor.y])
        if place.inside(x, y).all():
            colour = _rgba(category(index))
            spot = place.places(x, y, place.on_surface(x, y))
            marks.append(Marks(places=spot, radius=5.5, inside=colour))
            tags.append(Tag(place=_point(spot[0]), text=anchor.name))
    way, drops = _nothing(), _nothing()
    if overlays.trajectory is not None and len(overlays.trajectory.x):
        way, drops, along, words = _way(place, overlays.trajectory)
        marks = [*along, *marks]
        tags += words
    return Laid(way=way, drops=drops, marks=tuple(marks), dots=tuple(dots), tags=tuple(tags))


def _nothing() -> tuple[FloatArray, FloatArray]:
    return np.empty((0, 3)), np.empty((0, 3))


def _own_marks(place: Placer) -> tuple[list[Marks], list[Tag]]:
    """The lowest point, and the network itself, which may be the same."""
    surface = place.surface
    lowest = lowest_point(surface)
    origin = np.zeros(1)
    at_origin = lowest is not None and abs(surface.x[lowest[1]]) < 1e-9 and abs(surface.y[lowest[0]]) < 1e-9
    marks, tags = [], []
    if lowest is not None:
        x, y = surface.x[lowest[1] : lowest[1] + 1], surface.y[lowest[0] : lowest[0] + 1]
        spot = place.places(x, y, place.at_loss(surface.loss[lowest].reshape(1)))
        marks.append(Marks(places=spot, radius=5.0))
        tags.append(Tag(place=_point(spot[0]), text=lowest_words(surface, "this network" if at_origin else "")))
    if not at_origin and place.inside(origin, origin).all():
        known = np.isfinite(surface.centre_loss)
        z = place.at_loss(np.array([surface.centre_loss])) if known else place.on_surface(origin, origin)
        spot = place.places(origin, origin, z)
        marks.append(Marks(places=spot, shape="diamond", radius=6.0))
        tags.append(Tag(place=_point(spot[0]), text=_network_words(surface)))
    return marks, tags


def _network_words(surface: Surface) -> str:
    return f"this network {written(surface.centre_loss)}" if np.isfinite(surface.centre_loss) else "this network"


def _evaluated(place: Placer) -> list[Marks]:
    """A dot where a point was computed on all samples, a ring where on a part of them."""
    surface = place.surface
    columns, rows = np.meshgrid(surface.x, surface.y)
    heights = place.at_loss(surface.loss)
    found = []
    for kind, look in (
        (EVALUATED, Marks(places=np.empty((0, 3)), radius=1.5, inside=FAINT, outline=FAINT)),
        (SAMPLED, Marks(places=np.empty((0, 3)), radius=2.6, inside=CLEAR, outline=DARK)),
    ):
        chosen = (surface.evaluated == kind) & np.isfinite(heights)
        if chosen.any():
            found.append(look.at(place.places(columns[chosen], rows[chosen], heights[chosen])))
    return found


def _held_out(place: Placer, held: HeldOut) -> Marks:
    heights = place.at_loss(held.loss)
    chosen = place.inside(held.x, held.y) & np.isfinite(heights)
    places = place.places(held.x[chosen], held.y[chosen], heights[chosen])
    return Marks(places=places, shape="square", radius=2.8, inside=WHITE, outline=DARK)


def _way(
    place: Placer, way: Trajectory
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray], list[Marks], list[Tag]]:
    """The line through the checkpoints, what connects them with the surface, their marks, and words at both ends."""
    below = place.on_surface(way.x, way.y)
    own = place.at_loss(way.loss)
    z = np.where(np.isfinite(own), own, below)  # not computed yet: on the surface, and hollow
    inside = place.inside(way.x, way.y)
    dropped = np.zeros(len(way.x), dtype=bool)
    dropped[list(way.rate_drops)] = True
    spots = place.places(way.x, way.y, z)
    feet = place.places(way.x, way.y, below)
    hanging = inside & np.isfinite(below) & np.isfinite(own)
    known, unknown = inside & np.isfinite(own), inside & ~np.isfinite(own)
    marks = [
        Marks(places=spots[known & ~dropped], radius=3.0),
        Marks(places=spots[unknown & ~dropped], radius=3.0, inside=CLEAR),
        Marks(places=spots[inside & dropped], shape="diamond", radius=6.0, inside=DROP),
    ]
    tags = [Tag(place=_point(spots[0]), text=f"epoch {way.epoch[0]:g}")] if inside[0] else []
    tags += [
        Tag(place=_point(spots[index]), text=f"learning rate {written(float(way.learning_rate[index + 1]))}")
        for index in np.flatnonzero(inside & dropped)
    ]
    return _draped(place, way, z), (feet[hanging], spots[hanging]), marks, tags


def _draped(place: Placer, way: Trajectory, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pieces of the line between checkpoints: as high above the surface as the two of them, and going over."""
    pieces = max(1, min(PIECES, MOST_PIECES // max(len(way.x) - 1, 1)))
    if len(way.x) < 2:
        return _nothing()
    at = np.arange((len(way.x) - 1) * pieces + 1) / pieces
    x, y = (np.interp(at, np.arange(len(way.x)), along) for along in (way.x, way.y))
    ground = place.on_surface(x, y)
    above = z - place.on_surface(way.x, way.y)
    followed = ground + np.interp(at, np.arange(len(z)), above)
    straight = np.interp(at, np.arange(len(z)), z)
    spots = place.places(x, y, np.where(np.isfinite(followed), followed, straight))
    seen = place.inside(x, y)
    both = seen[:-1] & seen[1:]
    return spots[:-1][both], spots[1:][both]


def _rgba(name: str) -> Colour:
    red, green, blue = (int(name[start : start + 2], 16) / 255.0 for start in (1, 3, 5))
    return (red, green, blue, 1.0)


def _point(spot: FloatArray) -> Place:
    return (float(spot[0]), float(spot[1]), float(spot[2]))
