"""Curvature through a training against dense Hessians and gradients in float64; stopped, resumed, refused."""

import copy
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, UnsupportedNetwork, WeightsMismatch
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint
from core.networks.waypoint import Waypoint
from core.spectrum.histories import compute_history
from core.spectrum.history import History, HistoryRequest
from tests.core.landscape.directions.oracles import bits, loss_in_float64, state_arrays, way
from tests.core.landscape.small import small_data, small_network
from tests.core.landscape.stopping import StoppingJob

CURVES = ("loss", "accuracy", "gradient_norm", "eigenvalues", "residuals", "converged")


def at(network: Network, waypoint: Waypoint) -> nn.Module:
    """A copy of the network with the weights and statistics of a checkpoint, in float64."""
    module = copy.deepcopy(network.module).double().eval()
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in waypoint.weights.items()})
    return module


def prepared(network: Network, data: Dataset) -> tuple[torch.Tensor, torch.Tensor]:
    card = network.card.input
    return torch.from_numpy((data.x - np.array(card.mean)) / np.array(card.std)), torch.from_numpy(np.asarray(data.y))


def dense(network: Network, waypoint: Waypoint, data: Dataset) -> tuple[npt.NDArray[np.float64], float]:
    """Every eigenvalue by decreasing magnitude and the length of the gradient, by plain second derivatives."""
    module, (inputs, labels) = at(network, waypoint), prepared(network, data)
    names = [name for name, _ in module.named_parameters()]
    parameters = [parameter.detach() for parameter in module.parameters()]
    flat = torch.cat([parameter.reshape(-1) for parameter in parameters])

    def loss(vector: torch.Tensor) -> torch.Tensor:
        pieces = vector.split([parameter.numel() for parameter in parameters])
        values = {n: p.reshape(o.shape) for n, p, o in zip(names, pieces, parameters, strict=True)}
        return functional.cross_entropy(torch.func.functional_call(module, values, inputs), labels)

    values = np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, flat).numpy())
    gradient = torch.autograd.functional.jacobian(loss, flat)
    return values[np.argsort(-np.abs(values))], float(gradient.norm())


