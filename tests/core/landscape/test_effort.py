"""The work of a request is what its points and samples say."""

import pytest

from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.effort import FEWEST_POINTS, GRADIENT, PRODUCTS_AT_A_POINT, RECALIBRATING, Work, effort_of
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import BezierDirections, EigenDirections
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest


def test_every_point_of_a_grid_takes_every_sample() -> None:
    effort = effort_of(SurfaceRequest(columns=11, rows=7, method="grid"), samples=100)
    assert effort.least == effort.most == Work(setups=1, points=77, samples=7700)
    assert (effort.units, effort.unit) == (77, "points")


def test_an_adaptive_surface_may_take_few_points_but_no_more_than_there_are() -> None:
    effort = effort_of(SurfaceRequest(method="adaptive"), samples=10)
    assert (effort.least.points, effort.most.points) == (FEWEST_POINTS, 51 * 51)
    assert (effort.least.samples, effort.most.samples) == (FEWEST_POINTS * 10, 51 * 51 * 10)
    small = effort_of(SurfaceRequest(columns=15, rows=15, method="adaptive"), samples=10)
    assert small.least == small.most == Work(setups=1, points=225, samples=2250)


def test_a_test_set_and_statistics_measured_anew_are_counted() -> None:
    """The statistics are those of the training samples for both sets, and each set is evaluated by itself."""
    request = SurfaceRequest(columns=2, rows=2, batch_norm="recalibrated", test=True)
    work = effort_of(request, samples=100, test_samples=30).most
    assert (work.setups, work.points, work.samples) == (2, 8, 4 * 130)
    assert work.passes == 4 * 2 * RECALIBRATING * 100


def test_every_draw_of_a_curve_is_counted() -> None:
    assert effort_of(CurveRequest(points=51, draws=10), samples=4).most.samples == 2040


def test_training_a_bend_comes_before_the_curve() -> None:
    directions = BezierDirections(other="f" * 64, steps=50, batch_size=128)
    work = effort_of(CurveRequest(points=10, directions=directions), samples=64).most
    assert (work.samples, work.passes) == (640, GRADIENT * 50 * 64)


def test_eigenvectors_take_products_before_the_first_point() -> None:
    request = SurfaceRequest(columns=3, rows=3, directions=EigenDirections(), method="grid")
    effort = effort_of(request, samples=10)
    assert effort.least.samples == effort.most.samples == 90
    assert 0 < effort.least.products < effort.most.products
    assert effort.least.graphs == effort.most.graphs == 10


@pytest.mark.parametrize("checkpoints", [0, 7])
def test_a_trajectory_takes_its_checkpoints(checkpoints: int) -> None:
    assert effort_of(TrajectoryRequest(), samples=10, checkpoints=checkpoints).most == Work(passes=10 * checkpoints)


def test_convexity_takes_between_few_and_all_allowed_products() -> None:
    effort = effort_of(ConvexityRequest(columns=2, rows=2, max_products=100), samples=10)
    assert effort.most.products == 4 * 100 * 10
    assert effort.least.products == 4 * PRODUCTS_AT_A_POINT * 10
    assert effort.least.graphs == effort.most.graphs == 4 * 10  # formed at every point, once


def test_initialisations_are_evaluated_calibrated_and_evaluated_again() -> None:
    assert effort_of(InitialisationRequest(count=4), samples=10).most.passes == 4 * 10 * (2 + RECALIBRATING)


def test_work_adds_up_kind_by_kind() -> None:
    one, other = Work(points=1, samples=2, differentiated=5), Work(samples=3, products=4, differentiated=2)
    assert one.times(2) + other == Work(points=2, samples=7, products=4, differentiated=5)
