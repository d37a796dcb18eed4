"""The paper's triangle: always inside, never nearer, and the same again for the same region."""

import numpy as np
import pytest
import shapely

from core.corrections.slices.stability import nearest_point, stable_centres
from core.corrections.slices.triangle import grown_triangle
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from tests.core.corrections.slices.test_largest_box import HALF, seed_in
from tests.core.corrections.slices.test_stability import UNIT_SQUARE, blots


@pytest.mark.parametrize("seed", range(6))
def test_the_triangle_is_inside_and_its_nearest_stable_centre_never_nearer_than_that_of_the_region(seed: int) -> None:
    region = blots(seed)
    inside = seed_in(region, seed)
    assert inside is not None
    corners = grown_triangle(region, inside, UNIT_SQUARE, JobContext())
    assert corners is not None
    assert shapely.covers(region, shapely.Polygon(corners))
    assert np.ptp(corners, axis=0).sum() > 2 * sum(HALF)  # it has outgrown the box it began in
    within = stable_centres(shapely.MultiPolygon([shapely.Polygon(corners)]), UNIT_SQUARE, HALF)
    point = (-0.2, 0.3)
    best, found = nearest_point(stable_centres(region, UNIT_SQUARE, HALF), point, (1, 1)), None
    if not within.is_empty:
        found = nearest_point(within, point, (1, 1))
    assert best is not None
    assert found is None or found[1] >= best[1] - 1e-9
    again = grown_triangle(region, inside, UNIT_SQUARE, JobContext())
    assert again is not None
    assert (again == corners).all()


def test_it_fills_most_of_the_width_and_height_of_a_plain_square() -> None:
    square = shapely.MultiPolygon([shapely.box(0, 0, 4, 100)])
    corners = grown_triangle(square, (1.9, 45.0, 2.1, 55.0), (0, 0, 4, 100), JobContext())
    assert corners is not None
    assert (np.ptp(corners, axis=0) / (4, 100)).sum() > 1.6


def test_a_triangle_that_begins_as_small_as_a_thread_grows_all_the_same() -> None:
    square = shapely.MultiPolygon([shapely.box(0, 0, 4, 100)])
    corners = grown_triangle(square, (2.0, 50.0, 2.000001, 50.00001), (0, 0, 4, 100), JobContext())
    assert corners is not None
    assert (np.ptp(corners, axis=0) / (4, 100)).sum() > 1.5


def test_it_never_closes_around_a_hole() -> None:
    holed = shapely.MultiPolygon([shapely.box(0, 0, 1, 1).difference(shapely.box(0.45, 0.45, 0.46, 0.46))])
    corners = grown_triangle(holed, (0.1, 0.1, 0.3, 0.3), UNIT_SQUARE, JobContext())
    assert corners is not None
    assert not shapely.contains_xy(shapely.Polygon(corners), 0.455, 0.455)


def test_it_can_be_stopped_and_begins_in_the_region_only() -> None:
    region = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert grown_triangle(region, (0.5, 0.5, 1.5, 0.6), UNIT_SQUARE, JobContext()) is None
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        grown_triangle(region, (0.4, 0.4, 0.6, 0.6), UNIT_SQUARE, job)
