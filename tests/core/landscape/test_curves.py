"""Curves: every point is the loss of reloaded weights in float64, and both ends of a line are the networks' own."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.landscape.curve import Curve, CurveRequest
from core.landscape.curves import compute_curve
from core.landscape.line_positions import coarse_to_fine_line
from core.landscape.plane import EigenDirections, FileDirections, NetworkDirections, PcaDirections, RandomDirections
from core.networks.mean_loss import mean_loss
from core.networks.network import Network
from tests.core.landscape.directions.oracles import State, bits, loss_in_float64, moved, renamed, state_arrays, way
from tests.core.landscape.small import plain_loss, small_data, small_network
from tests.core.landscape.stopping import StoppingJob

REQUEST = CurveRequest(points=9)


def named(kind: str, seed: int) -> Network:
    return renamed(small_network(kind, seed), f"{kind} {seed}")


def own_loss(network: Network, data: Dataset) -> tuple[float, float]:
    return mean_loss(network.module, *network.prepare(data), JobContext())


def between(network: Network, other: Network, data: Dataset, **options: object) -> Curve:
    request = CurveRequest(x_range=None, points=9, directions=NetworkDirections(first=other.sha256))
    request = replace(request, **options)  # type: ignore[arg-type]
    return compute_curve(request, network, data, JobContext(), None, Companions(networks={other.sha256: other}))


def recalibrated(network: Network, state: State, data: Dataset) -> State:
    """The weights with the statistics that one batch of all samples has, in float64."""
    module = copy.deepcopy(network.module).double().train()
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
    for layer in module.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0
    with torch.no_grad():
        module(network.prepare(data)[0].double())
    return {name: value.numpy() for name, value in module.state_dict().items()}


@pytest.mark.parametrize("kind", ["mlp", "resnet", "noshort", "program"])
def test_every_point_of_a_random_line_is_the_loss_of_its_weights(kind: str) -> None:
    network = small_network(kind)
    data = small_data(network)
    curve = compute_curve(REQUEST, network, data, JobContext())
    assert curve.status == "complete"
    assert curve.loss.shape == curve.accuracy.shape == (1, 9)
    for index, t in enumerate(curve.x):
        loss, accuracy = plain_loss(network, data, curve.directions, float(t), 0.0)
        assert curve.loss[0, index] == pytest.approx(loss, rel=1e-5)
        assert curve.accuracy[0, index] == pytest.approx(accuracy)
    assert curve.centre_loss == pytest.approx(own_loss(network, data)[0], rel=1e-6)
    assert curve.loss[0, 4] == pytest.approx(curve.centre_loss, rel=1e-6)


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_both_ends_of_a_line_are_the_losses_of_the_networks_themselves(kind: str) -> None:
    """With normalisation whose running statistics differ, which only `states` moves."""
    network, other = named(kind, 0), named(kind, 1)
    data = small_data(network)
    curve = between(network, other, data)
    here, there = np.flatnonzero(curve.x == 0), np.flatnonzero(curve.x == 1)
    assert len(here) == len(there) == 1
    assert curve.loss[0, here[0]] == pytest.approx(own_loss(network, data)[0], rel=1e-6)
    assert curve.loss[0, there[0]] == pytest.approx(own_loss(other, data)[0], rel=1e-6)
    assert curve.accuracy[0, there[0]] == own_loss(other, data)[1]


def test_without_the_statistics_the_other_end_is_another_network() -> None:
    """The original tool's `weights`: the running statistics stay those of the first network."""
    network, other = named("resnet", 0), named("resnet", 1)
    data = small_data(network)
    curve = between(network, other, data, directions=NetworkDirections(first=other.sha256, moving="weights"))
    there = float(curve.loss[0, np.flatnonzero(curve.x == 1)[0]])
    mixed = {**state_arrays(network), **{n: p.detach().numpy() for n, p in other.module.named_parameters()}}
    assert there == pytest.approx(loss_in_float64(network, mixed, data)[0], rel=1e-5)
    assert abs(there - own_loss(other, data)[0]) > 0.01


