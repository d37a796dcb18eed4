"""Trajectories: every checkpoint at its own loss, with its own statistics, and where least squares put it."""

from dataclasses import replace

import numpy as np
import pytest

from core.companions import Companions
from core.errors import Cancelled, InvalidRequest, WeightsMismatch
from core.job import JobContext
from core.landscape.directions.random import random_directions
from core.landscape.plane import FileDirections, NetworkDirections, RandomDirections
from core.landscape.trajectories import compute_trajectory, waypoints_of, waypoints_of_networks
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.networks.network import Network
from core.networks.states import put_state
from core.networks.waypoint import Waypoint
from tests.core.landscape.directions.oracles import (
    axis_vector,
    bits,
    flat,
    loss_in_float64,
    parameter_names,
    renamed,
    state_arrays,
    way,
)
from tests.core.landscape.small import plain_loss, small_data, small_network
from tests.core.landscape.stopping import StoppingJob
from tests.runs import run

REQUEST = TrajectoryRequest()


def computed(
    network: Network, waypoints: tuple[Waypoint, ...], request: TrajectoryRequest = REQUEST, count: int = 20
) -> Trajectory:
    data = small_data(network, count)
    return compute_trajectory(request, network, data, JobContext(), None, Companions(waypoints=waypoints))


@pytest.mark.parametrize("kind", ["mlp", "resnet", "noshort"])
def test_each_checkpoint_has_its_own_loss_with_its_own_statistics(kind: str) -> None:
    network = small_network(kind)
    waypoints = way(network, 5)
    found = computed(network, waypoints)
    assert found.status == "complete"
    for index, waypoint in enumerate(waypoints):
        loss, accuracy = loss_in_float64(network, waypoint.weights, small_data(network, 20))
        assert found.loss[index] == pytest.approx(loss, rel=1e-5)
        assert found.accuracy[index] == pytest.approx(accuracy)
    assert found.epoch.tolist() == [0, 1, 2, 3, 4]
    assert (found.learning_rate == 0.1).all()


def test_checkpoints_of_a_program_are_evaluated_by_the_program() -> None:
    network = small_network("program")
    waypoints = way(network, 4)
    found, twin = computed(network, waypoints), computed(small_network("resnet"), waypoints)
    assert np.allclose(found.loss, twin.loss, rtol=1e-5)
    assert np.allclose(found.x, twin.x, atol=1e-5)


def test_the_loss_is_that_of_the_checkpoint_and_not_of_its_shadow_in_the_plane() -> None:
    """The hole of the original tool: the contour under a point is the loss of θₙ + plane."""
    network = small_network("resnet")
    found = computed(network, way(network, 6))
    shadows = [
        plain_loss(network, small_data(network, 20), found.directions, float(a), float(b))[0]
        for a, b in zip(found.x, found.y, strict=True)
    ]
    assert found.off_plane[2] > 0.1
    assert abs(shadows[2] - found.loss[2]) > 1e-3
    assert shadows[-1] == pytest.approx(found.loss[-1], rel=1e-4)  # the last one is the network, in the plane
    assert (found.x[-1], found.y[-1], found.distance[-1]) == (0, 0, 0)


def test_places_and_distances_are_right_in_principal_axes() -> None:
    network = small_network("resnet")
    waypoints, names = way(network, 7), parameter_names(network)
    found = computed(network, waypoints)
    steps = np.stack([flat(w.weights, names) - flat(waypoints[-1].weights, names) for w in waypoints])
    assert np.allclose(found.x, steps @ axis_vector(found.directions.x, network), atol=1e-5)
    assert np.allclose(found.y, steps @ axis_vector(found.directions.y, network), atol=1e-5)
    assert np.allclose(found.distance, np.linalg.norm(steps, axis=1), rtol=1e-9)
    assert np.allclose(found.distance**2, found.x**2 + found.y**2 + found.off_plane**2, rtol=1e-6, atol=1e-8)
    assert tuple(found.explained_variance) == found.directions.explained_variance
    assert 0.5 < found.explained_variance.sum() <= 1


def test_random_directions_show_nothing_of_a_way() -> None:
    """Li et al. 2018, §7.1: they are almost orthogonal to it."""
    network = small_network("resnet")
    found = computed(network, way(network, 7), TrajectoryRequest(directions=RandomDirections()))
    assert 0 <= found.explained_variance.sum() < 0.05
    assert np.allclose(found.off_plane[:-1], found.distance[:-1], rtol=0.05)


def test_the_plane_of_an_existing_surface_can_be_used() -> None:
    network = small_network("resnet")
    given = random_directions(network.module, RandomDirections(seed=4))
    request = TrajectoryRequest(directions=FileDirections(sha256=given.fingerprint))
    companions = Companions(waypoints=way(network, 4), directions=given)
    found = compute_trajectory(request, network, small_data(network, 5), JobContext(), None, companions)
    assert found.directions.fingerprint == given.fingerprint


def test_along_a_line_to_the_first_checkpoint_the_way_begins_at_one() -> None:
    network = small_network("resnet")
    waypoints = way(network, 4)
    first = renamed(small_network("resnet"), "first")
    put_state(first.module, waypoints[0].weights)
    first = renamed(first, "first")
    request = TrajectoryRequest(directions=NetworkDirections(first=first.sha256, moving="weights"))
    companions = Companions(waypoints=waypoints, networks={first.sha256: first})
    found = compute_trajectory(request, network, small_data(network, 5), JobContext(), None, companions)
    assert found.x[0] == pytest.approx(1, abs=1e-6)
    assert found.off_plane[0] < 1e-5 * found.distance[0]
    assert (found.y == 0).all()


