"""Defects found in other tools by running them, each with the test that would catch it here.

Elsewhere in this folder: directions that are no pair or are uniform, layer instead of filter normalisation, directions
for running variances (test_directions); noise added to the maximum and NaN replaced (test_holes); points with value
zero computed for ever, a network never set to evaluation (test_stopping); steps added up from point to point
(test_surface_values, evaluation/test_movement); directions read again at every point (evaluation/test_movement); a
network left displaced (evaluation/test_plane).
"""

import gc

import numpy as np
import pytest
import torch

from core.job import ControlledJob, JobContext
from core.landscape.plane import RandomDirections
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from tests.core.landscape.small import plain_loss, small_data, small_network


def test_odd_rows_are_not_shifted_by_one_step() -> None:
    """loss-landscapes walks to and fro, and every second row is one step off."""
    network = small_network("resnet")
    data = small_data(network)
    surface = compute_surface(SurfaceRequest(columns=5, rows=4), network, data, JobContext())
    for row in range(4):
        for column in (0, 4):
            truth, _ = plain_loss(network, data, surface.directions, float(surface.x[column]), float(surface.y[row]))
            assert surface.loss[row, column] == pytest.approx(truth, rel=1e-5)


def test_the_grid_is_centred_and_its_unit_is_the_direction() -> None:
    """loss-landscapes divides by the distance it is given, and its grid is not centred."""
    network = small_network("resnet")
    data = small_data(network)
    request = SurfaceRequest(columns=5, rows=5, x_range=(-2.0, 2.0), y_range=(-1.0, 1.0))
    surface = compute_surface(request, network, data, JobContext())
    assert surface.x.tolist() == [-2, -1, 0, 1, 2]
    assert surface.y.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert surface.loss[2, 2] == surface.centre_loss
    moved = 2 * np.sqrt(sum(np.square(d, dtype=np.float64).sum() for d in surface.directions.x.values()))
    still = np.sqrt(sum(float(p.detach().double().square().sum()) for p in network.module.parameters() if p.ndim > 1))
    assert moved / still == pytest.approx(2, rel=1e-5)  # filter normalised: the end of x = 2 is two norms away


def test_the_surface_of_a_network_is_not_flat() -> None:
    """pylandscape never moves the parameters: the same loss at every point."""
    network = small_network("resnet")
    surface = compute_surface(SurfaceRequest(columns=5, rows=5), network, small_data(network), JobContext())
    assert len(np.unique(surface.loss)) == 25
    assert surface.loss.max() > 1.5 * surface.loss.min()


def test_no_point_of_a_normalised_network_is_lost_to_its_running_variances() -> None:
    """loss-landscape-3d adds noise to them: 24 of 25 points NaN. Here even biases and scales may move."""
    network = small_network("resnet")
    for ignore in ("biasbn", "none"):
        request = SurfaceRequest(columns=5, rows=5, directions=RandomDirections(ignore=ignore))  # type: ignore[arg-type]
        assert compute_surface(request, network, small_data(network), JobContext()).holes == 0


def test_parameters_of_earlier_points_are_not_kept() -> None:
    """loss-landscape-anim keeps those of every point: 10.9 GB for a ResNet-20."""
    network = small_network("resnet")
    alive: list[int] = []

    def count(done: int, *_: object) -> None:
        if done in (3, 120):
            alive.append(sum(1 for thing in gc.get_objects() if type(thing) is torch.Tensor))

    request = SurfaceRequest(columns=11, rows=11)
    compute_surface(request, network, small_data(network, 5), ControlledJob(on_progress=count))
    assert len(alive) == 2
    assert alive[1] <= alive[0]


@pytest.mark.parametrize("x_range", [(0.0, 1.0), (-1.0, 0.0), (-0.25, 3.0), (2.0, 3.0)])
def test_a_range_may_begin_or_end_at_zero_or_leave_it_out(x_range: tuple[float, float]) -> None:
    """The original tool refuses 0:1:51 because it takes 0.0 for nothing."""
    network = small_network("mlp")
    data = small_data(network)
    surface = compute_surface(SurfaceRequest(columns=3, rows=2, x_range=x_range), network, data, JobContext())
    truth, _ = plain_loss(network, data, surface.directions, x_range[0], 1.0)
    assert surface.loss[1, 0] == pytest.approx(truth, rel=1e-5)


def test_two_runs_of_one_request_agree_to_the_last_bit() -> None:
    network = small_network("resnet")
    data = small_data(network)
    one, other = (compute_surface(SurfaceRequest(columns=5, rows=5), network, data, JobContext()) for _ in range(2))
    assert one.loss.tobytes() == other.loss.tobytes()
    assert all((one.directions.x[name] == other.directions.x[name]).all() for name in one.directions.x)
