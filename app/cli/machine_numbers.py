"""Numbers as JSON can hold them."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def finite(value: float | None) -> float | None:
    """The value, or None where JSON could not hold it."""
    return float(value) if value is not None and math.isfinite(value) else None


def finite_list(values: Iterable[float | None]) -> list[float | None]:
    """The same for each value of a list or an array."""
    return [finite(value) for value in values]


def finite_rows(array: npt.NDArray[np.generic]) -> list[list[float | None]]:
    """The same row by row."""
    return [finite_list(row) for row in array.tolist()]
