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


def interpolate(points: FloatArray, values: FloatArray, places: FloatArray, check: Callable[[], None]) -> Interpolation:
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
    """
    found, spread = np.empty((len(places), values.shape[1])), np.empty(len(places))
    for inside, near in _tiles(points, places):
        check()
        found[inside], spread[inside] = _solve(points[near], values[near], places[inside])
    return Interpolation(found, spread)


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


def _solve(points: FloatArray, values: FloatArray, places: FloatArray) -> tuple[FloatArray, FloatArray]:
    from scipy.spatial import cKDTree  # noqa: PLC0415

    n = len(points)
    inverse = _inverse(points)
    coefficients = inverse[:, :n] @ values
    rows = _rows(places, points)
    own = np.diag(inverse)[:n]
    # What a point left out would be missed by, over what its distance to the others alone would explain.
    roughness = np.abs(coefficients[:n, 0]) / np.sqrt(np.maximum(np.abs(own), 1e-300))
    distance, nearest = (np.asarray(found) for found in cKDTree(points).query(places, k=min(NEIGHBOURS, n)))
    weight = 1 / (np.square(distance) + np.square(np.median(distance[:, 0]) + 1e-12) * 0.25 + 1e-12)
    local = np.sqrt((weight * np.square(roughness[nearest])).sum(axis=1) / weight.sum(axis=1))
    power = np.sqrt(np.abs(np.einsum("ij,ij->i", rows @ inverse, rows)))
    return rows @ coefficients, local * power * (distance[:, 0] > 0)


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
