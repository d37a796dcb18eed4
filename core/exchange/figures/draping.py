"""Where marks lie over the relief of a surface: as the window lays them, for figures and for bodies alike.

A checkpoint stands at its own loss, which is not that of the surface below it; between two checkpoints the line is as
high above the surface as the two of them, and going over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

BoolArray = npt.NDArray[np.bool_]
Heights = Callable[[FloatArray], FloatArray]  # of losses; NaN where they are not finite

_PIECES = 12  # of the line between two checkpoints
_MOST_PIECES = 3000  # of a whole way


@dataclass(frozen=True, eq=False)
class LaidWay:
    """A training over a relief: (x, y, height) in units of the plane and of the heights, NaN outside of the plane."""

    line: FloatArray = field(repr=False)  # (m, 3), NaN where it is interrupted
    spots: FloatArray = field(repr=False)  # (n, 3), one for every checkpoint
    feet: FloatArray = field(repr=False)  # (n, 3), on the surface below; NaN in a hole or where the loss is not known
    known: BoolArray = field(repr=False)  # (n,), whether the spot is at the checkpoint's own loss

    @property
    def inside(self) -> BoolArray:
        """(n,), which checkpoints are over the plane shown."""
        inside: BoolArray = np.asarray(np.isfinite(self.spots).all(axis=1))
        return inside


class Ground:
    """The relief that marks are laid upon.

    Parameters
    ----------
    surface : Surface
    height_of : callable
        From losses to heights.
    """

    def __init__(self, surface: Surface, height_of: Heights) -> None:
        self.x, self.y = surface.x, surface.y
        self._height_of = height_of
        self.heights = np.asarray(height_of(surface.loss), dtype=np.float64)
        known = self.heights[np.isfinite(self.heights)]
        self.low, self.high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)

    def inside(self, x: FloatArray, y: FloatArray) -> BoolArray:
        """Which points of the plane are over the relief."""
        inside: BoolArray = (x >= self.x[0]) & (x <= self.x[-1]) & (y >= self.y[0]) & (y <= self.y[-1])
        return inside

    def at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Heights of the relief, bilinear between its points; NaN outside and beside a hole."""
        column, along = _cell(self.x, x)
        row, up = _cell(self.y, y)
        h = self.heights
        lower = _mixed(h[row, column], h[row, column + 1], along)
        upper = _mixed(h[row + 1, column], h[row + 1, column + 1], along)
        return np.where(self.inside(x, y), _mixed(lower, upper, up), np.nan)

    def of_loss(self, loss: FloatArray) -> FloatArray:
        """Heights of losses, clipped as the relief is; NaN where they are not finite."""
        return np.clip(self._height_of(loss), self.low, self.high)

    def place(self, x: float, y: float, loss: float = float("nan")) -> FloatArray:
        """(3,) of one mark: at its loss if that is known, else on the relief, else at its lowest height."""
        for height in (self.of_loss(np.array([loss])), self.at(np.array([x]), np.array([y]))):
            if np.isfinite(height[0]):
                return np.array([x, y, height[0]])
        return np.array([x, y, self.low])

    def way(self, trajectory: Trajectory) -> LaidWay:
        """Lay a training upon the relief."""
        x, y = trajectory.x, trajectory.y
        below, own = self.at(x, y), self.of_loss(trajectory.loss)
        known = np.isfinite(own)
        z = np.where(known, own, np.where(np.isfinite(below), below, self.low))
        spots = _where(self.inside(x, y), np.column_stack([x, y, z]))
        feet = _where(known, np.column_stack([x, y, below]))
        return LaidWay(self._line(x, y, z, below), spots, feet, known)

    def _line(self, x: FloatArray, y: FloatArray, z: FloatArray, below: FloatArray) -> FloatArray:
        if len(x) < 2:
            return np.empty((0, 3))
        pieces = max(1, min(_PIECES, _MOST_PIECES // (len(x) - 1)))
        at, checkpoints = np.arange((len(x) - 1) * pieces + 1) / pieces, np.arange(len(x))
        line_x, line_y, straight = (np.interp(at, checkpoints, values) for values in (x, y, z))
        followed = self.at(line_x, line_y) + np.interp(at, checkpoints, z - below)
        heights = np.clip(np.where(np.isfinite(followed), followed, straight), self.low, self.high)
        return _where(self.inside(line_x, line_y), np.column_stack([line_x, line_y, heights]))


def _cell(axis: FloatArray, values: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """The interval of an axis that holds each value, and how far along it is: 0 to 1."""
    cell = np.clip(np.searchsorted(axis, values, side="right") - 1, 0, len(axis) - 2).astype(np.int64)
    return cell, np.clip((values - axis[cell]) / (axis[cell + 1] - axis[cell]), 0.0, 1.0)


def _mixed(first: FloatArray, second: FloatArray, share: FloatArray) -> FloatArray:
    """Between two values; at an end its value alone counts, even beside a hole."""
    mixed = first * (1 - share) + second * share
    return np.where(share == 0, first, np.where(share == 1, second, mixed))


def _where(chosen: BoolArray, points: FloatArray) -> FloatArray:
    return np.where(chosen[:, None], points, np.nan)
