import numpy as np
import pytest

from app.render.refinement import between, factor_for, finer_places, refine, sample
from app.render.sky_light import sky_light

X = np.array([-1.0, -0.7, -0.1, 0.0, 0.4, 0.9, 1.0])
Y = np.linspace(-1.0, 1.0, 6)


def rough(seed=0):
    return np.random.default_rng(seed).normal(size=(len(Y), len(X)))


@pytest.mark.parametrize("factor", [1, 2, 5])
def test_the_finer_surface_goes_through_every_computed_value(factor):
    values = rough()
    assert np.array_equal(refine(X, Y, values, factor)[::factor, ::factor], values)


@pytest.mark.parametrize("seed", range(10))
def test_inside_a_cell_it_stays_between_the_corners(seed):
    values, factor = rough(seed), 6
    fine = refine(X, Y, values, factor)
    corners = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]])
    for row in range(len(Y) - 1):
        for column in range(len(X) - 1):
            cell = fine[row * factor : (row + 1) * factor + 1, column * factor : (column + 1) * factor + 1]
            assert corners[:, row, column].min() <= cell.min()
            assert cell.max() <= corners[:, row, column].max()


def test_a_plane_stays_a_plane_and_a_bowl_becomes_rounder():
    plane = 2.0 * X[None, :] - 3.0 * Y[:, None]
    fine_x, fine_y = finer_places(X, 4), finer_places(Y, 4)
    assert refine(X, Y, plane, 4) == pytest.approx(2.0 * fine_x[None, :] - 3.0 * fine_y[:, None], abs=1e-12)
    x = np.linspace(-1, 1, 9)
    bowl, truth = x[None, :] ** 2 + x[:, None] ** 2, finer_places(x, 8)
    truth = truth[None, :] ** 2 + truth[:, None] ** 2
    smooth = np.abs(refine(x, x, bowl, 8) - truth).max()
    straight = np.abs(between(bowl, 8) - truth).max()
    assert smooth < 0.5 * straight


def test_turning_the_plane_by_a_right_angle_turns_the_finer_surface():
    values = rough(3)
    assert refine(Y, X, values.T, 4) == pytest.approx(refine(X, Y, values, 4).T, abs=1e-12)


def test_what_is_not_known_stays_open_and_does_not_reach_its_neighbours():
    values, factor = rough(1), 4
    values[2, 3] = np.nan
    fine = refine(X, Y, values, factor)
    assert np.array_equal(fine[::factor, ::factor], values, equal_nan=True)
    for row, column in ((1, 2), (1, 3), (2, 2), (2, 3)):  # the four cells around it: half of each is known
        cell = fine[row * factor : (row + 1) * factor + 1, column * factor : (column + 1) * factor + 1]
        assert np.isfinite(cell).sum() == (factor + 1) * (factor + 2) // 2
        known = cell[np.isfinite(cell)]
        corners = values[row : row + 2, column : column + 2]
        assert np.nanmin(corners) <= known.min()
        assert known.max() <= np.nanmax(corners)
    beyond = np.ones(fine.shape, dtype=bool)
    beyond[factor : 3 * factor + 1, 2 * factor : 4 * factor + 1] = False
    assert np.isfinite(fine[beyond]).all()


def test_a_cell_with_two_unknown_corners_stays_open():
    values = rough(2)
    values[2, 3] = values[3, 4] = np.nan
    inside = refine(X, Y, values, 4)[9:12, 13:16]
    assert np.isnan(inside).all()


def test_a_lonely_point_is_kept():
    values = np.full((3, 3), np.nan)
    values[1, 1] = 5.0
    fine = refine(np.arange(3.0), np.arange(3.0), values, 3)
    assert np.isfinite(fine).sum() == 1
    assert fine[3, 3] == 5.0


def test_a_sample_is_the_value_at_a_grid_point_and_nothing_outside():
    values = rough(4)
    columns, rows = np.meshgrid(X, Y)
    assert sample(X, Y, values, columns, rows) == pytest.approx(values)
    outside = sample(X, Y, values, np.array([-1.1, 1.1, 0.0]), np.array([0.0, 0.0, 1.2]))
    assert np.isnan(outside).all()


def test_a_picture_gets_no_finer_than_it_should():
    assert factor_for((51, 51), 200) == 4
    assert factor_for((101, 51), 200) == 2
    assert factor_for((301, 301), 200) == 1


def test_a_level_plain_sees_the_whole_sky():
    assert sky_light(X, Y, np.full((6, 7), 0.4)) == pytest.approx(1.0)


def test_the_ground_of_a_pit_sees_less_sky_than_its_rim():
    x = np.linspace(-1, 1, 41)
    pit = np.where(np.hypot(x[None, :], x[:, None]) < 0.4, 0.0, 1.0)
    light = sky_light(x, x, pit)
    assert light[20, 20] < 0.35
    assert light[2, 2] > 0.95


def test_beside_a_long_high_wall_half_of_the_sky_is_dark():
    x = np.linspace(-1, 1, 61)
    wall = np.tile(np.where(x > 0.5, 50.0, 0.0), (61, 1))
    # Fourteen of the sixteen directions are not along the wall, and half of them meet it.
    assert sky_light(x, x, wall)[30, 40] == pytest.approx(1 - 7 / 16, abs=0.03)


def test_a_hole_neither_darkens_nor_is_darkened():
    x = np.linspace(-1, 1, 21)
    level = np.zeros((21, 21))
    level[8:12, 8:12] = np.nan
    assert sky_light(x, x, level) == pytest.approx(1.0)