def test_points_between_networks_are_interpolations_of_the_whole_state() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    data = small_data(network)
    curve = between(network, other, data, points=5, x_range=(0.1, 0.9))
    one, two = state_arrays(network), state_arrays(other)
    for index, t in enumerate(curve.x):
        state = {
            name: (1 - t) * value.astype(np.float64) + t * two[name].astype(np.float64)
            if np.issubdtype(value.dtype, np.floating)
            else value
            for name, value in one.items()
        }
        loss, accuracy = loss_in_float64(network, state, data)
        assert curve.loss[0, index] == pytest.approx(loss, rel=1e-5)
        assert curve.accuracy[0, index] == pytest.approx(accuracy)


@pytest.mark.parametrize("points", [4, 5, 9, 12, 51, 401])
def test_an_open_range_reaches_past_both_networks_and_meets_them(points: int) -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    x = between(network, other, small_data(network, 3), points=points).x
    assert (x[0], x[-1], len(x)) == (-0.5, 1.5, points)
    assert 0.0 in x
    assert 1.0 in x
    steps = np.diff(x)
    assert (steps > 0).all()
    assert np.abs(x - np.linspace(-0.5, 1.5, points)).max() <= 1.0 / (points - 1) + 1e-12


def test_a_range_that_was_given_is_kept_to_the_point() -> None:
    network, other = named("mlp", 0), named("mlp", 1)
    x = between(network, other, small_data(network, 3), points=6, x_range=(-0.5, 1.5)).x
    assert np.array_equal(x, np.linspace(-0.5, 1.5, 6))
    fine = between(network, other, small_data(network, 3), points=401, x_range=(-0.5, 1.5)).x
    assert fine[100] == 0
    assert fine[300] == 1  # and not 1 plus a rounding error


def test_draws_count_their_seeds_upwards() -> None:
    network = small_network("resnet")
    data = small_data(network)
    curve = compute_curve(replace(REQUEST, draws=3), network, data, JobContext())
    assert curve.loss.shape == (3, 9)
    for draw in range(3):
        single = replace(REQUEST, directions=RandomDirections(seed=123 + draw))
        alone = compute_curve(single, network, data, JobContext())
        assert np.array_equal(curve.loss[draw], alone.loss[0])
        assert np.array_equal(curve.accuracy[draw], alone.accuracy[0])
    assert len({row.tobytes() for row in curve.loss}) == 3
    assert np.ptp(curve.loss[:, 4]) == 0  # all go through the network


def test_the_test_set_has_a_curve_of_its_own() -> None:
    network = small_network("resnet")
    data, test = small_data(network), small_data(network, 23, seed=9)
    request = replace(REQUEST, test=True, test_samples=20)
    curve = compute_curve(request, network, data, JobContext(), None, Companions(test=test))
    alone = compute_curve(REQUEST, network, test.first(20), JobContext())
    assert curve.test_loss is not None
    assert curve.test_accuracy is not None
    assert np.allclose(curve.test_loss, alone.loss, rtol=1e-6)
    assert np.array_equal(curve.test_accuracy, alone.accuracy)
    assert np.array_equal(curve.loss, compute_curve(REQUEST, network, data, JobContext()).loss)
    with pytest.raises(InvalidRequest, match="no test set"):
        compute_curve(request, network, data, JobContext())


@pytest.mark.parametrize("kind", ["eigen", "pca", "file"])
def test_lines_of_every_kind_are_evaluated_along_their_first_axis(kind: str) -> None:
    network = small_network("resnet")
    data = small_data(network, 12)
    given = compute_curve(CurveRequest(points=2), network, data, JobContext()).directions
    companions = Companions(waypoints=way(network, 5), directions=given)
    asked = {"eigen": EigenDirections(), "pca": PcaDirections(), "file": FileDirections()}[kind]
    curve = compute_curve(CurveRequest(points=5, directions=asked), network, data, JobContext(), None, companions)  # type: ignore[arg-type]
    for index, t in enumerate(curve.x):
        loss, _ = loss_in_float64(network, moved(state_arrays(network), curve.directions, float(t)), data)
        assert curve.loss[0, index] == pytest.approx(loss, rel=1e-5)


