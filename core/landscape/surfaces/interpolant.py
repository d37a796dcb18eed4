"""Interpolation between scattered grid points, with the error that the points themselves let expect.

Cubic radial basis functions with a linear trend. Each point left out in turn tells how well its neighbours predict it
(in closed form, Rippa 1999); the power function tells how that grows with the distance to them (Wu & Schaback 1993).
Chosen by measurement on the paper's own networks: thin plates, Matérn kernels and quintics are no better.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray

LARGEST = 800  # points that are solved for together; larger sets are split into tiles with the points around them
NEIGHBOURS = 12  # whose own errors tell the roughness of a place
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Interpolation:
    """What interpolated points give at all places that were asked for."""

    values: FloatArray = field(repr=False)  # (m, c)
    spread: FloatArray = field(repr=False)  # (m,), size of the error to be expected in the first column; 0 at points
    left_out: FloatArray = field(repr=False)  # (n,), by how much the others miss each point's first column


class Scattered:
    """Points that anything known at them is interpolated between, by weights that depend on the places alone.

    Parameters
    ----------
    points : (n, 2)
        All different; n at least 3, not all in a line.
    """

    def __init__(self, points: FloatArray) -> None:
        self.points = points
        self._inverse = _inverse(points)
        self.own: FloatArray = np.diag(self._inverse)[: len(points)]

    def to(self, places: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Weights (m, n) of the points at some places, and how far their errors reach there (m,), 0 at points."""
        rows = _rows(places, self.points)
        solved = rows @ self._inverse
        power: FloatArray = np.sqrt(np.abs(np.einsum("ij,ij->i", solved, rows)))
        return solved[:, : len(self.points)], power

    def without(self) -> FloatArray:
        """(n, n), weights of the others at each point (Rippa 1999)."""
        n = len(self.points)
        weights: FloatArray = np.eye(n) - self._inverse[:n, :n] / self.own[:, None]
        np.fill_diagonal(weights, 0.0)
        return weights


def interpolate(
    points: FloatArray,
    values: FloatArray,
    places: FloatArray,
    check: Callable[[], None],
    errors: FloatArray | None = None,
) -> Interpolation:
    """Interpolate some columns of values known at the same points.

    Parameters
    ----------
    points : (n, 2)
        All different; n at least 3, not all in a line.
    values : (n, c)
        Finite.
    places : (m, 2)
    check : callable
        Called between pieces of work of less than 100 ms or so.
    errors : (n,), optional
        By how much the others miss each point, if that is known better than from the first column.
    """
    found, spread, left_out = np.empty((len(places), values.shape[1])), np.empty(len(places)), np.zeros(len(points))
    for inside, near in _tiles(points, places):
        check()
        solved = _solve(points[near], values[near], places[inside], None if errors is None else errors[near])
        found[inside], spread[inside] = solved.values, solved.spread
        left_out[near] = solved.left_out
    return Interpolation(found, spread, left_out)


def _tiles(points: FloatArray, places: FloatArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Places that are near each other, and the points to interpolate them from."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  not needed before the first refinement

    everything = np.arange(len(places))
    if len(points) <= LARGEST:
        for part in np.array_split(everything, max(1, len(places) * len(points) // 4_000_000)):
            yield part, np.arange(len(points))
        return
    tree = cKDTree(points)
    waiting = [everything]
    while waiting:
        part = waiting.pop()
        low, high = places[part].min(axis=0), places[part].max(axis=0)
        middle, half = (low + high) / 2, (high - low) / 2
        inside = (np.abs(points - middle) <= half).all(axis=1).sum()
        if inside > LARGEST // 4 and len(part) > 1:
            axis = int(np.argmax(half))
            waiting.extend(np.array_split(part[np.argsort(places[part, axis], kind="stable")], 2))
        else:
            _, near = tree.query(middle, k=LARGEST)
            yield part, np.sort(near)


def _solve(points: FloatArray, values: FloatArray, places: FloatArray, errors: FloatArray | None) -> Interpolation:
    from scipy.spatial import cKDTree  # noqa: PLC0415

    scattered = Scattered(points)
    weights, power = scattered.to(places)
    left_out = values[:, 0] - scattered.without() @ values[:, 0] if errors is None else errors
    # What a point left out would be missed by, over what its distance to the others alone would explain.
    roughness = np.abs(left_out) * np.sqrt(np.abs(scattered.own))
    distance, nearest = (np.asarray(found) for found in cKDTree(points).query(places, k=min(NEIGHBOURS, len(points))))
    weight = 1 / (np.square(distance) + np.square(np.median(distance[:, 0]) + 1e-12) * 0.25 + 1e-12)
    local = np.sqrt((weight * np.square(roughness[nearest])).sum(axis=1) / weight.sum(axis=1))
    return Interpolation(weights @ values, local * power * (distance[:, 0] > 0), left_out)


def _inverse(points: FloatArray) -> FloatArray:
    n = len(points)
    trend = np.column_stack([np.ones(n), points])
    system = np.zeros((n + 3, n + 3))
    system[:n, :n] = _cubed(points, points)
    system[:n, n:], system[n:, :n] = trend, trend.T
    return np.asarray(np.linalg.inv(system), dtype=np.float64)


def _rows(places: FloatArray, points: FloatArray) -> FloatArray:
    return np.column_stack([_cubed(places, points), np.ones(len(places)), places])


def _cubed(one: FloatArray, other: FloatArray) -> FloatArray:
    square = np.square(one[:, None, 0] - other[None, :, 0]) + np.square(one[:, None, 1] - other[None, :, 1])
    cubed: FloatArray = square * np.sqrt(square)
    return cubed
