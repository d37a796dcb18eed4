"""What is shown between computed points is never higher or lower than they are, and never hides a hole."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscape.surface import LOG_OFFSET
from core.landscape.surfaces.interpolation import fill_between
from core.landscape.surfaces.schedule import Level, coarse_to_fine

FloatArray = npt.NDArray[np.float64]


def known_at(level: Level, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(shape, dtype=bool)
    mask[np.ix_(level.rows, level.columns)] = True
    return mask


def corners(values: FloatArray, level: Level, row: int, column: int) -> FloatArray:
    """The computed values around a cell, found by looking for the lines on either side of it."""
    beside = [
        (lines[lines <= place].max(), lines[lines >= place].min())
        for lines, place in ((level.rows, row), (level.columns, column))
    ]
    return np.array([values[r, c] for r in beside[0] for c in beside[1]])


@given(rows=st.integers(4, 40), columns=st.integers(4, 40), seed=st.integers(0, 2**32 - 1), log=st.booleans())
@settings(deadline=None, max_examples=60)
def test_no_interpolated_value_leaves_the_range_of_its_neighbours(
    *, rows: int, columns: int, seed: int, log: bool
) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0, 4, (rows, columns)))  # over eight orders of magnitude
    level = coarse_to_fine(rows, columns)[0]
    evaluated = known_at(level, (rows, columns))
    filled = fill_between(np.where(evaluated, values, np.nan), evaluated, level, log=log)
    assert (filled[evaluated] == values[evaluated]).all()
    assert np.isfinite(filled).all()
    for row, column in np.argwhere(~evaluated):
        around = corners(values, level, row, column)
        assert around.min() * (1 - 1e-9) - 1e-12 <= filled[row, column] <= around.max() * (1 + 1e-9) + 1e-12


def test_between_two_points_the_height_is_linear_in_what_one_sees() -> None:
    values = np.full((3, 5), np.nan)
    level = Level(np.array([0, 2]), np.array([0, 4]), np.zeros((0, 2), np.int64))
    values[np.ix_([0, 2], [0, 4])] = [[0.1, 10.0], [0.1, 10.0]]
    filled = fill_between(values, np.isfinite(values), level, log=True)
    for column in range(5):
        share = column / 4
        height = (1 - share) * np.log(0.1 + LOG_OFFSET) + share * np.log(10.0 + LOG_OFFSET)
        assert filled[1, column] == pytest.approx(np.exp(height) - LOG_OFFSET)


def test_points_of_a_level_that_is_not_complete_yet_are_kept_exactly() -> None:
    first, second = coarse_to_fine(9, 9)[:2]
    evaluated = known_at(first, (9, 9))
    row, column = second.points[0]
    evaluated[row, column] = True
    values = np.where(evaluated, 2.0, np.nan)
    values[row, column] = 1e6
    filled = fill_between(values, evaluated, first, log=True)
    assert filled[row, column] == 1e6
    assert np.allclose(filled[~evaluated], 2.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nothing_is_invented_beside_a_point_without_a_finite_value(bad: float) -> None:
    level = coarse_to_fine(9, 9)[0]
    evaluated = known_at(level, (9, 9))
    values = np.where(evaluated, 1.0, np.nan)
    values[0, 0] = bad
    filled = fill_between(values, evaluated, level, log=True)
    assert filled[0, 0] == bad or np.isnan(filled[0, 0])
    assert np.isnan(filled[1:4, 1:4]).all()
    assert np.allclose(filled[5:, 5:], 1.0)


def test_a_loss_of_zero_stays_zero() -> None:
    level = coarse_to_fine(5, 5)[0]
    evaluated = known_at(level, (5, 5))
    filled = fill_between(np.where(evaluated, 0.0, np.nan), evaluated, level, log=True)
    assert (filled >= 0).all()
    assert filled.max() < 1e-15