def test_an_open_range_along_a_training_holds_all_of_its_way() -> None:
    network = small_network("mlp")
    companions = Companions(waypoints=way(network, 5))
    request = CurveRequest(points=5, directions=PcaDirections(), x_range=None)
    curve = compute_curve(request, network, small_data(network), JobContext(), None, companions)
    start = companions.waypoints[0].weights
    x = sum(
        float(((start[n].astype(np.float64) - p.detach().numpy()) * curve.directions.x[n]).sum())
        for n, p in network.module.named_parameters()
    )
    assert curve.x[0] < x < 0 < curve.x[-1]


def test_recalibrated_statistics_are_those_of_the_samples_at_every_point() -> None:
    network = small_network("resnet")
    data = small_data(network)
    curve = compute_curve(replace(REQUEST, batch_norm="recalibrated"), network, data, JobContext())
    for index, t in enumerate(curve.x):
        state = recalibrated(network, moved(state_arrays(network), curve.directions, float(t)), data)
        assert curve.loss[0, index] == pytest.approx(loss_in_float64(network, state, data)[0], rel=1e-4)
    assert curve.centre_loss == pytest.approx(own_loss(network, data)[0], rel=1e-6)  # the network itself is not moved


def test_the_test_set_is_evaluated_with_the_statistics_of_the_training_set() -> None:
    """As a network is used: a test set has no statistics of its own."""
    network = small_network("resnet")
    data, test = small_data(network), small_data(network, 23, seed=9)
    request = CurveRequest(points=3, x_range=(-0.5, 0.5), batch_norm="recalibrated", test=True)
    curve = compute_curve(request, network, data, JobContext(), None, Companions(test=test))
    assert curve.test_loss is not None
    for index, t in enumerate(curve.x):
        state = recalibrated(network, moved(state_arrays(network), curve.directions, float(t)), data)
        assert curve.loss[0, index] == pytest.approx(loss_in_float64(network, state, data)[0], rel=1e-4)
        assert curve.test_loss[0, index] == pytest.approx(loss_in_float64(network, state, test)[0], rel=1e-4)


def test_the_network_and_the_other_one_are_bit_for_bit_the_same_afterwards() -> None:
    network, other = named("resnet", 0), named("resnet", 1)
    before = bits(network), bits(other)
    between(network, other, small_data(network))
    between(network, other, small_data(network), batch_norm="recalibrated")
    assert (bits(network), bits(other)) == before


def test_a_curve_comes_coarse_to_fine() -> None:
    for points in (2, 3, 4, 9, 51, 100):
        order = coarse_to_fine_line(points)
        assert sorted(order) == list(range(points))
        assert set(order[:2]) == {0, points - 1}
    assert coarse_to_fine_line(9)[:5] == [0, 8, 4, 2, 6]


@pytest.mark.parametrize("kind", ["mlp", "resnet"])
def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit(kind: str) -> None:
    network = small_network(kind)
    data, test = small_data(network, 12), small_data(network, 11, seed=4)
    request = replace(REQUEST, points=6, draws=2, test=True)
    companions = Companions(test=test)
    counting = StoppingJob()
    whole = compute_curve(request, network, data, counting, None, companions)
    before = bits(network)
    for checks in np.random.default_rng(0).integers(1, counting.asked, 6):
        job = StoppingJob(int(checks))
        with pytest.raises(Cancelled):
            compute_curve(request, network, data, job, None, companions)
        assert bits(network) == before
        if not job.snapshots:  # stopped before there were directions
            continue
        part = job.snapshots[-1]
        assert isinstance(part, Curve)
        assert part.status == "partial"
        known = ~np.isnan(part.loss)
        assert (part.loss[known] == whole.loss[known]).all()
        rest = StoppingJob()
        resumed = compute_curve(request, network, data, rest, part, companions)
        for name in ("x", "loss", "accuracy", "test_loss", "test_accuracy"):
            assert np.array_equal(getattr(resumed, name), getattr(whole, name)), name
        assert resumed.centre_loss == whole.centre_loss
        assert part.test_loss is not None
        assert len(rest.told) == 24 - np.count_nonzero(known) - np.count_nonzero(~np.isnan(part.test_loss))


