"""The engine: what it finds, that it can be stopped and gone on with, and that the network is as it was."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.generalisation.complexity import Complexity, ComplexityRequest
from core.generalisation.measuring import compute_complexity
from core.job import ControlledJob, JobContext
from core.networks.network import Network
from tests.core.generalisation.small import convolutional, images, network_of

REQUEST = ComplexityRequest(draws=4, radius=0.2)


def state(network: Network) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in network.module.state_dict().values()]


def table(count: int = 30, *, numbers: bool = False) -> Dataset:
    drawn = np.random.default_rng(3)
    y = drawn.normal(size=(count, 2)) if numbers else drawn.integers(0, 3, count)
    return Dataset(name="rows", x=drawn.normal(size=(count, 4)), y=y)


def small(activation: nn.Module, outputs: int = 3) -> Network:
    torch.manual_seed(1)
    return network_of(nn.Sequential(nn.Linear(4, 6), activation, nn.Linear(6, outputs)), (4,))


class StopsAt(ControlledJob):
    """Cancelled at the n-th partial result."""

    def __init__(self, count: int) -> None:
        self.parts: list[Complexity] = []
        super().__init__(on_partial=self._keep)
        self._count = count

    def _keep(self, part: object) -> None:
        assert isinstance(part, Complexity)
        self.parts.append(part)
        if len(self.parts) == self._count:
            self.cancel()


def test_everything_is_measured_and_the_gap_is_that_of_the_accuracies() -> None:
    network, data, test = network_of(convolutional(normalised=True)), images(), images(25, seed=9)
    request = replace(REQUEST, test=True, samples=30)
    found = compute_complexity(request, network, data, JobContext(), test=test)
    assert found.status == "complete"
    assert found.parameters == sum(layer.parameters for layer in found.layers)
    assert (len(found.margins), found.test_samples, found.provenance.samples) == (30, 25, 30)
    assert found.train_accuracy == np.mean(found.margins > 0)
    assert found.gap == found.train_accuracy - found.test_accuracy
    a, b = found.train_accuracy, found.test_accuracy
    assert found.gap_error == pytest.approx(math.sqrt(a * (1 - a) / 30 + b * (1 - b) / 25))
    assert found.provenance.test_sha256 == test.sha256
    assert np.isfinite([found.path_norm, found.sharpness, found.top_eigenvalue, found.top_residual]).all()


def test_the_top_eigenvalue_is_that_of_the_dense_hessian_within_its_residual() -> None:
    network, data = small(nn.ReLU()), table()
    inputs, labels = network.prepare(data)
    shapes = {name: p.shape for name, p in network.module.named_parameters()}
    flat = torch.cat([p.detach().reshape(-1) for p in network.module.parameters()])

    def loss(vector: torch.Tensor) -> torch.Tensor:
        pieces = vector.split([shape.numel() for shape in shapes.values()])
        values = {name: piece.reshape(shapes[name]) for name, piece in zip(shapes, pieces, strict=True)}
        return functional.cross_entropy(torch.func.functional_call(network.module, values, inputs), labels)

    truth = np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, flat).double().numpy())
    found = compute_complexity(REQUEST, network, data, JobContext())
    assert abs(found.top_eigenvalue - truth[np.abs(truth).argmax()]) <= found.top_residual + 1e-5 * abs(truth).max()
    assert found.top_residual <= 0.02 * abs(found.top_eigenvalue)


def test_the_network_is_bit_for_bit_what_it_was_however_it_ends() -> None:
    network = network_of(convolutional(normalised=True))
    network.module.train()
    before = state(network)
    compute_complexity(REQUEST, network, images(), JobContext())
    assert state(network) == before
    for count in (1, 3, 5, 9):
        with pytest.raises(Cancelled):
            compute_complexity(REQUEST, network, images(), StopsAt(count))
        assert state(network) == before
    assert network.module.training
    assert all(parameter.grad is None for parameter in network.module.parameters())


@pytest.mark.parametrize("count", [1, 2, 4, 6, 8])
def test_a_stopped_measurement_keeps_what_is_there_and_ends_the_same_when_gone_on_with(count: int) -> None:
    network, data, test = network_of(convolutional(normalised=True)), images(), images(25, seed=9)
    request = replace(REQUEST, test=True)
    whole = compute_complexity(request, network, data, JobContext(), test=test)
    job = StopsAt(count)
    with pytest.raises(Cancelled):
        compute_complexity(request, network, data, job, test=test)
    part = job.parts[-1]
    assert part.status == "partial"
    assert part.layers == whole.layers
    np.testing.assert_array_equal(part.rises, whole.rises[: len(part.rises)])
    resumed = compute_complexity(request, network, data, JobContext(), part, test)
    for name in ("layers", "path_norm", "train_loss", "test_loss", "sharpness", "sharpness_error", "top_eigenvalue"):
        assert getattr(resumed, name) == getattr(whole, name)
    np.testing.assert_array_equal(resumed.rises, whole.rises)
    np.testing.assert_array_equal(resumed.margins, whole.margins)
    assert resumed.provenance.seconds > part.provenance.seconds


def test_what_belongs_to_something_else_is_not_gone_on_with() -> None:
    network, data = small(nn.ReLU()), table()
    part = compute_complexity(REQUEST, network, data, JobContext())
    for request, rows in ((replace(REQUEST, seed=1), data), (REQUEST, table(20))):
        with pytest.raises(InvalidRequest, match="another request"):
            compute_complexity(request, network, rows, JobContext(), part)


def test_a_test_set_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(InvalidRequest, match="test set"):
        compute_complexity(replace(REQUEST, test=True), small(nn.ReLU()), table(), JobContext())


def test_numbers_that_are_predicted_have_a_gap_in_loss_and_no_margins() -> None:
    network, data, test = small(nn.ReLU(), 2), table(numbers=True), table(12, numbers=True)
    request = replace(REQUEST, test=True)
    found = compute_complexity(request, network, data, JobContext(), test=test)
    assert found.margins.size == 0
    assert math.isnan(found.train_accuracy)
    assert found.gap == found.test_loss - found.train_loss
    assert math.isnan(found.gap_error)


def test_a_network_without_a_path_norm_says_why_and_has_everything_else() -> None:
    found = compute_complexity(REQUEST, small(nn.Tanh()), table(), JobContext())
    assert math.isnan(found.path_norm)
    assert '"tanh"' in found.path_reason
    assert np.isfinite([found.sharpness, found.top_eigenvalue]).all()
    assert len(found.layers) == 2


def test_weights_without_a_finite_loss_give_what_can_be_said_and_no_error() -> None:
    network = small(nn.ReLU())
    with torch.no_grad():
        network.module[0].weight.fill_(math.inf)
    found = compute_complexity(REQUEST, network, table(), JobContext())
    assert found.status == "complete"
    assert "not finite" in found.eigenvalue_reason
    assert math.isnan(found.top_eigenvalue)
    assert not np.isfinite(found.sharpness)
    assert len(found.rises) == REQUEST.draws


def test_progress_rises_to_its_end_and_partial_results_grow() -> None:
    told: list[tuple[int, int]] = []
    parts: list[Complexity] = []
    job = ControlledJob(
        on_progress=lambda done, total, _: told.append((done, total)),
        on_partial=parts.append,  # type: ignore[arg-type]
    )
    compute_complexity(REQUEST, small(nn.ReLU()), table(), job)
    done = [step for step, _ in told]
    assert done == sorted(done)
    assert len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1]
    assert [len(part.rises) for part in parts] == sorted(len(part.rises) for part in parts)


@pytest.mark.parametrize(
    "wrong",
    [{"samples": 0}, {"radius": 0.0}, {"radius": math.nan}, {"radius": 11.0}, {"draws": 1}, {"seed": -1}],
    ids=str,
)
def test_what_cannot_be_measured_is_refused_with_a_sentence(wrong: dict[str, float]) -> None:
    make: Callable[..., ComplexityRequest] = ComplexityRequest
    with pytest.raises(InvalidRequest):
        make(**wrong)
