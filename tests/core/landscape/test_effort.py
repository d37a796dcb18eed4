"""The work of a request is what its points and samples say."""

import pytest

from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.effort import FEWEST_POINTS, GRADIENT, effort_of
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import BezierDirections, EigenDirections
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest


def test_every_point_of_a_grid_takes_every_sample() -> None:
    effort = effort_of(SurfaceRequest(columns=11, rows=7, method="grid"), samples=100)
    assert effort.least == effort.most == 7700
    assert (effort.units, effort.unit) == (77, "points")


def test_an_adaptive_surface_may_take_few_points_but_no_more_than_there_are() -> None:
    effort = effort_of(SurfaceRequest(method="adaptive"), samples=10)
    assert (effort.least, effort.most) == (FEWEST_POINTS * 10, 51 * 51 * 10)
    small = effort_of(SurfaceRequest(columns=5, rows=5, method="adaptive"), samples=10)
    assert small.least == small.most == 250


def test_a_test_set_and_statistics_measured_anew_are_counted() -> None:
    request = SurfaceRequest(columns=2, rows=2, batch_norm="recalibrated", test=True)
    assert effort_of(request, samples=100, test_samples=30).most == 4 * 230


def test_every_draw_of_a_curve_is_counted() -> None:
    assert effort_of(CurveRequest(points=51, draws=10), samples=4).most == 2040


def test_training_a_bend_comes_before_the_curve() -> None:
    directions = BezierDirections(other="f" * 64, steps=50, batch_size=128)
    effort = effort_of(CurveRequest(points=10, directions=directions), samples=64)
    assert effort.most == 640 + GRADIENT * 50 * 64


def test_eigenvectors_take_products_before_the_first_point() -> None:
    request = SurfaceRequest(columns=3, rows=3, directions=EigenDirections())
    effort = effort_of(request, samples=10)
    assert 90 < effort.least < effort.most


@pytest.mark.parametrize("checkpoints", [0, 7])
def test_a_trajectory_takes_its_checkpoints(checkpoints: int) -> None:
    assert effort_of(TrajectoryRequest(), samples=10, checkpoints=checkpoints).most == 10 * checkpoints


def test_convexity_takes_between_few_and_all_allowed_products() -> None:
    effort = effort_of(ConvexityRequest(columns=2, rows=2, max_products=100), samples=10)
    assert effort.most == pytest.approx(5 * effort.least)


def test_initialisations_are_evaluated_calibrated_and_evaluated_again() -> None:
    assert effort_of(InitialisationRequest(count=4), samples=10).most == 120
