"""Grids are computed coarse to fine: every point once, and after each level a whole rectilinear grid."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscape.surfaces.schedule import coarse_to_fine

sizes = st.integers(2, 70)


@given(sizes, sizes)
@settings(deadline=None)
def test_every_point_is_visited_exactly_once(rows: int, columns: int) -> None:
    points = [(int(r), int(c)) for level in coarse_to_fine(rows, columns) for r, c in level.points]
    assert sorted(points) == [(r, c) for r in range(rows) for c in range(columns)]


@given(sizes, sizes)
@settings(deadline=None)
def test_after_each_level_its_lines_are_known_wherever_they_cross(rows: int, columns: int) -> None:
    known: set[tuple[int, int]] = set()
    for level in coarse_to_fine(rows, columns):
        fresh = {(int(r), int(c)) for r, c in level.points}
        assert fresh
        assert not fresh & known
        known |= fresh
        assert known == {(int(r), int(c)) for r in level.rows for c in level.columns}


@given(sizes, sizes)
@settings(deadline=None)
def test_levels_go_from_the_border_to_every_line_by_halving(rows: int, columns: int) -> None:
    levels = coarse_to_fine(rows, columns)
    for count, lines in ((rows, [level.rows for level in levels]), (columns, [level.columns for level in levels])):
        assert {0, count - 1} <= set(lines[0].tolist())
        assert lines[-1].tolist() == list(range(count))
        for coarse, fine in pairwise(lines):
            assert set(coarse.tolist()) <= set(fine.tolist())
            assert np.diff(fine).max() <= (np.diff(coarse).max() + 1) // 2


def test_the_first_picture_is_nine_points_of_any_large_grid() -> None:
    first = coarse_to_fine(51, 101)[0]
    assert first.rows.tolist() == [0, 25, 50]
    assert first.columns.tolist() == [0, 50, 100]
    assert len(first.points) == 9
    assert first.points[0].tolist() == [25, 50]


@pytest.mark.parametrize(("rows", "columns", "count"), [(51, 51, 6), (2, 2, 1), (3, 3, 1), (2, 33, 5)])
def test_there_are_as_many_levels_as_halvings(rows: int, columns: int, count: int) -> None:
    assert len(coarse_to_fine(rows, columns)) == count


@given(sizes, sizes)
@settings(deadline=None)
def test_within_a_level_points_come_from_the_centre_outwards(rows: int, columns: int) -> None:
    for level in coarse_to_fine(rows, columns):
        r, c = level.points[:, 0] / (rows - 1) - 0.5, level.points[:, 1] / (columns - 1) - 0.5
        assert (np.diff(np.hypot(r, c)) >= -1e-12).all()
