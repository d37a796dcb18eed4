"""Interpolation between scattered points, and whether the error that it expects is about the one that it makes."""

import numpy as np
import pytest

from core.landscape.surfaces import interpolant
from core.landscape.surfaces.interpolant import interpolate


def nothing() -> None:
    """No job to check."""


def scattered(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (count, 2))


def hills(places: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(4 * places[:, 0]) * np.cos(3 * places[:, 1]) + np.abs(places[:, 0] - 0.3))


def test_points_keep_their_values_and_have_no_error() -> None:
    points = scattered(60)
    found = interpolate(points, np.column_stack([hills(points), points[:, 1]]), points, nothing)
    assert np.allclose(found.values[:, 0], hills(points), atol=1e-8)
    assert (found.spread == 0).all()


def test_planes_are_met_exactly() -> None:
    points, places = scattered(30), scattered(50, 1)
    found = interpolate(points, (2 * points[:, :1] - points[:, 1:] + 1), places, nothing)
    assert np.allclose(found.values[:, 0], 2 * places[:, 0] - places[:, 1] + 1, atol=1e-8)
    assert found.spread.max() < 1e-6


@pytest.mark.parametrize("count", [60, 200])
def test_the_error_that_is_expected_is_about_the_one_that_is_made(count: int) -> None:
    points, places = scattered(count), scattered(2000, 1) * 0.95
    found = interpolate(points, hills(points)[:, None], places, nothing)
    ratio = np.abs(found.values[:, 0] - hills(places)) / found.spread
    assert 0.3 < np.sqrt(np.mean(np.square(ratio))) < 2.5


def test_many_points_are_solved_for_in_tiles_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    points, places = scattered(700), scattered(900, 1)
    whole = interpolate(points, hills(points)[:, None], places, nothing)
    monkeypatch.setattr(interpolant, "LARGEST", 200)
    tiles = interpolate(points, hills(points)[:, None], places, nothing)
    assert np.abs(tiles.values - whole.values).max() < 0.02
    assert np.quantile(np.abs(tiles.values - whole.values), 0.95) < 1e-3
