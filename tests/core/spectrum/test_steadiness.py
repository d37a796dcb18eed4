"""The network stays as it was whatever happens, and the answer does not hang on how it was computed."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from core.curvature.refusals import is_lack_of_memory
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import ControlledJob, JobContext
from core.networks.network import Network
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests.core.spectrum.test_spectrum_engine import dense_hessian, samples, small_network

REQUEST = SpectrumRequest(top=8)


class Broken(Exception):
    """Something that nobody foresaw."""


class Stopping(JobContext):
    """Stops, or fails, at one of the times it is asked."""

    def __init__(self, at: int | None = None, error: Exception | None = None) -> None:
        self.times, self._at, self._error = 0, at, error or Cancelled("Enough.")
        self.snapshots: list[Spectrum] = []

    def check(self) -> None:
        self.times += 1
        if self.times == self._at:
            raise self._error

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Spectrum)
        self.snapshots.append(snapshot)


@pytest.fixture
def network() -> Iterator[Network]:
    """In training mode, with gradients and frozen weights: whatever it came with must be there afterwards."""
    network = small_network("batchnorm")
    module = network.module.train()
    parameters = list(module.parameters())
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    parameters[0].requires_grad_(False)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    gradients = [(parameter.grad, parameter.grad.clone()) for parameter in parameters]
    yield network
    assert all(child.training for child in module.modules())
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    for parameter, (same, value) in zip(parameters, gradients, strict=True):
        assert parameter.grad is same
        assert torch.equal(parameter.grad, value)
    assert [parameter.requires_grad for parameter in parameters] == [False] + [True] * (len(parameters) - 1)


def test_the_network_is_as_before_after_a_whole_spectrum(network: Network) -> None:
    assert compute_spectrum(REQUEST, network, samples(), JobContext()).status == "complete"


@pytest.mark.parametrize("error", [Cancelled("Stop."), Broken(), MemoryError()])
def test_the_network_is_as_before_wherever_it_ends(network: Network, error: Exception) -> None:
    whole = Stopping()
    compute_spectrum(REQUEST, network, samples(), whole)
    for at in range(1, whole.times, whole.times // 12):
        if is_lack_of_memory(error):
            with pytest.raises((MemoryError, InvalidRequest)):
                compute_spectrum(REQUEST, network, samples(), _AlwaysFrom(at))
        else:
            with pytest.raises(type(error)):
                compute_spectrum(REQUEST, network, samples(), Stopping(at, error))


class _AlwaysFrom(JobContext):
    def __init__(self, at: int) -> None:
        self._left = at

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise MemoryError


def test_what_was_found_before_a_stop_is_kept(network: Network) -> None:
    """At first estimates, then recomputed residuals and vectors, and never anything verified before the audit."""
    whole = Stopping()
    compute_spectrum(REQUEST, network, samples(), whole)
    kept = []
    for at in range(whole.times // 3, whole.times, whole.times // 9):
        job = Stopping(at)
        with pytest.raises(Cancelled):
            compute_spectrum(REQUEST, network, samples(), job)
        kept.append(job.snapshots[-1])
    assert all(found.status == "partial" and len(found.eigenvalues) for found in kept)
    assert all(found.audit is not None for found in kept if found.verified.any())
    assert kept[0].eigenvectors is None
    assert kept[-1].eigenvectors is not None


def test_bars_tighten_and_hold_the_truth_while_one_watches() -> None:
    network, data = small_network("tanh"), samples()
    truth = np.linalg.eigvalsh(dense_hessian(network, data))
    seen: list[Spectrum] = []
    compute_spectrum(REQUEST, network, data, ControlledJob(on_partial=seen.append))  # type: ignore[arg-type]
    searching = [found for found in seen if found.eigenvectors is None]
    assert len(searching) > 5
    assert np.diff([found.products for found in searching]).max() <= 4
    for found in searching:
        distance = np.abs(truth[:, None] - found.eigenvalues).min(axis=0)
        assert (distance <= found.residuals + 1e-6 * np.abs(truth).max()).all()
    assert searching[-1].residuals.max() < 0.1 * searching[3].residuals.max()


def shuffled(data: Dataset, seed: int) -> Dataset:
    order = np.random.default_rng(seed).permutation(len(data))
    return Dataset(name="shuffled", x=data.x[order], y=data.y[order])


@pytest.mark.parametrize("kind", ["tanh", "relu", "batchnorm"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_samples_does_not_matter(kind: str, seed: int) -> None:
    plain = compute_spectrum(REQUEST, small_network(kind), samples(), JobContext())
    other = compute_spectrum(REQUEST, small_network(kind), shuffled(samples(), seed), JobContext())
    assert np.allclose(other.eigenvalues, plain.eigenvalues, rtol=1e-5)


@pytest.mark.parametrize("kind", ["tanh", "relu", "batchnorm"])
@pytest.mark.parametrize("batch", [1, 16, 33])
def test_the_size_of_the_micro_batches_does_not_matter(kind: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = compute_spectrum(REQUEST, small_network(kind), samples(), JobContext())
    monkeypatch.setattr("core.curvature.hessian.MAX_MICRO_BATCH", batch)
    other = compute_spectrum(REQUEST, small_network(kind), samples(), JobContext())
    assert np.allclose(other.eigenvalues, plain.eigenvalues, rtol=1e-5)
    assert other.verified.all()


def test_neither_kept_graphs_nor_memory_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = compute_spectrum(REQUEST, small_network("tanh"), samples(), JobContext())
    monkeypatch.setattr("core.curvature.hessian.available_memory", lambda: 0)
    monkeypatch.setattr("core.curvature.basis.available_memory", lambda: 2 * 4 * 123 * 14)
    other = compute_spectrum(REQUEST, small_network("tanh"), samples(), JobContext())
    assert np.allclose(other.eigenvalues, plain.eigenvalues, rtol=1e-5)
    monkeypatch.setattr("core.curvature.basis.available_memory", lambda: 0)  # the directions lie in a file
    other = compute_spectrum(REQUEST, small_network("tanh"), samples(), JobContext())
    assert np.allclose(other.eigenvalues, plain.eigenvalues, rtol=1e-5)


class Greedy(torch.nn.Module):
    """Wants more memory than there is for more than a few samples at once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.inner, self.most = small_network("tanh").module, most

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if len(x) > self.most and torch.is_grad_enabled():
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.")
        return 1.0 * self.inner(x)  # no chain of layers, which would take no graph


def greedy(most: int) -> Network:
    plain = small_network("tanh")
    return Network(card=plain.card, module=Greedy(most).eval(), sha256="0")


def test_where_memory_does_not_suffice_smaller_batches_are_taken() -> None:
    plain = compute_spectrum(REQUEST, small_network("tanh"), samples(), JobContext())
    found = compute_spectrum(REQUEST, greedy(5), samples(), JobContext())
    assert np.allclose(found.eigenvalues, plain.eigenvalues, rtol=1e-4)


def test_where_it_does_not_suffice_for_one_sample_that_is_said() -> None:
    with pytest.raises(InvalidRequest, match="for a single sample do not fit into memory"):
        compute_spectrum(REQUEST, greedy(0), samples(), JobContext())


def test_a_product_that_is_not_finite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the second derivative of a root at zero, where loss and gradient are finite."""

    class Root(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(3))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.weight.abs().pow(1.5).expand(len(x), 3) * x[:, :1]

    network = Network(card=small_network("tanh").card, module=Root().eval(), sha256="0")
    with pytest.raises(NumericalFailure, match="not finite"):
        compute_spectrum(SpectrumRequest(top=1), network, samples(), JobContext())
