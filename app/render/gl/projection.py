"""From the box in the scene to pixels on the screen."""

from dataclasses import dataclass

import numpy as np

from app.render.cameras import Orbit
from core.landscape.plane import FloatArray

DISTANCE = 6.5  # of the eye, where half the plane is 1: a lens of about 25 degrees, calm but not flat
NEAR, FAR = 3.0, 10.0  # the box reaches 1.8 around the origin


@dataclass(frozen=True, kw_only=True)
class Box:
    """The space a surface is drawn in, around the origin of the plane."""

    half_x: float = 1.0
    half_y: float = 1.0
    floor: float = -0.2  # below the surface, so that its contour lines can be seen there
    tall: float = 1.1  # height of the top of the scale; its bottom is at 0


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Pixels at each side that are left to the labels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection:
    """A point of view fitted into a window."""

    matrix: FloatArray  # (4, 4), columns times scene points, to OpenGL's clip space
    eye: FloatArray  # (3,), in the scene
    right: FloatArray  # (3,), directions of the screen in the scene
    up: FloatArray  # (3,)
    width: float  # logical pixels
    height: float
    unit: float  # pixels that a pan of 1 moves
    middle: tuple[float, float]  # pixel that an Orbit without pan puts the box at

    def to_pixels(self, points: FloatArray) -> FloatArray:
        """Where scene points (n, 3) are on the screen: (n, 2), logical pixels from the top left."""
        clip = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        plane = clip[:, :2] / clip[:, 3:]
        return (plane * [1.0, -1.0] + 1.0) * [self.width / 2, self.height / 2]


def project(orbit: Orbit, box: Box, width: float, height: float, margins: Margins) -> Projection:
    """Look at a box so that it fits between the margins at every azimuth, without breathing while it is turned."""
    right, up, backwards = _axes(orbit)
    centre = np.array([0.0, 0.0, (box.floor + box.tall) / 2])
    eye = centre + DISTANCE * backwards
    view = np.eye(4)
    view[:3, :3] = [right, up, backwards]
    view[:3, 3] = -view[:3, :3] @ eye
    lens = np.zeros((4, 4))
    lens[0, 0] = lens[1, 1] = DISTANCE  # a length of 1 at the centre stays 1
    lens[2, 2:] = (FAR + NEAR) / (NEAR - FAR), 2 * FAR * NEAR / (NEAR - FAR)
    lens[3, 2] = -1.0
    low, high = _extent(lens @ view, box)
    room = np.array([max(width - margins.left - margins.right, 40.0), max(height - margins.top - margins.bottom, 40.0)])
    unit = float((room / (high - low)).min())
    middle = np.array([(margins.left - margins.right) / 2, (margins.bottom - margins.top) / 2])
    shift = middle + np.array(orbit.pan) * unit - (low + high) / 2 * unit * orbit.zoom
    fit = np.eye(4)
    fit[0, 0], fit[1, 1] = 2 * unit * orbit.zoom / width, 2 * unit * orbit.zoom / height
    fit[0, 3], fit[1, 3] = 2 * shift[0] / width, 2 * shift[1] / height
    return Projection(
        matrix=fit @ lens @ view,
        eye=eye,
        right=right,
        up=up,
        width=width,
        height=height,
        unit=unit,
        middle=(width / 2 + float(middle[0]), height / 2 - float(middle[1])),
    )


def _axes(orbit: Orbit) -> tuple[FloatArray, FloatArray, FloatArray]:
    azimuth, elevation = np.radians(orbit.azimuth), np.radians(orbit.elevation)
    right = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    backwards = np.array([np.sin(azimuth) * np.cos(elevation), -np.cos(azimuth) * np.cos(elevation), np.sin(elevation)])
    return right, np.cross(backwards, right), backwards


def _extent(matrix: FloatArray, box: Box) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest screen coordinates of the cylinder that the box sweeps when it is turned."""
    angle = np.linspace(0.0, 2 * np.pi, 32, endpoint=False)
    radius = np.hypot(box.half_x, box.half_y)
    ring = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    rings = [np.column_stack([ring, np.full(32, z), np.ones(32)]) for z in (box.floor, box.tall)]
    clip = np.concatenate(rings) @ matrix.T
    plane = clip[:, :2] / clip[:, 3:]
    return plane.min(axis=0), plane.max(axis=0)