def normalised_network() -> Network:
    """Small enough for dense derivatives, with statistics of some data."""
    torch.manual_seed(2)
    module = nn.Sequential(nn.Linear(6, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Linear(7, 3))
    module(torch.randn(50, 6) * 2 + 1)
    module.eval()
    card = NetworkCard(name="normalised", input=InputCard(shape=(6,), mean=(0.5,), std=(2.0,)), architecture="test")
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def computed(
    network: Network, waypoints: tuple[Waypoint, ...], request: HistoryRequest | None = None, count: int = 20
) -> History:
    data = small_data(network, count)
    return compute_history(request or HistoryRequest(), network, data, JobContext(), waypoints=waypoints)


def test_eigenvalues_and_gradients_of_every_checkpoint_are_those_of_dense_derivatives() -> None:
    network = small_network("mlp")
    waypoints, data = way(network, 4), small_data(network, 20)
    found = computed(network, waypoints, HistoryRequest(top=4))
    assert found.status == "complete"
    assert found.converged.all()
    for index, waypoint in enumerate(waypoints):
        values, length = dense(network, waypoint, data)
        assert found.eigenvalues[index] == pytest.approx(values[:4], rel=1e-3)
        assert (np.abs(values[:, None] - found.eigenvalues[index]).min(axis=0) <= found.residuals[index] + 1e-7).all()
        assert found.gradient_norm[index] == pytest.approx(length, rel=1e-4)
    assert (found.residuals <= 1e-3 * np.abs(found.eigenvalues)).all()
    assert found.provenance.dtype == "float32, residuals float64"
    assert (found.epoch.tolist(), found.learning_rate.tolist()) == ([0, 1, 2, 3], [0.1] * 4)


def test_with_normalisation_every_checkpoint_has_its_own_statistics() -> None:
    network = normalised_network()
    waypoints, data = way(network, 3), small_data(network, 20)
    found = computed(network, waypoints)
    for index, waypoint in enumerate(waypoints):
        values, length = dense(network, waypoint, data)
        loss, accuracy = loss_in_float64(network, waypoint.weights, data)
        assert found.eigenvalues[index, 0] == pytest.approx(values[0], rel=1e-3)
        assert found.gradient_norm[index] == pytest.approx(length, rel=1e-4)
        assert found.loss[index] == pytest.approx(loss, rel=1e-5)
        assert found.accuracy[index] == pytest.approx(accuracy)


def test_a_program_has_the_history_of_its_network() -> None:
    twin = small_network("resnet")
    waypoints = way(twin, 2)
    found, plain = computed(small_network("program"), waypoints, count=6), computed(twin, waypoints, count=6)
    assert found.eigenvalues == pytest.approx(plain.eigenvalues, rel=1e-3)
    assert found.gradient_norm == pytest.approx(plain.gradient_norm, rel=1e-4)


def test_the_test_set_has_a_loss_of_its_own() -> None:
    network = small_network("mlp")
    waypoints, test = way(network, 3), small_data(network, 30, seed=7)
    request = HistoryRequest(test=True, test_samples=11)
    found = compute_history(request, network, small_data(network, 20), JobContext(), waypoints=waypoints, test=test)
    plain = computed(network, waypoints)
    assert plain.test_loss is None
    assert np.array_equal(found.eigenvalues, plain.eigenvalues)
    assert found.test_loss is not None
    assert found.test_accuracy is not None
    for index, waypoint in enumerate(waypoints):
        loss, accuracy = loss_in_float64(network, waypoint.weights, test.first(11))
        assert (found.test_loss[index], found.test_accuracy[index]) == pytest.approx((loss, accuracy), rel=1e-5)
    with pytest.raises(InvalidRequest, match="there is no test set"):
        computed(network, waypoints, request)


def test_a_checkpoint_without_a_finite_loss_has_no_curvature_and_stops_nothing() -> None:
    network = small_network("mlp")
    waypoints = way(network, 4)
    broken = {name: part.copy() for name, part in waypoints[1].weights.items()}
    broken["1.weight"][:] = np.nan
    found = computed(network, (waypoints[0], replace(waypoints[1], weights=broken), *waypoints[2:]))
    clean = computed(network, waypoints)
    assert np.isnan([found.loss[1], found.gradient_norm[1], found.eigenvalues[1, 0], found.residuals[1, 0]]).all()
    assert found.converged.tolist() == [1, 0, 1, 1]
    others = [0, 2, 3]
    for name in CURVES:
        assert np.array_equal(getattr(found, name)[others], getattr(clean, name)[others]), name
    assert found.status == "complete"
    assert found.done.all()


def test_numbers_that_are_predicted_have_curvature_but_no_accuracy() -> None:
    torch.manual_seed(3)
    module = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2)).eval()
    card = NetworkCard(name="numbers", input=InputCard(shape=(4,)), architecture="test")
    network = Network(card=card, module=module, sha256=fingerprint(module.state_dict()))
    numbers = np.random.default_rng(4)
    data = Dataset(name="numbers", x=numbers.normal(size=(12, 4)), y=numbers.normal(size=(12, 2)), targets=("a", "b"))
    waypoint = Waypoint(epoch=0.0, weights=state_arrays(network))
    found = compute_history(HistoryRequest(), network, data, JobContext(), waypoints=(waypoint,))
    assert np.isnan(found.accuracy[0])
    assert found.converged.all()
    assert found.eigenvalues[0, 0] > 0


def test_the_network_and_the_checkpoints_are_the_same_afterwards() -> None:
    network = small_network("resnet")
    network.module[0].train() if isinstance(network.module, nn.Sequential) else network.module.train()
    waypoints = way(network, 3)
    before = bits(network), [{n: v.tobytes() for n, v in w.weights.items()} for w in waypoints]
    modes = [part.training for part in network.module.modules()]
    kept = [(parameter.requires_grad, parameter.grad) for parameter in network.module.parameters()]
    computed(network, waypoints, count=6)
    assert (bits(network), [{n: v.tobytes() for n, v in w.weights.items()} for w in waypoints]) == before
    assert [part.training for part in network.module.modules()] == modes
    assert [(parameter.requires_grad, parameter.grad) for parameter in network.module.parameters()] == kept


