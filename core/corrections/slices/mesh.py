"""A planar mesh of convex cells that lines cut, one line per cell at a time, without ever leaving a gap.

Cells share vertices and edges: a crossing is computed once, for the edge, so that neighbours agree to the last bit.
The idea of following the edges is Berzins, *Polyhedral Complex Extraction from ReLU Networks using Edge Subdivision*,
ICML 2023. Here the edges also know the cell on each side of them, and a cut is a handful of array operations however
many cells it meets.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
OUTSIDE = -1  # the cell on the far side of an edge of the rectangle
SPARE = 8  # of so many vertices one may be new before the values are copied to make room


class PlanarMesh:
    """Convex cells with shared vertices, and the values of any number of functions at those vertices.

    A function is taken to be affine on every cell, as the pre-activations of a layer are on the cells of the layers
    before it. New vertices get its value by interpolation along the edge they lie on.

    Attributes
    ----------
    points : (n, 2) array
    edges : (m, 2) int array
        Start and end vertex.
    sides : (m, 2) int array
        Cells to the left and to the right of an edge, seen from start to end, or `OUTSIDE`.
    values : (k, n) array
        Function values at the vertices, a row per function: a cut reads one row from end to end.
    deepest : int
        So many cuts one upon another made a vertex, at most: each splits an edge that the one before it left.
    """

    def __init__(self, points: FloatArray, edges: IntArray, sides: IntArray, cells: int) -> None:
        self._points = points
        self._edges = edges
        self._sides = sides
        self._values = np.empty((0, len(points)))
        self._depths = np.zeros(len(points), np.int32)
        self.deepest = 0
        self._point_count, self._edge_count, self._cell_count = len(points), len(edges), cells

    @classmethod
    def rectangle(cls, x: tuple[float, float], y: tuple[float, float]) -> "PlanarMesh":
        """One cell, counter-clockwise."""
        corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]], dtype=np.float64)
        ring = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
        return cls(corners, ring, np.tile([0, OUTSIDE], (4, 1)), 1)

    @property
    def points(self) -> FloatArray:
        return self._points[: self._point_count]

    @property
    def edges(self) -> IntArray:
        return self._edges[: self._edge_count]

    @property
    def sides(self) -> IntArray:
        return self._sides[: self._edge_count]

    @property
    def values(self) -> FloatArray:
        return self._values[:, : self._point_count]

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self._cell_count

    def begin_layer(self, functions: Sequence[FloatArray]) -> None:
        """Replace the functions by others, given as arrays (k, n) at the vertices, one below the other."""
        count = sum(len(rows) for rows in functions)
        self._values = np.empty((count, self._point_count + self._point_count // SPARE + 64))
        np.concatenate(functions, out=self._values[:, : self._point_count])

    def cut(self, row: int, tolerance: float) -> float:
        """Cut every cell in which function `row` takes both signs along the line where it is zero.

        A vertex with ``|value| <= tolerance`` counts as lying on the line, so that no sliver arises beside it.

        Returns
        -------
        float
            The largest value that was left on the wrong side of the line because rounding had made a cell too
            crooked to cut; 0 as a rule.
        """
        values = self._values[row, : self._point_count]
        sign = (values > tolerance).astype(np.int8) - (values < -tolerance).astype(np.int8)
        start, end = self.edges.T
        start_sign, end_sign = sign[start], sign[end]
        crossed = np.flatnonzero(start_sign * end_sign < 0)
        if not sign.all():
            touched = self._cells_of_both_signs(start_sign, end_sign)
        elif len(crossed):
            touched = np.unique(self.sides[crossed])
            touched = touched[touched != OUTSIDE]
        else:
            return 0.0
        if len(crossed):
            self._split_edges(crossed, row)
        sign = np.concatenate([sign, np.zeros(self._point_count - len(sign), np.int8)])
        return self._split_cells(touched, sign, row)

    def _cells_of_both_signs(self, start_sign: npt.NDArray[np.int8], end_sign: npt.NDArray[np.int8]) -> IntArray:
        seen = []
        for wanted in (1, -1):
            mark = np.zeros(self._cell_count + 1, bool)  # the last one is OUTSIDE
            mark[self.sides[(start_sign == wanted) | (end_sign == wanted)]] = True
            seen.append(mark[:-1])
        return np.flatnonzero(seen[0] & seen[1])

    def _split_edges(self, crossed: IntArray, row: int) -> None:
        """Put a new vertex where the function is zero on each of these edges."""
        start, end = self._edges[crossed].T
        first = self._point_count
        new = np.arange(first, first + len(crossed))
        self._reserve(points=len(crossed), edges=len(crossed))
        from_start = self._values[row, start]
        share = from_start / (from_start - self._values[row, end])
        self._points[new] = self._points[start] + share[:, None] * (self._points[end] - self._points[start])
        at_start = self._values[:, start]
        self._values[:, first : first + len(new)] = at_start + share * (self._values[:, end] - at_start)
        self._values[row, new] = 0.0
        self._depths[new] = 1 + np.maximum(self._depths[start], self._depths[end])
        self.deepest = max(self.deepest, int(self._depths[new].max()))
        added = slice(self._edge_count, self._edge_count + len(new))
        self._edges[added, 0], self._edges[added, 1] = new, end
        self._sides[added] = self._sides[crossed]
        self._edges[crossed, 1] = new
        self._point_count += len(new)
        self._edge_count += len(new)

    def _split_cells(self, touched: IntArray, sign: npt.NDArray[np.int8], row: int) -> float:
        """Join the two vertices on the line in each of these cells; what is negative becomes a new cell."""
        mark = np.zeros(self._cell_count + 1, bool)
        mark[touched] = True
        near = np.flatnonzero(mark[self.sides].any(axis=1))
        # A half-edge is an edge as one of its cells sees it: counter-clockwise, the cell on its left.
        edge, side = np.nonzero(mark[self._sides[near]])
        edge = near[edge]
        cell = self._sides[edge, side]
        first, second = self._edges[edge, side], self._edges[edge, 1 - side]
        first_sign, second_sign = sign[first], sign[second]
        enters = np.flatnonzero((first_sign == 0) & (second_sign < 0))
        leaves = np.flatnonzero((first_sign < 0) & (second_sign == 0))
        simple = (np.bincount(cell[enters], minlength=self._cell_count) == 1) & (
            np.bincount(cell[leaves], minlength=self._cell_count) == 1
        )
        sound = touched[simple[touched]]
        entry = np.empty(self._cell_count, np.intp)
        entry[cell[enters]] = first[enters]
        leave = np.empty(self._cell_count, np.intp)
        leave[cell[leaves]] = second[leaves]
        renamed = np.arange(self._cell_count)
        renamed[sound] = np.arange(self._cell_count, self._cell_count + len(sound))
        below = (first_sign < 0) | (second_sign < 0)
        self._sides[edge[below], side[below]] = renamed[cell[below]]
        self._reserve(edges=len(sound))
        added = slice(self._edge_count, self._edge_count + len(sound))
        self._edges[added, 0], self._edges[added, 1] = entry[sound], leave[sound]
        self._sides[added, 0], self._sides[added, 1] = sound, renamed[sound]
        self._edge_count += len(sound)
        self._cell_count += len(sound)
        if len(sound) == len(touched):
            return 0.0
        crooked = ~simple[cell]
        return float(np.abs(self._values[row, np.concatenate([first[crooked], second[crooked]])]).max())

    def _reserve(self, points: int = 0, edges: int = 0) -> None:
        """Make room, doubling, so that a thousand cuts do not copy the mesh a thousand times."""
        needed = self._point_count + points
        if needed > len(self._points):
            self._points = _grown(self._points, needed, axis=0)
            self._depths = _grown(self._depths, needed, axis=0)
        if needed > self._values.shape[1]:
            self._values = _grown(self._values, needed, axis=1)
        if self._edge_count + edges > len(self._edges):
            self._edges = _grown(self._edges, self._edge_count + edges, axis=0)
            self._sides = _grown(self._sides, self._edge_count + edges, axis=0)


def _grown(array: npt.NDArray[Number], needed: int, axis: int) -> npt.NDArray[Number]:
    shape = list(array.shape)
    shape[axis] = max(needed, 2 * shape[axis], 64)
    larger = np.empty(shape, array.dtype)
    larger[tuple(slice(size) for size in array.shape)] = array
    return larger
