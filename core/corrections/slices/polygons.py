"""From the edges of a mesh to its cells: what a picture, a file and a person want to have."""

import numpy as np
import numpy.typing as npt

from core.corrections.slices.mesh import OUTSIDE, PlanarMesh

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


def half_edges(mesh: PlanarMesh) -> tuple[IntArray, IntArray, IntArray]:
    """Start, end and cell of every edge as each of its cells sees it, with the cell on the left."""
    edge, side = np.nonzero(mesh.sides != OUTSIDE)
    return mesh.edges[edge, side], mesh.edges[edge, 1 - side], mesh.sides[edge, side]


def vertex_means(mesh: PlanarMesh, values: FloatArray) -> FloatArray:
    """The mean over the vertices of each cell (p, k) of functions given there as (k, n).

    With the coordinates as functions it is a point inside the cell; an affine function has its mean there.
    """
    start, _, cell = half_edges(mesh)
    count = np.bincount(cell, minlength=mesh.cells)
    sums = [np.bincount(cell, weights=row[start], minlength=mesh.cells) for row in values]
    return np.stack(sums, axis=1) / count[:, None]


def rings_of(mesh: PlanarMesh) -> tuple[IntArray, IntArray]:
    """Vertex numbers of all cells one after the other, counter-clockwise, and where each begins (p + 1)."""
    start, end, cell = half_edges(mesh)
    order = np.lexsort((start, cell))
    start, end, cell = start[order], end[order], cell[order]
    size = len(mesh.points)
    # The half-edge that continues this one: of the same cell, starting where this one ends.
    following = np.searchsorted(cell * size + start, cell * size + end)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=mesh.cells))])
    corners = np.empty(len(start), np.intp)
    current, place, last = offsets[:-1].copy(), offsets[:-1].copy(), offsets[1:]
    while len(current):
        corners[place] = start[current]
        going = place + 1 < last
        current, place, last = following[current[going]], place[going] + 1, last[going]
    return corners, offsets
