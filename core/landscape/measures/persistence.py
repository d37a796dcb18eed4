"""Basins of a surface and the passes between them, by how deep they are (0-dimensional sublevel-set persistence).

Flooding a plane from below, a basin begins at every lowest point, and two basins become one where the water first
connects them: at the lowest pass between them. The shallower of the two ends there, and its depth up to the pass is its
persistence (Edelsbrunner & Harer 2010, §VII). Points are connected to their eight neighbours.

Every point is first handed to the lowest point that its way of steepest descent ends in, in a few array operations;
only the basins and the lowest passes between neighbours then go through a union–find. That is the same merge tree,
because the descent of a point stays below it. Equal heights are told apart by their place, so plateaus change nothing.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray

IntArray = npt.NDArray[np.int64]
_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))  # half of the eight neighbours: the others are these backwards


@dataclass(frozen=True, eq=False)
class MergeTree:
    """Which basins there are, and where each becomes part of a deeper one; the deepest of all comes first.

    Places are flat indices into the grid.
    """

    shape: tuple[int, int]
    height: FloatArray = field(repr=False)  # (n,), of the grid's points; NaN: not part of the plane
    bottom: IntArray = field(repr=False)  # (m,), places of the lowest points, ascending in height
    pass_at: IntArray = field(repr=False)  # (m,), where the basin joins a deeper one; −1: it never does
    parent: IntArray = field(repr=False)  # (m,), which deeper one (an index into `bottom`); −1
    basin: IntArray = field(repr=False)  # (n,), index of the basin that steepest descent ends in; −1 outside

    @property
    def persistence(self) -> FloatArray:
        """Depth of every basin below its pass; infinite for one that never joins another. (m,)."""
        depth = np.full(len(self.bottom), np.inf)
        ends = self.pass_at >= 0
        depth[ends] = self.height[self.pass_at[ends]] - self.height[self.bottom[ends]]
        return depth

    def significant(self, threshold: float) -> IntArray:
        """Indices of the basins deeper than `threshold`. (k,)."""
        return np.flatnonzero(self.persistence > threshold)

    def merged(self, threshold: float) -> IntArray:
        """For every point the significant basin that its descent ends in; shallower ones go to their parents. (n,)."""
        keeps = self.persistence > threshold
        target = np.arange(len(self.bottom))
        for index in range(len(self.bottom)):  # parents are deeper and so come before their children
            if not keeps[index]:
                target[index] = target[self.parent[index]]
        merged = np.full(self.basin.shape, -1)
        inside = self.basin >= 0
        merged[inside] = target[self.basin[inside]]
        return merged

    def lowest_pass(self, a: int, b: int) -> tuple[float, int] | None:
        """The lowest height that every way from place `a` to place `b` must reach, and where; None: no way at all."""
        first, second = int(self.basin[a]), int(self.basin[b])
        if first < 0 or second < 0:
            return None
        places = [a, b]
        while first != second:
            later = max(first, second)  # the shallower one joins a deeper one first
            if self.pass_at[later] < 0:
                return None
            places.append(int(self.pass_at[later]))
            first, second = min(first, second), int(self.parent[later])
        highest = max(places, key=lambda place: self.height[place])
        return float(self.height[highest]), highest


def merge_tree(height: FloatArray, steps: tuple[float, float] = (1.0, 1.0)) -> MergeTree:
    """Basins and passes of a surface on a grid.

    Parameters
    ----------
    height : (ny, nx)
        Points that are not finite do not belong to the plane: nothing flows through them.
    steps : (float, float)
        Distance between rows and between columns, for which descent is the steepest.
    """
    flat = np.where(np.isfinite(height), height, np.nan).ravel()
    inside = ~np.isnan(flat)
    rank = np.full(flat.shape, -1)
    order = np.argsort(np.where(inside, flat, np.inf), kind="stable")
    rank[order] = np.arange(len(flat))
    upper, lower, drop = _edges(flat.reshape(height.shape), rank, steps)
    root = _descended(len(flat), upper, lower, drop)
    bottom = np.flatnonzero((root == np.arange(len(flat))) & inside)
    bottom = bottom[np.argsort(rank[bottom])]
    number = np.full(len(flat), -1)
    number[bottom] = np.arange(len(bottom))
    basin = np.where(inside, number[root], -1)
    pass_at, parent = _joined(len(bottom), basin, upper, lower, rank)
    return MergeTree(height.shape, flat, bottom, pass_at, parent, basin)


def _edges(height: FloatArray, rank: IntArray, steps: tuple[float, float]) -> tuple[IntArray, IntArray, FloatArray]:
    """Neighbours of finite height: the upper one's place, the lower one's, and the slope between them."""
    rows, columns = height.shape
    place = np.arange(height.size).reshape(rows, columns)
    pairs, distances = [], []
    for down, right in _STEPS:
        here = place[: rows - down, max(0, -right) : columns - max(0, right)].ravel()
        pairs.append(np.stack([here, here + down * columns + right]))
        distances.append(np.full(len(here), np.hypot(down * steps[0], right * steps[1])))
    first, second = np.concatenate(pairs, axis=1)
    distance = np.concatenate(distances)
    flat = height.ravel()
    finite = ~(np.isnan(flat[first]) | np.isnan(flat[second]))
    first, second, distance = first[finite], second[finite], distance[finite]
    swap = rank[first] < rank[second]
    upper, lower = np.where(swap, second, first), np.where(swap, first, second)
    return upper, lower, (flat[upper] - flat[lower]) / distance


def _descended(size: int, upper: IntArray, lower: IntArray, drop: FloatArray) -> IntArray:
    """The place where each place's way of steepest descent ends."""
    target = np.arange(size)
    order = np.argsort(drop, kind="stable")
    target[upper[order]] = lower[order]  # the steepest comes last and stays
    while True:
        further = target[target]
        if np.array_equal(further, target):
            return target
        target = further


def _joined(count: int, basin: IntArray, upper: IntArray, lower: IntArray, rank: IntArray) -> tuple[IntArray, IntArray]:
    """Where each basin joins a deeper one, and which; basins are numbered by ascending height of their bottoms."""
    one, other = basin[upper], basin[lower]
    crossing = one != other
    one, other, at = one[crossing], other[crossing], upper[crossing]
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((rank[at], low * count + high))
    key = (low * count + high)[order]
    first = order[np.flatnonzero(np.diff(key, prepend=-1))]  # the lowest pass of every two neighbours
    first = first[np.argsort(rank[at[first]], kind="stable")]
    pass_at, parent = np.full(count, -1), np.full(count, -1)
    group = list(range(count))

    def find(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for a, b, place in zip(low[first].tolist(), high[first].tolist(), at[first].tolist(), strict=True):
        deeper, shallower = sorted((find(a), find(b)))
        if deeper != shallower:
            group[shallower] = deeper
            pass_at[shallower], parent[shallower] = place, deeper
    return pass_at, parent
