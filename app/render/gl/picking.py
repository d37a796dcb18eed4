"""Which point of the drawn surface is under the pointer, and which points of it can be seen: rays over the grid."""

import numpy as np
import numpy.typing as npt

from app.render.gl.mesh_geometry import Mesh
from app.render.gl.projection import Box, Projection
from app.render.refinement import sample
from core.landscape.plane import FloatArray

STEPS = 600  # along a ray through the box: less than half a cell of 200
LOOKS = 96  # along a ray from a point of the surface to where it leaves the box
CLEARANCE = 0.012  # of the box: nearer, a point does not hide itself
LEAST = 0.001  # by which the surface must rise above the ray


def pick(view: Projection, pixel: tuple[float, float], mesh: Mesh, box: Box) -> tuple[float, float] | None:
    """The place (x, y) in the scene where the ray through a pixel first meets the drawn surface, if it does."""
    inverse = np.linalg.inv(view.matrix)
    plane = np.array([2 * pixel[0] / view.width - 1, 1 - 2 * pixel[1] / view.height])
    ends = np.array([[*plane, -1.0, 1.0], [*plane, 1.0, 1.0]]) @ inverse.T
    near, far = ends[:, :3] / ends[:, 3:]
    low = np.array([mesh.x[0], mesh.y[0], -1e-3])
    high = np.array([mesh.x[-1], mesh.y[-1], box.tall + 1e-3])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.sort(np.stack([(low - near) / (far - near), (high - near) / (far - near)]), axis=0)
    enters, leaves = float(np.nanmax(crossings[0])), float(np.nanmin(crossings[1]))
    if not enters < leaves:
        return None
    at = np.linspace(enters, leaves, STEPS)[:, None]
    ray = near + at * (far - near)
    above = ray[:, 2] - _heights(mesh, box, ray)
    crossed = np.flatnonzero(above[:-1] * above[1:] <= 0)  # False beside an unknown height
    if not len(crossed):
        return None
    first = int(crossed[0])
    share = above[first] / (above[first] - above[first + 1]) if above[first] != above[first + 1] else 0.0
    place = ray[first] + share * (ray[first + 1] - ray[first])
    return float(place[0]), float(place[1])


def visible(view: Projection, points: FloatArray, mesh: Mesh, box: Box) -> npt.NDArray[np.bool_]:
    """Which points (n, 3) of the surface are not hidden by another part of it: (n,)."""
    towards = view.eye - points
    unit = towards / np.linalg.norm(towards, axis=1, keepdims=True)
    low, high = np.array([mesh.x[0], mesh.y[0], 0.0]), np.array([mesh.x[-1], mesh.y[-1], box.tall])
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where each ray leaves the box; beyond, nothing can hide the point.
        sides = np.where(unit > 0, (high - points) / unit, (low - points) / unit)
        leaves = np.where(unit == 0, np.inf, sides).min(axis=1)
    at = CLEARANCE + np.linspace(0.0, 1.0, LOOKS) * np.maximum(leaves - CLEARANCE, 0.0)[:, None]
    rays = points[:, None, :] + at[..., None] * unit[:, None, :]
    above = rays[..., 2] - _heights(mesh, box, rays)
    hidden: npt.NDArray[np.bool_] = (above > LEAST).any(axis=1) & (above < -LEAST).any(axis=1)
    return ~hidden


def _heights(mesh: Mesh, box: Box, points: FloatArray) -> FloatArray:
    return sample(mesh.x, mesh.y, mesh.shares, points[..., 0], points[..., 1]) * box.tall
