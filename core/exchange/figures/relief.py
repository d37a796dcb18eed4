"""A surface as a body for programs that draw in three dimensions: points, faces, normals and colours."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps

from core.errors import InvalidRequest
from core.exchange.figures.contours import COLOUR_MAP
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET, Surface

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Relief:
    """Points of the plane, lifted by the loss. A point without a finite loss is no part of it, nor a face beside one.

    Faces run against the clock as seen from above, so that their front shows upwards.
    """

    points: FloatArray = field(repr=False)  # (n, 3): multiples of the two directions, height
    faces: IntArray = field(repr=False)  # (m, 4), rows of `points`
    normals: FloatArray = field(repr=False)  # (n, 3), of length 1
    colours: npt.NDArray[np.uint8] = field(repr=False)  # (n, 3), red, green, blue
    places: IntArray = field(repr=False)  # (n,), flat index row · columns + column of each point in the grid

    @property
    def triangles(self) -> IntArray:
        """Every face as two triangles: (2m, 3)."""
        return np.concatenate([self.faces[:, [0, 1, 2]], self.faces[:, [0, 2, 3]]])


def heights(loss: FloatArray, *, logarithmic: bool, limit: float) -> FloatArray:
    """Heights of losses as the original tool has them: clipped at the limit, then log(loss + 0.1) on request.

    Parameters
    ----------
    logarithmic : bool
        The natural logarithm, as of ``h52vtp.py --log``. Losses below -0.1 then have no height.
    limit : float
        ``h52vtp.py --zmax``; infinity for none.
    """
    finite = np.where(np.isfinite(loss), loss, np.nan)
    limited = np.minimum(finite, limit)
    with np.errstate(invalid="ignore", divide="ignore"):
        height = np.log(limited + LOG_OFFSET) if logarithmic else limited
    return np.where(np.isfinite(height), height, np.nan)


def relief_of(surface: Surface, *, logarithmic: bool = True, limit: float | None = None) -> Relief:
    """Build the body of a surface.

    Parameters
    ----------
    limit : float, optional
        Losses above are cut off; None: at the display limit of the surface.

    Raises
    ------
    InvalidRequest
        If no four neighbouring points have a finite loss: there is nothing to be drawn.
    """
    most = surface.request.display_limit if limit is None else limit
    height = heights(surface.loss, logarithmic=logarithmic, limit=most)
    known = np.isfinite(height)
    corners = known[:-1, :-1] & known[:-1, 1:] & known[1:, 1:] & known[1:, :-1]
    if not corners.any():
        raise InvalidRequest("No part of the surface is known, so there is no body to write. Compute it first.")
    columns = height.shape[1]
    row, column = np.nonzero(corners)
    first = row * columns + column
    grid_faces = np.stack([first, first + 1, first + columns + 1, first + columns], axis=1)
    places = np.flatnonzero(known)
    renumbered = np.full(height.size, -1)
    renumbered[places] = np.arange(len(places))
    a, b = np.meshgrid(surface.x, surface.y)
    points = np.stack([a.ravel(), b.ravel(), height.ravel()], axis=1)[places]
    faces = renumbered[grid_faces]
    return Relief(
        points=points,
        faces=faces,
        normals=_normals(points, faces),
        colours=_colours(points[:, 2]),
        places=places,
    )


def _normals(points: FloatArray, faces: IntArray) -> FloatArray:
    """Means of the normals of the faces around each point, by their areas; upwards where there are none."""
    corner = points[faces]
    across = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    normals = np.zeros_like(points)
    for place in range(4):
        np.add.at(normals, faces[:, place], across)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    upwards = np.array([0.0, 0.0, 1.0])
    return np.where(lengths > 0, normals / np.where(lengths > 0, lengths, 1.0), upwards)


def _colours(height: FloatArray) -> npt.NDArray[np.uint8]:
    low, high = float(height.min()), float(height.max())
    shares = (height - low) / (high - low) if high > low else np.zeros_like(height)
    return np.asarray(np.round(255 * colormaps[COLOUR_MAP](shares)[:, :3]), dtype=np.uint8)
