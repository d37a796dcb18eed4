"""Handles that go in steps: which values they may have, and how a box of such values is divided."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
NEARLY = 1e-9  # share of a step by which a value may miss the lattice and still count as on it
ROUNDINGS = 4  # the same in units in the last place of the number of steps


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """For every handle ``origin + n · step``, or any number where the step is 0."""

    steps: FloatArray = field(repr=False)  # (k,)
    origins: FloatArray = field(repr=False)  # (k,)

    def __post_init__(self) -> None:
        if self.steps.shape != self.origins.shape or not np.isfinite([self.steps, self.origins]).all():
            raise InvalidRequest("Give one finite step and one finite origin for every handle.")
        if (self.steps < 0).any():
            raise InvalidRequest("A step must be zero, for any number, or more.")

    @classmethod
    def free(cls, handles: int) -> "Lattice":
        """Every number is allowed."""
        return cls.from_zero(np.zeros(handles))

    @classmethod
    def from_zero(cls, steps: FloatArray) -> "Lattice":
        """Whole multiples of steps (k,), or any number where one is 0: as the features of a user go."""
        return cls(steps=steps, origins=np.zeros_like(steps))

    @property
    def any(self) -> bool:
        """Whether a handle goes in steps at all."""
        return bool(self.steps.any())

    @cached_property
    def of_moves(self) -> "Lattice":
        """By what an allowed point can be moved to another one: whole steps, from zero."""
        return Lattice.from_zero(self.steps)

    def holds(self, points: FloatArray) -> npt.NDArray[np.bool_]:
        """(…, k), which values are allowed, up to what dividing rounds."""
        stepped = self.steps > 0
        count = (points - self.origins) / np.where(stepped, self.steps, 1.0)
        return np.asarray(~stepped | (np.abs(count - np.round(count)) <= _give(count)))

    def about(self, low: FloatArray, high: FloatArray) -> "Lattice":
        """The same, but any number where an end (k,) of a box is beside the steps: as around a value that was kept."""
        return self.without_steps(~(self.holds(low) & self.holds(high)))

    def without_steps(self, handles: npt.NDArray[np.bool_]) -> "Lattice":
        """The same, but any number is allowed of some handles (k,)."""
        return replace(self, steps=np.where(handles, 0.0, self.steps))

    def of_boxes(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Boxes (n, k) cut down to their allowed values; a side that holds none of them keeps all of its numbers.

        So a box between two steps is as good as its numbers are, and never accepted because there is nothing in it.
        """
        inner_low, inner_high = self.inward(low, high)
        between = self.between(low, high)
        return np.where(between, low, inner_low), np.where(between, high, inner_high)

    def between(self, low: FloatArray, high: FloatArray) -> npt.NDArray[np.bool_]:
        """(n, k), which sides of boxes hold no allowed value."""
        inner_low, inner_high = self.inward(low, high)
        return np.asarray((inner_low > inner_high) & (low <= high))

    def inward(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The smallest and the largest allowed values from `low` to `high` (…, k); low > high where there are none."""
        return self._rounded(low, np.ceil, -1.0), self._rounded(high, np.floor, 1.0)

    def nearest(self, points: FloatArray) -> FloatArray:
        """The allowed points next to points (…, k)."""
        return self._rounded(points, np.round, 0.0)

    def whole(self, widths: FloatArray) -> FloatArray:
        """Widths (k,) rounded down to whole steps."""
        stepped = self.steps > 0
        step = np.where(stepped, self.steps, 1.0)
        count = widths / step
        return np.where(stepped, np.floor(count + _give(count)) * step, widths)

    def divide(self, low: FloatArray, high: FloatArray, handles: npt.NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """Where boxes (n, k) are cut across one handle each: the end of the left part (n,), the beginning of the right.

        Together the two parts hold every allowed value of the box.
        """
        rows = np.arange(len(low))
        middle = low[rows, handles] / 2 + high[rows, handles] / 2
        step, origin = self.steps[handles], self.origins[handles]
        unit = np.where(step > 0, step, 1.0)
        count = np.floor((middle - origin) / unit + NEARLY)
        left = np.where(step > 0, origin + count * unit, middle)
        right = np.where(step > 0, origin + (count + 1) * unit, middle)
        return left, np.minimum(right, high[rows, handles])

    def divisible(self, low: FloatArray, high: FloatArray) -> npt.NDArray[np.bool_]:
        """(n, k), which handles of boxes have more than one allowed value left."""
        return high - low > np.where(self.steps > 0, 0.5 * self.steps, 0.0)

    def _rounded(self, values: FloatArray, how: Callable[[FloatArray], FloatArray], give: float) -> FloatArray:
        if not self.any:
            return values
        stepped = self.steps > 0
        unit = np.where(stepped, self.steps, 1.0)
        count = (values - self.origins) / unit
        return np.where(stepped, self.origins + how(count + give * _give(count)) * unit, values)


def _give(count: FloatArray) -> FloatArray:
    """By how much numbers of steps may be off and still count as whole: with many steps, what dividing rounds."""
    return np.asarray(np.maximum(NEARLY, ROUNDINGS * np.spacing(np.abs(count))))