def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit() -> None:
    network = small_network("mlp")
    data, waypoints, request = small_data(network, 12), way(network, 4), HistoryRequest(top=2, test=True)
    counting = StoppingJob()
    whole = compute_history(request, network, data, counting, waypoints=waypoints, test=data)
    before, resumed_with_something = bits(network), 0
    for checks in range(0, counting.asked, max(1, counting.asked // 14)):
        job = StoppingJob(checks)
        with pytest.raises(Cancelled):
            compute_history(request, network, data, job, waypoints=waypoints, test=data)
        assert bits(network) == before
        if not job.snapshots:
            continue
        part = job.snapshots[-1]
        assert isinstance(part, History)
        assert part.status == "partial"
        rest = StoppingJob()
        resumed = compute_history(request, network, data, rest, part, waypoints=waypoints, test=data)
        for name in (*CURVES, "epoch", "test_loss", "test_accuracy"):
            assert np.array_equal(getattr(resumed, name), getattr(whole, name)), name
        assert len(rest.snapshots) == np.count_nonzero(~part.done)
        assert resumed.provenance.dtype == whole.provenance.dtype
        resumed_with_something += int(part.done.any())
    assert resumed_with_something


def test_what_is_known_is_shown_after_every_checkpoint_and_progress_never_goes_back() -> None:
    network = small_network("mlp")
    job = StoppingJob()
    compute_history(HistoryRequest(), network, small_data(network, 12), job, waypoints=way(network, 4))
    known = [int(part.done.sum()) for part in job.snapshots if isinstance(part, History)]
    assert known == [1, 2, 3, 4]
    done = [told[0] for told in job.told]
    assert done == sorted(done)
    assert job.told[-1][0] == job.told[-1][1] == 400
    assert any("epoch 2: 4 products" in told[2] for told in job.told)


def test_a_partial_history_of_something_else_is_refused() -> None:
    network = small_network("mlp")
    data, waypoints, request = small_data(network, 5), way(network, 3), HistoryRequest()
    part = replace(computed(network, waypoints, count=5), status="partial")
    for asked, other, points in (
        (replace(request, seed=4), network, waypoints),
        (request, small_network("mlp", 1), waypoints),
        (request, network, waypoints[1:]),
        (request, network, way(network, 3, seed=9)),
    ):
        with pytest.raises(InvalidRequest, match=r"belongs to another (training|request)"):
            compute_history(asked, other, data, JobContext(), part, waypoints=points)


def test_bad_input_is_refused_in_a_sentence() -> None:
    network = small_network("mlp")
    waypoints = way(network, 3)
    with pytest.raises(InvalidRequest, match="no checkpoints"):
        computed(network, ())
    other = {**waypoints[1].weights, "1.weight": np.zeros((9, 5), dtype=np.float32)}
    with pytest.raises(WeightsMismatch, match=r'checkpoint of epoch 1 has another architecture than "mlp"'):
        computed(network, (waypoints[0], replace(waypoints[1], weights=other)))
    few = Network(
        card=NetworkCard(name="few", input=InputCard(shape=(6,)), architecture="test"),
        module=nn.Linear(6, 3).eval(),
        sha256="f",
    )
    with pytest.raises(InvalidRequest, match="has 21 parameters, so 22 eigenvalues do not exist"):
        computed(few, (Waypoint(epoch=0.0, weights=state_arrays(few)),), HistoryRequest(top=22))
    half = replace(few, module=nn.Linear(6, 3).half().eval())
    with pytest.raises(UnsupportedNetwork, match="float16"):
        computed(half, (Waypoint(epoch=0.0, weights=state_arrays(half)),))
    one = replace(few, module=nn.Linear(6, 1).eval())
    data = Dataset(name="one", x=np.ones((4, 6)), y=np.zeros(4, dtype=np.int64))
    waypoint = Waypoint(epoch=0.0, weights=state_arrays(one))
    with pytest.raises(InvalidRequest, match="one class alone"):
        compute_history(HistoryRequest(), one, data, JobContext(), waypoints=(waypoint,))


@pytest.mark.parametrize("wrong", [{"top": 0}, {"top": 101}, {"tolerance": 0.0}, {"samples": 0}, {"test_samples": 0}])
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest):
        HistoryRequest(**wrong)  # type: ignore[arg-type]
