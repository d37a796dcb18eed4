"""Attempts to have something wrong called verified. Truth comes from the spectrum that is put in, or from float64."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import nn

from core.curvature.lanczos import ritz_pairs
from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.networks.program import export_program, load_program
from core.spectrum.certainty import EXCESS, chance_of_missing, error_bounds
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests.core.spectrum.test_spectrum_engine import by_magnitude, dense_hessian, samples, small_network

BULK = tuple(np.linspace(0, 2, 200))
# Of the range of a spectrum whose ends are equally far out: between an eigenvalue that is seen and one that is missed.
SHARE = (1 - 1 / EXCESS) / 2


class Quadratic(nn.Module):
    """A network of two classes whose Hessian has the eigenvalues that are put in, and about nothing else.

    Both logits are ± Σ dᵢ wᵢ² at w = 0, where the loss is log 2: the Hessian is diagonal, and dᵢ scaled by the labels.
    """

    def __init__(self, values: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("diagonal", torch.tensor(values))
        self.weight = nn.Parameter(torch.zeros(len(values)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height = 0.5 * (self.diagonal * self.weight.square()).sum().expand(len(x), 1)
        return torch.cat([-height, height], dim=1)  # a sample of class 0: ∂²loss = d


def network_of(module: nn.Module, columns: int) -> Network:
    card = NetworkCard(name="attack", input=InputCard(shape=(columns,)), architecture="attack")
    return Network(card=card, module=module.eval(), sha256="0")


def spectrum_of(values: Sequence[float], **request: object) -> Spectrum:
    data = Dataset(name="one", x=np.zeros((1, 1)), y=np.zeros(1, dtype=np.int64), classes=("a", "b"))
    network = network_of(Quadratic(values), 1)
    return compute_spectrum(SpectrumRequest(**request), network, data, JobContext())  # type: ignore[arg-type]


def assert_verified_rightly(found: Spectrum, values: Sequence[float]) -> None:
    """Every verified value is a true one of its own, and not too many true ones are clearly larger."""
    truth = list(np.asarray(torch.tensor(values)).astype(float))
    for rank in np.flatnonzero(found.verified):
        value = found.eigenvalues[rank]
        nearest = min(truth, key=lambda true: abs(true - value))
        assert abs(nearest - value) <= found.request.tolerance * abs(nearest)
        truth.remove(nearest)
        assert np.count_nonzero(np.abs(values) > 1.25 * abs(value)) <= rank


SPECTRA = {
    "cluster": (10, 8.002, 8, 7.998, 6, 5, 4, *BULK),
    "cluster cut in two": (10, 8, 7.9968, 7.9936, 7.99, *BULK),
    "near ties of both signs": (5, -4.9999, 3, -2.9999, 2.5, *BULK),
    "triple": (10, 8, 8, 8, 6, 5, 4, *BULK),
    "ninefold": (10, *[8] * 9, 6, *BULK),
    "rank three": (10, -8, 3, *[0.0] * 100),
    "six decades": (1e3, 10, 1, 0.1, 0.01, 1e-3, *[0.0] * 100),
    "dense": tuple(np.linspace(1, 4, 400)),
}


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("top", [2, 5])
@pytest.mark.parametrize(("products", "audit"), [(200, 20), (7, 20), (12, 20), (30, 20), (200, 1), (200, 3)])
def test_what_is_verified_is_right_to_the_tolerance(name: str, top: int, products: int, audit: int) -> None:
    for seed in range(3):
        found = spectrum_of(SPECTRA[name], top=top, max_products=products, audit_products=audit, seed=seed)
        assert_verified_rightly(found, SPECTRA[name])


def test_an_ordinary_search_is_verified_as_a_whole() -> None:
    """The other tests would also pass if nothing ever were."""
    for name in ("cluster", "near ties of both signs", "triple", "ninefold"):
        assert spectrum_of(SPECTRA[name], top=5).verified.all(), name


def test_zeros_beyond_the_rank_are_not_verified_but_what_stands_out_is() -> None:
    found = spectrum_of(SPECTRA["rank three"], top=8)
    assert found.verified.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert (found.residuals[3:] < 1e-5).all()


def test_one_further_product_is_no_audit() -> None:
    found = spectrum_of(SPECTRA["triple"], top=5, audit_products=1)
    assert found.audit is not None
    assert found.audit.miss_probability == 1
    assert not found.verified.any()


def test_a_search_without_enough_products_says_so_by_its_residuals() -> None:
    found = spectrum_of(SPECTRA["dense"], top=8, max_products=10)
    assert found.status == "complete"
    assert not found.verified.all()
    truth = np.array(SPECTRA["dense"])
    distance = np.abs(truth[:, None] - found.eigenvalues).min(axis=0)
    assert (distance <= found.residuals + 1e-6).all()


@pytest.mark.parametrize("values", [(3.0,), (3.0, -3.0), (3.0, 1.0, -2.0), (0.0, 0.0, 0.0)])
def test_every_eigenvalue_of_a_tiny_network_is_found(values: tuple[float, ...]) -> None:
    for top in range(1, len(values) + 1):
        found = spectrum_of(values, top=top)
        assert np.allclose(np.abs(found.eigenvalues), np.sort(np.abs(values))[::-1][:top], atol=1e-6)
        assert found.audit is not None
        assert found.audit.missed == 0


def test_nothing_can_be_missed_where_everything_was_asked_for() -> None:
    values = tuple(np.linspace(1, 30, 30))
    found = spectrum_of(values, top=30)
    assert found.audit is not None
    assert found.audit.miss_probability == 0
    assert found.verified.all()


def test_the_residual_holds_the_rounding_of_float32() -> None:
    """A deep network whose float32 Hessian is another one: the interval must hold an eigenvalue of the float64 one."""
    torch.manual_seed(3)
    layers: list[nn.Module] = [nn.Linear(6, 8), nn.Tanh()]
    for _ in range(8):
        layers += [nn.Linear(8, 8), nn.Tanh()]
    module = nn.Sequential(*layers, nn.Linear(8, 3))
    with torch.no_grad():
        for layer in module:
            if isinstance(layer, nn.Linear):
                layer.weight.mul_(4)  # chaotic: rounding grows from layer to layer
    network, data = network_of(module, 6), samples(12)
    truth = np.linalg.eigvalsh(dense_hessian(network, data))
    found = compute_spectrum(SpectrumRequest(top=6), network, data, JobContext())
    distance = np.abs(truth[:, None] - found.eigenvalues).min(axis=0)
    assert (distance <= found.residuals + 1e-12 * np.abs(truth).max()).all()
    sure = found.verified == 1
    assert (np.abs(found.eigenvalues - by_magnitude(truth)[:6])[sure] <= 1e-4 * np.abs(found.eigenvalues[sure])).all()


class Narrow(nn.Module):
    """Computes in float32 whatever one asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(x.float(), self.layer.weight.float(), self.layer.bias.float())


