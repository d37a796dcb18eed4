"""The accepted region against the argmax of the network at random points, and against a region known by hand."""

import numpy as np
import pytest
import shapely

from core.corrections.goal import Goal
from core.corrections.piecewise import PiecewiseLinear
from core.corrections.regions import accepted_region
from core.corrections.slices import exact_slice
from core.errors import InvalidRequest
from core.job import JobContext
from tests.core.corrections.examples import corner_network, random_network


def test_the_corner_network_accepts_the_shape_one_can_draw() -> None:
    cells = exact_slice(corner_network(), np.zeros(3), (0, 1), (-2, 2), (-2, 2), JobContext())
    region = accepted_region(cells, Goal(classes=(1,)), JobContext())
    truth = shapely.Polygon([(1, -2), (2, -2), (2, 2), (-2, 2), (-2, 1), (0, 1), (1, 0)])
    assert region.margin == pytest.approx(3e-6)  # the largest lead is 2 + 2 − 1
    assert shapely.difference(region.inner, truth).area == 0
    assert shapely.difference(truth, region.outer).area == 0
    assert shapely.hausdorff_distance(region.inner.boundary, truth.boundary) < 2 * region.margin
    assert len(region.inner.geoms) == 1


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_random_points_are_inside_exactly_if_the_network_says_so(classes: int, seed: int) -> None:
    network = random_network((3, 20, 20, classes), seed)
    base = np.array([0.0, 0.4, 0.0])
    cells = exact_slice(network, base, (0, 2), (-1, 1), (-1, 1), JobContext())
    points = np.random.default_rng(seed).uniform(-1, 1, size=(20_000, 2))
    said = network.on_slice(base, (0, 2), points).argmax(axis=1)
    total = 0.0
    for target in range(classes):
        region = accepted_region(cells, Goal(classes=(target,)), JobContext())
        assert region.inner.is_valid
        inside = shapely.contains_xy(region.inner, points)
        possible = shapely.intersects_xy(region.outer, points)
        assert (said[inside] == target).all()
        assert possible[said == target].all()
        assert (possible & ~inside).mean() < 1e-3
        total += region.inner.area
    assert total == pytest.approx(cells.area, rel=1e-3)  # the classes share the slice


def test_a_class_that_never_wins_has_no_region() -> None:
    cells = exact_slice(corner_network(), np.zeros(3), (0, 1), (-2, 0), (-2, 0), JobContext())
    region = accepted_region(cells, Goal(classes=(1,)), JobContext())
    assert region.inner.is_empty
    assert region.outer.is_empty


def test_a_hole_stays_a_hole() -> None:
    # Class 1 loses within |x| + |y| < 1/2.
    first = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    network = PiecewiseLinear(
        weights=(first, np.array([[0.0] * 4, [1.0] * 4])), biases=(np.zeros(4), np.array([0.0, -0.5]))
    )
    cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    region = accepted_region(cells, Goal(classes=(1,)), JobContext())
    assert [len(part.interiors) for part in region.inner.geoms] == [1]
    assert region.inner.area == pytest.approx(3.5, abs=1e-4)


def test_a_class_that_is_not_there_is_refused() -> None:
    cells = exact_slice(corner_network(), np.zeros(3), (0, 1), (-2, 2), (-2, 2), JobContext())
    with pytest.raises(InvalidRequest, match="no class 2"):
        accepted_region(cells, Goal(classes=(2,)), JobContext())
    single = exact_slice(random_network((2, 3, 1), 0), np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    with pytest.raises(InvalidRequest, match="single output"):
        accepted_region(single, Goal(classes=(0,)), JobContext())
