"""The spectrum engine against dense Hessians."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.curvature.hessian import hessian_vector_product
from core.curvature.lanczos import residuals, ritz_pairs
from core.curvature.reductions import inner_products, norm
from core.data.dataset import Dataset
from core.errors import Cancelled, DataError, InvalidRequest, NumericalFailure
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest


def small_network(kind: str, seed: int = 0) -> Network:
    torch.manual_seed(seed)
    activation = nn.Tanh() if kind == "tanh" else nn.ReLU()
    middle = [nn.BatchNorm1d(12)] if kind == "batchnorm" else []
    module = nn.Sequential(nn.Linear(6, 12), *middle, activation, nn.Linear(12, 3))
    if kind == "batchnorm":
        module(torch.randn(50, 6) * 2 + 1)
    module.eval()
    card = NetworkCard(name=kind, input=InputCard(shape=(6,)), architecture="test")
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def samples(count: int = 70, seed: int = 1) -> Dataset:
    generator = np.random.default_rng(seed)
    return Dataset(name="noise", x=generator.normal(size=(count, 6)), y=generator.integers(0, 3, count))


def dense_hessian(network: Network, data: Dataset) -> np.ndarray:
    """The truth: every second derivative, by autograd on a flat vector, in float64."""
    inputs, labels = network.prepare(data)
    module = network.module.double()
    names = [name for name, _ in module.named_parameters()]
    shapes = [p.shape for p in module.parameters()]
    flat = torch.cat([p.detach().reshape(-1) for p in module.parameters()])

    def loss(vector: torch.Tensor) -> torch.Tensor:
        pieces = vector.split([s.numel() for s in shapes])
        values = {n: piece.reshape(s) for n, piece, s in zip(names, pieces, shapes, strict=True)}
        return functional.cross_entropy(torch.func.functional_call(module, values, inputs.double()), labels)

    hessian = torch.autograd.functional.hessian(loss, flat).numpy()
    module.float()
    return hessian


def by_magnitude(values: np.ndarray) -> np.ndarray:
    return values[np.argsort(-np.abs(values))]


@pytest.mark.parametrize("kind", ["tanh", "relu", "batchnorm"])
def test_the_top_eigenvalues_are_those_of_the_dense_hessian(kind: str) -> None:
    network, data = small_network(kind), samples()
    truth = by_magnitude(np.linalg.eigvalsh(dense_hessian(network, data)))[:10]
    spectrum = compute_spectrum(SpectrumRequest(top=10), network, data, JobContext())
    assert np.allclose(spectrum.eigenvalues, truth, rtol=1e-4, atol=1e-6 * abs(truth[0]))
    assert spectrum.verified.all()
    assert spectrum.audit is not None
    assert spectrum.audit.missed == 0


def test_every_pair_lies_within_its_residual_of_a_true_eigenvalue() -> None:
    network, data = small_network("tanh"), samples()
    truth = np.linalg.eigvalsh(dense_hessian(network, data))
    spectrum = compute_spectrum(SpectrumRequest(top=8, tolerance=0.5, audit_products=0), network, data, JobContext())
    distance = np.abs(truth[:, None] - spectrum.eigenvalues).min(axis=0)
    assert (distance <= spectrum.residuals + 1e-6 * abs(truth).max()).all()


def test_nothing_is_called_verified_without_an_audit() -> None:
    request = SpectrumRequest(top=3, audit_products=0)
    assert not compute_spectrum(request, small_network("tanh"), samples(), JobContext()).verified.any()


def test_eigenvectors_are_orthonormal_and_satisfy_the_equation() -> None:
    network, data = small_network("tanh"), samples()
    hessian = dense_hessian(network, data)
    spectrum = compute_spectrum(SpectrumRequest(top=5), network, data, JobContext())
    vectors = spectrum.eigenvectors.astype(np.float64)
    assert np.allclose(vectors @ vectors.T, np.eye(5), atol=1e-5)
    remainder = vectors @ hessian - spectrum.eigenvalues[:, None] * vectors
    assert np.allclose(np.linalg.norm(remainder, axis=1), spectrum.residuals, atol=1e-5)


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_the_size_of_the_micro_batches_does_not_matter(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, data = small_network("tanh"), samples(70)
    inputs, labels = network.prepare(data)
    vector = torch.randn(
        sum(p.numel() for p in network.module.parameters()), generator=torch.Generator().manual_seed(3)
    )
    truth = dense_hessian(network, data) @ vector.double().numpy()
    monkeypatch.setattr("core.curvature.hessian.MAX_MICRO_BATCH", batch)
    with hessian_vector_product(network.module, inputs, labels, JobContext()) as product:
        assert np.allclose(product(vector).numpy(), truth, rtol=1e-5, atol=1e-6)


def test_recomputing_the_graph_gives_the_same_product(monkeypatch: pytest.MonkeyPatch) -> None:
    network, data = small_network("relu"), samples(130)
    inputs, labels = network.prepare(data)
    vector = torch.ones(sum(p.numel() for p in network.module.parameters()))
    with hessian_vector_product(network.module, inputs, labels, JobContext()) as product:
        kept = [product(vector), product(vector)]
    monkeypatch.setattr("core.curvature.hessian.RETAINED_BYTES", 0)
    with hessian_vector_product(network.module, inputs, labels, JobContext()) as product:
        anew = product(vector)
    assert torch.equal(kept[0], kept[1])
    assert torch.allclose(kept[0], anew, atol=1e-7)


def diagonal_product(values: list[float]) -> Callable[[torch.Tensor], torch.Tensor]:
    diagonal = torch.tensor(values)
    return lambda vector: diagonal * vector


def test_a_single_start_misses_repeated_eigenvalues_and_a_deflated_one_reveals_them() -> None:
    values = [10.0, 8.0, 8.0, 8.0, 6.0, 5.0, 4.0, *np.linspace(0, 2, 300)]
    product, size = diagonal_product(values), len(values)
    *_, pairs = ritz_pairs(product, size, 3, 12, torch.empty(0, size), 0)  # later, rounding brings the others in
    assert np.allclose(pairs.values[:2], [10, 8], atol=1e-4)
    assert pairs.values[2] < 7.9
    *_, beyond = ritz_pairs(product, size, 20, 20, pairs.vectors(), 1)
    assert np.isclose(beyond.values[0], 8, atol=1e-4)


def test_triple_eigenvalues_are_found_three_times() -> None:
    """A linear model at zero over four classes has the Hessian (1/4 I − 1/16) ⊗ XᵀX/n: every eigenvalue three times."""
    x = np.random.default_rng(0).normal(size=(400, 40)) * np.geomspace(3, 0.3, 40)
    module = nn.Linear(40, 4, bias=False)
    nn.init.zeros_(module.weight)
    card = NetworkCard(name="flat", input=InputCard(shape=(40,)), architecture="test")
    network = Network(card=card, module=module.eval(), sha256="0")
    data = Dataset(name="gaussian", x=x, y=np.arange(400) % 4)
    truth = np.repeat(by_magnitude(np.linalg.eigvalsh(x.T @ x / 400)) / 4, 3)[:9]
    spectrum = compute_spectrum(SpectrumRequest(top=9), network, data, JobContext())
    assert np.allclose(spectrum.eigenvalues, truth, rtol=1e-4)
    assert spectrum.verified.all()


def test_a_plus_minus_pair_is_separated_with_its_signs() -> None:
    values = [5.0, -4.999, 3.0, -2.999, 1.0] + [0.01 * i for i in range(60)]
    product, size = diagonal_product(values), len(values)
    *_, pairs = ritz_pairs(product, size, 4, 40, torch.empty(0, size), 0)
    assert np.allclose(pairs.values.numpy(), values[:4], atol=1e-4)


def test_the_whole_space_is_found_exactly_when_the_basis_spans_it() -> None:
    values = [3.0, -2.0, 1.0, 0.0, 0.0, 0.0]
    *_, pairs = ritz_pairs(diagonal_product(values), 6, 6, 50, torch.empty(0, 6), 0)
    assert pairs.spans_everything
    assert np.allclose(by_magnitude(pairs.values.numpy())[:3], values[:3], atol=1e-5)


def test_reductions_over_millions_of_entries_keep_float64_accuracy() -> None:
    vector = torch.randn(2_500_000, generator=torch.Generator().manual_seed(0)) + 1
    truth = float(vector.double() @ vector.double())
    assert abs(norm(vector) ** 2 / truth - 1) < 1e-12
    assert abs(float(inner_products(vector[None], vector)[0]) / truth - 1) < 1e-12


def test_recomputed_residuals_do_not_flatter_a_wrong_vector() -> None:
    vector = torch.tensor([[1.0, 1.0]]) / 2**0.5
    values, lengths = residuals(diagonal_product([3.0, 1.0]), torch.tensor([3.0], dtype=torch.float64), vector)
    assert np.isclose(values[0], 2)
    assert np.isclose(lengths[0], 1)


def test_the_network_is_unchanged_after_a_stop_and_the_partial_result_is_kept() -> None:
    network, data = small_network("batchnorm"), samples()
    before = {name: value.clone() for name, value in network.module.state_dict().items()}
    network.module.train()
    snapshots: list[Spectrum] = []
    job = ControlledJob(on_partial=snapshots.append, on_progress=lambda done, *_: job.cancel() if done > 20 else None)
    with pytest.raises(Cancelled):
        compute_spectrum(SpectrumRequest(top=10), network, data, job)
    assert snapshots[-1].status == "partial"
    assert len(snapshots[-1].eigenvalues) == 10
    assert network.module.training
    assert all(torch.equal(before[name], value) for name, value in network.module.state_dict().items())
    assert all(parameter.grad is None for parameter in network.module.parameters())


def test_more_eigenvalues_than_parameters_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="123 parameters"):
        compute_spectrum(SpectrumRequest(top=124, max_products=500), small_network("tanh"), samples(), JobContext())


def test_all_eigenvalues_can_be_asked_for() -> None:
    network, data = small_network("tanh"), samples()
    truth = by_magnitude(np.linalg.eigvalsh(dense_hessian(network, data)))
    request = SpectrumRequest(top=123, max_products=123)
    spectrum = compute_spectrum(request, network, data, JobContext())
    assert np.allclose(np.sort(spectrum.eigenvalues), np.sort(truth), atol=2e-6 * abs(truth[0]))


def test_a_loss_that_is_not_finite_is_explained() -> None:
    network = small_network("relu")
    with torch.no_grad():
        network.module[0].weight.fill_(torch.inf)
    with pytest.raises(NumericalFailure, match="not finite"):
        compute_spectrum(SpectrumRequest(top=2), network, samples(), JobContext())


def test_labels_without_an_output_are_refused_with_their_row() -> None:
    data = samples()
    data.y[17] = 3
    with pytest.raises(DataError, match=r"Sample 17 .* label 3"):
        compute_spectrum(SpectrumRequest(top=2), small_network("relu"), data, JobContext())