def test_a_network_that_insists_on_float32_is_computed_but_not_verified() -> None:
    found = compute_spectrum(SpectrumRequest(top=3), network_of(Narrow(), 6), samples(), JobContext())
    assert found.provenance.dtype == "float32"
    assert not found.verified.any()
    assert compute_spectrum(SpectrumRequest(top=3), small_network("relu"), samples(), JobContext()).verified.all()


def test_an_exported_program_has_the_spectrum_of_its_network() -> None:
    network = small_network("tanh")
    program = network_of_program(network)
    request = SpectrumRequest(top=4)
    plain = compute_spectrum(request, network, samples(), JobContext())
    exported = compute_spectrum(request, program, samples(), JobContext())
    assert exported.verified.all()
    assert np.allclose(plain.eigenvalues, exported.eigenvalues, rtol=1e-9)


def network_of_program(network: Network) -> Network:
    content = export_program(network.module, network.card.input.shape)
    return Network(card=network.card, module=load_program(content, "p.pt2"), sha256="0", program=content)


class Idle(nn.Module):
    """Has weights that it does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.idle = nn.Linear(6, 3), nn.Linear(40, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.used(x)


def test_weights_that_no_output_depends_on_have_no_curvature() -> None:
    network = network_of(Idle(), 6)
    found = compute_spectrum(SpectrumRequest(top=4), network, samples(), JobContext())
    assert found.eigenvectors is not None
    assert np.abs(found.eigenvectors[:, 21:]).max() < 1e-6
    assert found.verified.all()


def test_the_bound_on_errors_holds_for_random_matrices() -> None:
    generator = np.random.default_rng(0)
    for _ in range(200):
        matrix = generator.normal(size=(12, 12))
        matrix = matrix + matrix.T
        values, vectors = np.linalg.eigh(matrix)
        order = np.argsort(-np.abs(values))
        near = np.linalg.qr(vectors[:, order[:4]] + 10 ** generator.uniform(-6, -1) * generator.normal(size=(12, 4)))[0]
        quotients = np.einsum("ij,ik,kj->j", near, matrix, near)
        lengths = np.linalg.norm(matrix @ near - near * quotients, axis=0)
        bounds = error_bounds(torch.from_numpy(quotients), torch.from_numpy(lengths), float(np.abs(values)[order[4]]))
        error = np.abs(values[:, None] - quotients).min(axis=0)
        assert (error <= bounds.numpy() + 1e-12).all()


@pytest.mark.parametrize(
    "values", [(1.25, *np.linspace(-1.25, 0.8, 299)), (1.25, *[0.99] * 299), (1.25, *[-1.25] * 40)]
)
def test_the_bound_on_a_miss_is_not_exceeded(values: tuple[float, ...]) -> None:
    """Missed: no Ritz value above 1 after so few products, though an eigenvalue is 1.25 times as large."""
    diagonal = torch.tensor(values)
    for products in (3, 6, 9):
        missed = 0
        for seed in range(60):
            *_, pairs = ritz_pairs(
                lambda v: diagonal * v, len(values), products, products, torch.empty(0, len(values)), seed
            )
            missed += bool((pairs.values.abs() <= 1).all())
        assert missed / 60 <= chance_of_missing(len(values), products, SHARE) + 1e-12


def test_the_bound_on_a_miss_falls_with_every_product_and_is_no_promise_without_any_excess() -> None:
    bounds = [chance_of_missing(10**6, products, SHARE) for products in range(1, 60)]
    assert all(a >= b for a, b in itertools.pairwise(bounds))
    assert bounds[0] == 1
    assert bounds[-1] < 1e-3
    assert chance_of_missing(10**6, 1000, 0.0) == 1
    assert chance_of_missing(20, 20, 0.0) == 0
