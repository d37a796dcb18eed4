"""The surface as triangles: plain numpy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.render.fields import Picture
from app.render.refinement import between, factor_for, finer_places, refine
from app.render.sky_light import sky_light
from app.render.slopes import slopes
from core.landscape.plane import FloatArray
from core.landscape.surface import INTERPOLATED

IndexArray = npt.NDArray[np.uint32]
TIE = 1e-6  # of the scale: below, rounding would decide, and the triangles would flicker while a surface grows
MOST_UNEQUAL = 4.0  # a plane longer than this many times its width is drawn shorter, or it would be a line
UNKNOWN_COLOUR = -1.0  # where the height is known but not what the colour stands for
QUICK_CELLS = 100  # along a side, of the triangles that are drawn while the surface is turned


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """A surface ready to be drawn, in scene coordinates, on a grid as fine as the picture's or finer."""

    x: FloatArray  # (nx,), grid lines
    y: FloatArray  # (ny,)
    factor: int  # steps where the surface has one
    heights: FloatArray  # (ny, nx), of the loss itself, not clipped; NaN is a hole
    shares: FloatArray  # (ny, nx), of the scale, clipped: 0 to 1
    slopes: FloatArray  # (ny, nx, 2), shares of the scale per unit of the scene, not clipped
    sky: FloatArray  # (ny, nx), share of the sky that is seen
    colour: FloatArray  # (ny, nx), share of the colour scale; UNKNOWN_COLOUR
    known: FloatArray  # (ny, nx), 1 computed, 0 interpolated
    triangles: IndexArray  # (t, 3)
    quick: IndexArray  # (q, 3), fewer and larger, of the same points
    rim: IndexArray  # (e, 2), edges of the surface and of its holes


def mesh_of(picture: Picture, *, tall: float, cells: int) -> Mesh:
    """The mesh of a picture whose scale is `tall`, refined to at most about `cells` along its longer side."""
    surface, scale = picture.surface, picture.scale
    own_x, own_y = plane_places(surface.x, surface.y)
    factor = factor_for(surface.loss.shape, cells)
    own_heights = scale.heights(surface.loss)
    own_shares = scale.shares(surface.loss)
    x, y = finer_places(own_x, factor), finer_places(own_y, factor)
    heights = refine(own_x, own_y, own_heights, factor)
    shares = (heights - scale.bottom) / (scale.top - scale.bottom)
    bar = (picture.bar.heights(picture.values) - picture.bar.bottom) / (picture.bar.top - picture.bar.bottom)
    # The colours of a height follow the refined one, so that a colour never disagrees with a contour line.
    colour = shares if picture.coloured_by_height else between(np.clip(bar, 0.0, 1.0), factor)
    drawn = np.clip(shares, 0.0, 1.0)
    stride = quick_stride(heights.shape, factor)
    return Mesh(
        x=x,
        y=y,
        factor=factor,
        heights=heights,
        shares=drawn,
        slopes=slopes(x, y, shares),
        sky=np.clip(refine(own_x, own_y, sky_light(own_x, own_y, own_shares * tall), factor), 0.0, 1.0),
        colour=np.where(np.isfinite(colour), colour, UNKNOWN_COLOUR),
        known=between((surface.evaluated != INTERPOLATED).astype(np.float64), factor),
        triangles=triangles(drawn),
        quick=_of_every(stride, triangles(drawn[::stride, ::stride]), heights.shape),
        rim=_finer_edges(boundary(triangles(own_shares)), own_shares.shape, factor),
    )


def quick_stride(shape: tuple[int, ...], factor: int) -> int:
    """Every how many points of the mesh the quick triangles use: never fewer than the grid itself."""
    wanted = -(-(max(shape) - 1) // QUICK_CELLS)
    return next(step for step in range(min(wanted, factor), factor + 1) if factor % step == 0)


def plane_places(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coordinates of the grid lines in the scene, where the longer side reaches from −1 to 1.

    Both directions are multiples of a direction of the network's own length, so they share one unit.
    """
    width, depth = float(np.ptp(x)), float(np.ptp(y))
    longest = max(width, depth)
    half_x, half_y = (max(side / longest, 1 / MOST_UNEQUAL) for side in (width, depth))
    return half_x * (2 * (x - x.min()) / width - 1), half_y * (2 * (y - y.min()) / depth - 1)


def triangles(heights: FloatArray) -> IndexArray:
    """Two triangles per cell as indices into the flattened grid: (t, 3).

    A cell is split along the diagonal whose ends differ less in height, so that ridges and valleys stay whole.
    Of a cell with one unknown corner the other three make one triangle; with more unknown, it stays open.
    """
    rows, columns = heights.shape
    index = np.arange(rows * columns, dtype=np.uint32).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    flat = heights.ravel()
    known = np.isfinite(flat)
    along_ad = np.abs(flat[a] - flat[d]) <= np.abs(flat[b] - flat[c]) + TIE
    along_ad = (along_ad & known[a] & known[d]) | ~(known[b] & known[c])
    first = np.where(along_ad[:, None], np.stack([a, b, d], axis=1), np.stack([a, b, c], axis=1))
    second = np.where(along_ad[:, None], np.stack([a, d, c], axis=1), np.stack([b, d, c], axis=1))
    both = np.stack([first, second], axis=1).reshape(-1, 3)
    if known.all():
        return both
    mesh: IndexArray = both[known[both].all(axis=1)]
    return mesh


def boundary(mesh: IndexArray) -> IndexArray:
    """The edges that belong to one triangle only: the rim of the surface and of its holes, (e, 2)."""
    edges = np.sort(mesh[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1).astype(np.int64)
    keys, counts = np.unique((edges[:, 0] << 32) | edges[:, 1], return_counts=True)
    single = keys[counts == 1]
    return np.stack([single >> 32, single & 0xFFFFFFFF], axis=1).astype(np.uint32)


def _of_every(stride: int, mesh: IndexArray, shape: tuple[int, ...]) -> IndexArray:
    """Triangles of every `stride`-th point, as triangles of the grid of that shape."""
    columns = -(-shape[1] // stride)
    found: IndexArray = ((mesh // columns) * stride * shape[1] + (mesh % columns) * stride).astype(np.uint32)
    return found


def _finer_edges(edges: IndexArray, shape: tuple[int, ...], factor: int) -> IndexArray:
    """Edges of the surface's own grid as chains of edges of the finer one."""
    columns = (shape[1] - 1) * factor + 1
    ends = edges.astype(np.int64)
    rows, places = ends // shape[1] * factor, ends % shape[1] * factor
    steps = np.arange(factor + 1)

    def along(pair: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        chain: npt.NDArray[np.int64] = pair[:, :1] + (pair[:, 1:] - pair[:, :1]) // factor * steps
        return chain

    chains = along(rows) * columns + along(places)
    return np.stack([chains[:, :-1], chains[:, 1:]], axis=-1).reshape(-1, 2).astype(np.uint32)