def test_a_run_gives_its_checkpoints_with_their_rates() -> None:
    record = run(epochs=4)
    rates = np.array([0.5, 0.5, 0.4, 0.3, 0.2])
    record = replace(record, learning_rate=rates, checkpoints=tuple(reversed(record.checkpoints)))
    points = waypoints_of(record)
    assert [point.epoch for point in points] == [0.0, 2.0, 4.0]
    assert [point.learning_rate for point in points] == [0.5, 0.4, 0.2]
    assert points[0].weights is record.checkpoints[-1].weights


def test_networks_give_checkpoints_of_their_own() -> None:
    networks = [small_network("mlp", seed) for seed in range(3)]
    points = waypoints_of_networks(networks)
    assert [point.epoch for point in points] == [0.0, 1.0, 2.0]
    assert np.isnan([point.learning_rate for point in points]).all()
    before = points[1].weights["1.weight"].copy()
    networks[1].module[1].weight.data.zero_()  # type: ignore[index]
    assert np.array_equal(points[1].weights["1.weight"], before)


def test_the_network_and_the_checkpoints_are_the_same_afterwards() -> None:
    network = small_network("resnet")
    waypoints = way(network, 4)
    before = bits(network), [{n: v.tobytes() for n, v in w.weights.items()} for w in waypoints]
    modes = [part.training for part in network.module.modules()]
    computed(network, waypoints)
    assert (bits(network), [{n: v.tobytes() for n, v in w.weights.items()} for w in waypoints]) == before
    assert [part.training for part in network.module.modules()] == modes


def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit() -> None:
    network = small_network("resnet")
    data, companions = small_data(network, 12), Companions(waypoints=way(network, 6))
    counting = StoppingJob()
    whole = compute_trajectory(REQUEST, network, data, counting, None, companions)
    before = bits(network)
    resumed_with_something = 0
    for checks in range(0, counting.asked, max(1, counting.asked // 12)):
        job = StoppingJob(checks)
        with pytest.raises(Cancelled):
            compute_trajectory(REQUEST, network, data, job, None, companions)
        assert bits(network) == before
        if not job.snapshots:
            continue
        part = job.snapshots[-1]
        assert isinstance(part, Trajectory)
        assert part.status == "partial"
        known = ~np.isnan(part.loss)
        rest = StoppingJob()
        resumed = compute_trajectory(REQUEST, network, data, rest, part, companions)
        for name in ("epoch", "x", "y", "loss", "accuracy", "off_plane", "distance", "explained_variance"):
            assert np.array_equal(getattr(resumed, name), getattr(whole, name)), name
        assert len(rest.told) == np.count_nonzero(~known)
        resumed_with_something += int(known.any())
    assert resumed_with_something


def test_a_partial_trajectory_of_something_else_is_refused() -> None:
    network = small_network("mlp")
    data, waypoints = small_data(network, 5), way(network, 5)
    part = replace(computed(network, waypoints, count=5), status="partial")
    for request, other, points in (
        (replace(REQUEST, samples=4), network, waypoints),
        (REQUEST, small_network("mlp", 1), waypoints),
        (REQUEST, network, waypoints[1:]),
        (REQUEST, network, way(network, 5, seed=9)),
    ):
        with pytest.raises(InvalidRequest, match=r"belongs to another (training|request)"):
            compute_trajectory(request, other, data, JobContext(), part, Companions(waypoints=points))


def test_without_checkpoints_there_is_no_way() -> None:
    with pytest.raises(InvalidRequest, match="no checkpoints"):
        computed(small_network("mlp"), ())


def test_one_checkpoint_has_a_place_in_a_plane_that_does_not_need_more() -> None:
    network = small_network("mlp")
    only = (Waypoint(epoch=3.0, weights=state_arrays(network)),)
    found = computed(network, only, TrajectoryRequest(directions=RandomDirections()))
    assert (found.x[0], found.y[0], found.off_plane[0]) == (0, 0, 0)
    assert np.isnan(found.explained_variance).all()
    with pytest.raises(InvalidRequest, match="at least 3 checkpoints"):
        computed(network, only)


def test_a_checkpoint_of_nan_keeps_its_nan_and_the_others_their_losses() -> None:
    network = small_network("mlp")
    waypoints = way(network, 4)
    broken = {name: part.copy() for name, part in waypoints[1].weights.items()}
    broken["1.weight"][:] = np.nan
    request = TrajectoryRequest(directions=RandomDirections())
    found = computed(network, (waypoints[0], replace(waypoints[1], weights=broken), *waypoints[2:]), request)
    clean = computed(network, waypoints, request)
    assert np.isnan([found.x[1], found.loss[1], found.off_plane[1]]).all()
    assert found.accuracy[1] == 0
    assert np.array_equal(found.loss[[0, 2, 3]], clean.loss[[0, 2, 3]])


def test_a_checkpoint_of_another_shape_is_refused_before_anything_moves() -> None:
    network = small_network("mlp")
    waypoints = way(network, 4)
    other = {**waypoints[2].weights, "1.weight": np.zeros((9, 5), dtype=np.float32)}
    request = TrajectoryRequest(directions=RandomDirections())
    before = bits(network)
    with pytest.raises(WeightsMismatch, match=r"epoch 2 .*1\.weight \(9×5 instead of 9×6\)"):
        computed(network, (*waypoints[:2], replace(waypoints[2], weights=other)), request)
    assert bits(network) == before
