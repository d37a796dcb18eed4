"""The surface as triangles: plain numpy, at the resolution of the grid and no finer."""

import numpy as np
import numpy.typing as npt

from core.landscape.surface import FloatArray

IndexArray = npt.NDArray[np.uint32]
TIE = 1e-6  # of the scale: below, rounding would decide, and the triangles would flicker while a surface grows
MOST_UNEQUAL = 4.0  # a plane longer than this many times its width is drawn shorter, or it would be a line


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
    mesh: IndexArray = both[known[both].all(axis=1)]
    return mesh


def boundary(mesh: IndexArray) -> IndexArray:
    """The edges that belong to one triangle only: the rim of the surface and of its holes, (e, 2)."""
    edges = np.sort(mesh[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1).astype(np.int64)
    keys, counts = np.unique((edges[:, 0] << 32) | edges[:, 1], return_counts=True)
    single = keys[counts == 1]
    return np.stack([single >> 32, single & 0xFFFFFFFF], axis=1).astype(np.uint32)
