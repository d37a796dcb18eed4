"""Where a correction may go: an input, and the few handles by which it is changed."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Subspace:
    """``x = base + directions u``: every column of the input, from the values u of a few handles.

    A feature that may change is a handle with a one in its own column, where `base` is zero: u is then its value in the
    user's units. Columns that change together share a handle; a direction through an image is one as well.
    """

    base: FloatArray = field(repr=False)  # (columns,), in the user's units
    directions: FloatArray = field(repr=False)  # (columns, k)

    def __post_init__(self) -> None:
        if self.directions.ndim != 2 or self.directions.shape[0] != len(self.base) or not self.directions.shape[1]:
            raise InvalidRequest(
                f"Directions of shape {self.directions.shape} do not fit an input of {len(self.base)} columns. "
                "Give one row for every column, and at least one direction."
            )
        if not (np.isfinite(self.base).all() and np.isfinite(self.directions).all()):
            raise InvalidRequest("The input or a direction holds NaN or infinity. Correct the row, or choose another.")

    @classmethod
    def of_columns(cls, point: FloatArray, columns: tuple[int, ...]) -> "Subspace":
        """In which some columns of an input are free, and u are their values."""
        base = np.array(point, dtype=np.float64)
        base[list(columns)] = 0.0
        directions = np.zeros((len(base), len(columns)))
        directions[list(columns), np.arange(len(columns))] = 1.0
        return cls(base=base, directions=directions)

    @property
    def handles(self) -> int:
        """k, how many numbers say where a point lies."""
        return int(self.directions.shape[1])

    def inputs(self, points: FloatArray) -> FloatArray:
        """Inputs (n, columns) of points (n, k)."""
        placed: FloatArray = self.base + points @ self.directions.T
        return placed

    def only(self, handles: tuple[int, ...], point: FloatArray) -> "Subspace":
        """In which only some handles are free, and the others stay at their values in `point` (k,)."""
        fixed = np.array(point, dtype=np.float64)
        fixed[list(handles)] = 0.0
        return Subspace(base=self.inputs(fixed[None])[0], directions=self.directions[:, list(handles)])