@pytest.mark.parametrize(
    "change",
    [
        {"points": 11},
        {"draws": 2},
        {"x_range": (-1.0, 2.0)},
        {"directions": RandomDirections(seed=1)},
        {"batch_norm": "recalibrated"},
        {"samples": 20},
    ],
)
def test_a_partial_curve_of_something_else_is_refused(change: dict[str, object]) -> None:
    network = small_network("mlp")
    data = small_data(network)
    whole = compute_curve(REQUEST, network, data, JobContext())
    with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
        compute_curve(replace(REQUEST, **change), network, data, JobContext(), whole)  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match="belongs to another"):
        compute_curve(REQUEST, small_network("mlp", 1), data, JobContext(), replace(whole, status="partial"))


def test_losses_that_are_not_finite_stay_and_are_not_computed_again() -> None:
    """A variance that is extrapolated below zero makes a NaN, whose accuracy is 0 and not unknown."""
    network, other = named("resnet", 0), named("resnet", 1)
    with torch.no_grad():
        dict(other.module.named_buffers())["bn1.running_var"].mul_(0.1)
    other = renamed(other, "narrow")
    data = small_data(network)
    directions = NetworkDirections(first=other.sha256)
    request = CurveRequest(points=5, x_range=(0.0, 4.0), directions=directions)
    companions = Companions(networks={other.sha256: other})
    curve = compute_curve(request, network, data, JobContext(), None, companions)
    assert np.isfinite(curve.loss[0, :2]).all()
    assert np.isnan(curve.loss[0, -1])
    assert curve.accuracy[0, -1] == 0
    again = StoppingJob()
    resumed = compute_curve(request, network, data, again, replace(curve, status="partial"), companions)
    assert np.array_equal(resumed.loss, curve.loss, equal_nan=True)
    assert again.told == []


def test_a_network_of_nan_has_a_curve_of_nan_in_which_every_sample_is_wrong() -> None:
    network = small_network("mlp")
    with torch.no_grad():
        network.module[1].weight[0, 0] = float("nan")  # type: ignore[index]
    curve = compute_curve(REQUEST, network, small_data(network), JobContext())
    assert curve.status == "complete"
    assert np.isnan(curve.loss).all()
    assert np.isnan(curve.centre_loss)
    assert (curve.accuracy == 0).all()


def test_numbers_that_are_predicted_have_a_curve_without_accuracy() -> None:
    network = small_network("mlp")
    data = small_data(network)
    numbers = Dataset(name="numbers", x=data.x, y=np.random.default_rng(0).normal(size=(len(data), 3)))
    curve = compute_curve(REQUEST, network, numbers, JobContext())
    assert np.isfinite(curve.loss).all()
    assert np.isnan(curve.accuracy).all()
    assert curve.loss_unit == "squared error"


def test_a_curve_is_not_resumed_with_another_test_set() -> None:
    network = small_network()
    data, test, other = small_data(network, 12), small_data(network, 8, seed=5), small_data(network, 8, seed=6)
    request = CurveRequest(points=3, test=True)
    whole = compute_curve(request, network, data, JobContext(), companions=Companions(test=test))
    assert whole.provenance.test_sha256 == test.sha256
    part = replace(whole, status="partial")
    with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
        compute_curve(request, network, data, JobContext(), part, Companions(test=other))
