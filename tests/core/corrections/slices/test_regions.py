"""The accepted region against the argmax of the network at random points, and against a region known by hand."""

import numpy as np
import pytest
import shapely

from core.corrections.network.head import Head
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.slices.exact import exact_slice, subspace_slice
from core.corrections.slices.regions import accepted_region
from core.errors import InvalidRequest
from core.job import JobContext
from tests.core.corrections.examples import corner_network, random_network
from tests.core.corrections.modules import lowered, residual


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


@pytest.mark.parametrize(("low", "high"), [(0.6, None), (None, 0.2), (0.3, 0.7)])
def test_a_value_within_limits_is_accepted_exactly_there(low: float | None, high: float | None) -> None:
    network = random_network((3, 20, 20, 1), seed=1)
    base = np.array([0.0, 0.4, 0.0])
    cells = exact_slice(network, base, (0, 2), (-1, 1), (-1, 1), JobContext())
    points = np.random.default_rng(2).uniform(-1, 1, size=(20_000, 2))
    values = network.on_slice(base, (0, 2), points)
    limits = [None if share is None else float(np.quantile(values, share)) for share in (low, high)]
    goal = Goal(at_least=limits[0], at_most=limits[1])
    met = goal.leads(values) > 0
    region = accepted_region(cells, goal, JobContext())
    assert region.inner.is_valid
    assert met[shapely.contains_xy(region.inner, points)].all()
    assert shapely.intersects_xy(region.outer, points)[met].all()
    assert region.inner.area / cells.area == pytest.approx(met.mean(), abs=0.015)


@pytest.mark.parametrize("seed", range(3))
def test_several_classes_are_accepted_where_any_of_them_wins(seed: int) -> None:
    network = random_network((3, 20, 20, 5), seed)
    base = np.array([0.0, 0.4, 0.0])
    cells = exact_slice(network, base, (0, 2), (-1, 1), (-1, 1), JobContext())
    points = np.random.default_rng(seed).uniform(-1, 1, size=(20_000, 2))
    said = network.on_slice(base, (0, 2), points).argmax(axis=1)
    wanted = tuple(np.argsort(np.bincount(said, minlength=5))[-3:-1].tolist())
    met = np.isin(said, wanted)
    region = accepted_region(cells, Goal(classes=wanted), JobContext())
    assert region.inner.is_valid
    assert met[shapely.contains_xy(region.inner, points)].all()
    assert shapely.intersects_xy(region.outer, points)[met].all()
    assert region.inner.area / cells.area == pytest.approx(met.mean(), abs=0.015)
    # Where two of them meet, neither beats the other, but both beat the rest: no seam is left between their regions.
    alone = [accepted_region(cells, Goal(classes=(one,)), JobContext()).inner for one in wanted]
    assert region.inner.area >= sum(part.area for part in alone) * (1 - 1e-4)  # their margins are not the same
    assert len(region.inner.geoms) <= sum(len(part.geoms) for part in alone)


def test_a_limit_behind_a_sigmoid_is_the_limit_before_it() -> None:
    network = random_network((2, 15, 1), seed=4)
    goal = Goal(at_least=0.55)
    cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    region = accepted_region(cells, Head("sigmoid").before(goal), JobContext())
    points = np.random.default_rng(0).uniform(-1, 1, size=(5000, 2))
    met = 1 / (1 + np.exp(-network.forward(points)[:, 0])) > 0.55
    assert 0.02 < met.mean() < 0.98
    assert met[shapely.contains_xy(region.inner, points)].all()
    assert shapely.intersects_xy(region.outer, points)[met].all()


def test_classes_of_a_network_with_shortcuts_are_found_where_it_says_so() -> None:
    network = lowered(residual(), (6,))
    subspace = Subspace(base=np.zeros(6), directions=np.random.default_rng(0).normal(size=(6, 2)))
    cells = subspace_slice(network, subspace, (-3, 3), (-3, 3), JobContext())
    points = np.random.default_rng(1).uniform(-3, 3, size=(20_000, 2))
    said = network.forward(subspace.inputs(points)).argmax(axis=1)
    for target in np.unique(said):
        region = accepted_region(cells, Goal(classes=(int(target),)), JobContext())
        assert (said[shapely.contains_xy(region.inner, points)] == target).all()
        assert shapely.intersects_xy(region.outer, points)[said == target].all()


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
