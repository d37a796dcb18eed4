"""Where weights lie in a plane: least squares, right for directions of any length and angle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import nn

from core.job import JobContext
from core.landscape.directions.states import movable_names
from core.landscape.directions.vectors import matrix_product
from core.landscape.plane import Direction, Directions, FloatArray
from core.networks.states import refuse_other_architecture, state_of
from core.networks.waypoint import Waypoint

PIECE_BYTES = 1 << 22  # of all checkpoints together that are widened to float64 at a time
PARALLEL = 1e-12  # of the axes' larger spread: below it they are one axis


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """Checkpoints in a plane, and beside it. What a checkpoint of NaN would have is NaN."""

    x: FloatArray = field(repr=False)  # (n,), multiples of the first direction
    y: FloatArray = field(repr=False)  # (n,), multiples of the second; 0 on a line
    off_plane: FloatArray = field(repr=False)  # (n,), distance from the plane
    distance: FloatArray = field(repr=False)  # (n,), distance from the network
    explained_variance: FloatArray = field(repr=False)  # (2,), share of the variance along the first axis, and beyond


def places(module: nn.Module, directions: Directions, waypoints: Sequence[Waypoint], job: JobContext) -> Places:
    """Project checkpoints into a plane by least squares.

    The original tool divides inner products by the length of a direction, which is right only for directions of unit
    length at right angles. Here the coordinates are those of the nearest point of the plane, whatever the directions.

    Distances are over all trained parameters, moved by the directions or not; running statistics count with them only
    where the directions move statistics. The variance is that of the checkpoints about their mean. The first share is
    what a line along the first axis holds of it, the second what the plane holds beyond that: for axes at right angles
    each has its own.

    Parameters
    ----------
    module : nn.Module
        The network at the origin.

    Raises
    ------
    WeightsMismatch
        If a checkpoint is of another architecture; the text names what differs.
    """
    for waypoint in waypoints:
        refuse_other_architecture(module, waypoint.weights, f"the checkpoint of epoch {waypoint.epoch:g}")
    with np.errstate(over="ignore", invalid="ignore"):  # a checkpoint may be of infinity
        return _placed(_Steps(module, directions, waypoints), job)


def _placed(steps: "_Steps", job: JobContext) -> Places:
    count = len(steps.finite)
    axes, from_axes, squares, variance = np.zeros((2, 2)), np.zeros((count, 2)), np.zeros(count), 0.0
    for axis_part, step_part in steps.pieces(job):
        axes += matrix_product(axis_part, axis_part.T)
        from_axes += matrix_product(step_part, axis_part.T)
        squares += np.square(step_part).sum(axis=1)
        finite = step_part[steps.finite]
        variance += float(np.square(finite - finite.mean(axis=0)).sum()) if len(finite) else 0.0
    coordinates = _least_squares(axes, from_axes)
    beside = np.zeros(count)
    for axis_part, step_part in steps.pieces(job):  # a second time: the difference of two large squares would be noise
        beside += np.square(step_part - matrix_product(coordinates, axis_part)).sum(axis=1)
    return Places(
        x=coordinates[:, 0],
        y=coordinates[:, 1],
        off_plane=np.sqrt(beside),
        distance=np.sqrt(squares),
        explained_variance=_shares(coordinates[steps.finite], axes, variance),
    )


class _Steps:
    """The ways from the network to the checkpoints and the two axes, in float64, a few megabytes at a time."""

    def __init__(self, module: nn.Module, directions: Directions, waypoints: Sequence[Waypoint]) -> None:
        self._own, self._waypoints = state_of(module), waypoints
        self._axes: tuple[Direction, Direction] = (directions.x, directions.y)
        parameters = movable_names(module, "weights")
        statistics = any(name not in parameters for axis in self._axes for name in axis)
        self._names = movable_names(module, "states") if statistics else parameters
        self.finite = [all(np.isfinite(w.weights[name]).all() for name in self._names) for w in waypoints]

    def pieces(self, job: JobContext) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield (2, m) numbers of the axes and (n, m) of the steps, name by name."""
        size = max(1, PIECE_BYTES // (8 * (len(self._waypoints) + 3)))
        for name in self._names:
            own = self._own[name].reshape(-1)
            axes = [axis[name].reshape(-1) if name in axis else None for axis in self._axes]
            for start in range(0, len(own), size):
                job.check()
                here = slice(start, start + size)
                origin = own[here].astype(np.float64)
                axis_part = np.stack([np.zeros_like(origin) if axis is None else axis[here] for axis in axes])
                step_part = np.empty((len(self._waypoints), len(origin)))
                for row, waypoint in zip(step_part, self._waypoints, strict=True):
                    row[:] = waypoint.weights[name].reshape(-1)[here].astype(np.float64) - origin
                yield axis_part.astype(np.float64), step_part


def _least_squares(axes: FloatArray, from_axes: FloatArray) -> FloatArray:
    """(n, 2) coordinates from the inner products of the axes (2, 2), and of the steps with them (n, 2)."""
    lengths = np.sqrt(np.diag(axes))
    lengths[lengths == 0] = 1.0
    inverse = np.linalg.pinv(axes / np.outer(lengths, lengths), rcond=PARALLEL, hermitian=True)
    coordinates: FloatArray = (from_axes / lengths) @ inverse / lengths
    return coordinates


def _shares(coordinates: FloatArray, axes: FloatArray, variance: float) -> FloatArray:
    """What the axes hold of the summed squared distances from the mean."""
    if not variance > 0 or not axes[0, 0] > 0:
        return np.full(2, np.nan)
    centred = coordinates - coordinates.mean(axis=0)
    along = float(np.square(centred @ axes[:, 0]).sum()) / axes[0, 0]
    plane = float(np.einsum("ni,ij,nj->", centred, axes, centred))
    return np.array([along, max(0.0, plane - along)]) / variance
