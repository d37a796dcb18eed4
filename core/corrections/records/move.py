"""How a number that may change acts on the columns of an input, alone or together with others."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.records.subspace import Subspace
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Move:
    """How a free number acts on the input: its columns take its value, or shift by so much for each unit of it."""

    columns: tuple[int, ...] = field(repr=False)
    amounts: tuple[float, ...] = field(default=(), repr=False)  # per unit and column; (): the columns take the value

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) < len(self.columns):
            raise InvalidRequest("What may change moves at least one column of the input, and none twice.")
        if self.amounts and len(self.amounts) != len(self.columns):
            raise InvalidRequest(f"{len(self.amounts)} amounts do not fit {len(self.columns)} columns.")
        if not np.isfinite(self.amounts).all() or (self.amounts and not any(self.amounts)):
            raise InvalidRequest("The amounts by which columns shift must be finite, and not all of them zero.")

    @property
    def shifts(self) -> bool:
        """Whether the number is how far the columns are from the input, and not their value."""
        return bool(self.amounts)

    @property
    def alone(self) -> bool:
        """Whether the number is the value of a single column."""
        return len(self.columns) == 1 and not self.shifts


def start_of(move: Move, point: FloatArray, name: str) -> float:
    """Where an input (columns,) lies along a move: 0 where it shifts.

    Raises
    ------
    InvalidRequest
        If the input has too few columns, or those that change together differ in it.
    """
    check_columns(move.columns, point)
    held = point[list(move.columns)]
    if not move.shifts and np.ptp(held):
        raise InvalidRequest(f"The columns of {name!r} change together, but differ in this input.")
    return 0.0 if move.shifts else float(held[0])


def moved_subspace(moves: Sequence[Move], point: FloatArray) -> Subspace:
    """Where changes of an input (columns,) may go: one direction for each move."""
    base = np.array(point, dtype=np.float64)
    directions = np.zeros((len(base), len(moves)))
    for place, move in enumerate(moves):
        check_columns(move.columns, point)
        columns = list(move.columns)
        directions[columns, place] = move.amounts if move.shifts else 1.0
        if not move.shifts:
            base[columns] = 0.0
    return Subspace(base=base, directions=directions)


def check_columns(columns: tuple[int, ...], point: FloatArray) -> None:
    """Raise `InvalidRequest` if an input (columns,) lacks one of them."""
    stray = next((column for column in columns if not 0 <= column < len(point)), None)
    if stray is not None:
        raise InvalidRequest(f"There is no column {stray} in an input of {len(point)} columns.")
