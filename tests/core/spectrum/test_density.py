"""Spectral density and trace against spectra that are known as a whole."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch

from core.curvature.quadrature import LanczosRun, random_direction
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.spectrum.density import Known, density_and_trace, known_pairs, trace_estimate
from core.spectrum.density_curve import (
    density_axis,
    density_curve,
    density_on_decades,
    density_width,
    symmetric_log_grid,
    symmetric_log_of,
)
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import Density, Estimate, Spectrum, SpectrumRequest
from tests.core.spectrum import dense

Array = npt.NDArray[np.float64]
Product = Callable[[torch.Tensor], torch.Tensor]


def spectrum_like_that_of_a_network(size: int = 300) -> Array:
    """Five outliers of both signs, and a bulk around zero."""
    return np.concatenate([[50.0, -30, 20, 10, 5], 0.3 * np.random.default_rng(0).normal(size=size - 5)])


def matrix_of(values: Array, seed: int = 1) -> tuple[Array, Array]:
    """A symmetric matrix with these eigenvalues, and its eigenvectors as rows."""
    basis = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values), len(values))))[0]
    return (basis * values) @ basis.T, basis.T


def product_of(matrix: Array) -> Product:
    wide = torch.from_numpy(matrix)
    return lambda vector: (wide @ vector.double()).float()


def known_of(values: Array, rows: Array) -> Known:
    return Known(values=torch.from_numpy(np.array(values)), vectors=torch.from_numpy(np.array(rows, dtype=np.float32)))


def truth_of(values: Array) -> Density:
    """Every eigenvalue as a node."""
    count = len(values)
    return Density(nodes=np.sort(values), weights=np.full(count, 1 / max(1, count)), probes=0, steps=0, deflated=count)


def distance(one: Density, truth: Density, relative: float) -> float:
    """L1, of the curves with a width of this share of the largest eigenvalue: at most 2."""
    width = density_width(truth, relative)
    axis = np.linspace(truth.nodes[0] - 8 * width, truth.nodes[-1] + 8 * width, 4001)
    return float(np.trapezoid(np.abs(density_curve(one, axis, width) - density_curve(truth, axis, width)), axis))


def nothing(size: int) -> Known:
    return known_of(np.empty(0), np.empty((0, size)))


def test_a_density_is_near_the_dense_one_and_nearer_without_what_is_known() -> None:
    values = spectrum_like_that_of_a_network()
    matrix, rows = matrix_of(values)
    product, truth = product_of(matrix), truth_of(values)
    for relative, most in ((1e-2, 0.06), (1e-3, 0.3)):
        *_, (plain, _) = density_and_trace(product, 300, nothing(300), 4, 40, 0)
        *_, (better, _) = density_and_trace(product, 300, known_of(values[:5], rows[:5]), 4, 40, 0)
        assert distance(better, truth, relative) < distance(plain, truth, relative) < most
        assert better.deflated == 5
        assert set(values[:5]) <= set(better.nodes)


def test_the_density_of_a_network_is_that_of_its_dense_hessian() -> None:
    network, data = dense.network("tanh"), dense.data(200)
    truth = truth_of(np.linalg.eigvalsh(dense.hessian(network, data)))
    found = compute_spectrum(SpectrumRequest(top=8, density=True, probes=16), network, data, JobContext())
    assert found.density is not None
    assert found.density.deflated == 8
    assert distance(found.density, truth, 1e-2) < 0.15
    assert np.isclose(found.density.weights.sum(), 1, atol=1e-12)
    assert (np.diff(found.density.nodes) >= 0).all()


def test_more_steps_are_finer_and_more_probes_quieter() -> None:
    values = spectrum_like_that_of_a_network()
    product, truth = product_of(matrix_of(values)[0]), truth_of(values)

    def mean(probes: int, steps: int, relative: float) -> float:
        found = [list(density_and_trace(product, 300, nothing(300), probes, steps, seed))[-1][0] for seed in range(3)]
        return float(np.mean([distance(density, truth, relative) for density in found]))

    assert mean(2, 40, 1e-3) < 0.6 * mean(2, 8, 1e-3)
    assert mean(9, 20, 1e-2) < 0.6 * mean(1, 20, 1e-2)


def test_a_quadrature_has_the_moments_of_its_start() -> None:
    """Gauss nodes of j steps integrate polynomials of degree 2j − 1 exactly."""
    matrix, _ = matrix_of(np.linspace(-1, 1.2, 60))
    empty = torch.empty(0, 60)
    start = random_direction(60, empty, torch.Generator().manual_seed(0))
    run = LanczosRun(product_of(matrix), start, empty, 5)
    while not run.ended:
        run.step()
    nodes, weights = run.nodes_and_weights()
    wide = start.double().numpy()
    for power in range(10):
        truth = wide @ np.linalg.matrix_power(matrix, power) @ wide
        assert np.isclose(float((weights * nodes**power).sum()), truth, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("values", [(3.0, 3, 3, -1, -1, 2), (0.0,) * 6, (1.0,) * 6], ids=str)
def test_a_spectrum_of_few_different_values_is_found_as_it_is(values: tuple[float, ...]) -> None:
    matrix, _ = matrix_of(np.array(values))
    *_, (density, trace) = density_and_trace(product_of(matrix), 6, nothing(6), 3, 6, 0)
    assert np.abs(density.nodes[:, None] - np.array(values)).min(axis=1).max() < 1e-6
    assert np.isclose(density.weights.sum(), 1)
    assert abs(trace.value - sum(values)) <= max(5 * trace.standard_error, 1e-5)


def test_the_trace_is_exact_where_every_pair_is_known() -> None:
    values = np.array([4.0, -2, 1, 0.5])
    matrix, rows = matrix_of(values)
    found = list(density_and_trace(product_of(matrix), 4, known_of(values, rows), 4, 40, 0))
    assert len(found) == 1
    density, trace = found[0]
    assert trace == Estimate(value=3.5, standard_error=0.0)
    assert (density.probes, density.deflated) == (0, 4)
    assert density.nodes.tolist() == [-2, 0.5, 1, 4]
    assert density.weights.tolist() == [0.25] * 4


def test_the_trace_is_exact_where_one_sequence_reaches_every_direction() -> None:
    values = np.array([4.0, -2, 1, 0.5, 0.25])
    matrix, rows = matrix_of(values)
    *_, (density, trace) = density_and_trace(product_of(matrix), 5, known_of(values[:2], rows[:2]), 4, 40, 0)
    assert trace.standard_error == 0
    assert np.isclose(trace.value, values.sum(), atol=1e-5)
    assert np.allclose(density.nodes, np.sort(values), atol=1e-5)
    assert np.allclose(density.weights, 0.2)


def test_the_standard_error_of_a_trace_is_the_spread_that_there_is() -> None:
    values = spectrum_like_that_of_a_network(120)
    matrix, rows = matrix_of(values)
    product = product_of(matrix)
    for known in (nothing(300), known_of(values[:5], rows[:5])):
        found = [list(density_and_trace(product, 120, known, 4, 1, seed))[-1][1] for seed in range(150)]
        scores = [(one.value - values.sum()) / one.standard_error for one in found]
        assert 0.85 < np.std(scores) < 1.15
        assert abs(np.mean(scores)) < 0.25


def test_the_variance_of_a_quadratic_form_on_the_sphere_is_the_one_of_the_formula() -> None:
    values = np.array([3.0, -1, 0.5, 0.5])
    vectors = np.random.default_rng(0).normal(size=(50_000, 4))
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    truth = float(np.std(4 * (vectors**2 @ values)))
    found = trace_estimate(0.0, 4, [values.mean()], [float((values**2).mean())])
    assert np.isclose(found.standard_error, truth, rtol=0.02)


def test_pairs_that_are_known_badly_are_left_to_chance() -> None:
    values, residuals = torch.tensor([10.0, 5, 1]).double(), torch.tensor([1e-3, 0.2, 0.05]).double()
    assert known_pairs(values, residuals, torch.eye(3)).values.tolist() == [10, 1]


def test_every_probe_gives_a_whole_result_and_more_of_them_begin_with_the_same() -> None:
    product = product_of(matrix_of(spectrum_like_that_of_a_network(120))[0])
    few, many = (list(density_and_trace(product, 120, nothing(120), probes, 12, 7)) for probes in (2, 4))
    assert [density.probes for density, _ in many] == [1, 2, 3, 4]
    for (one, _), (other, _) in zip(few, many, strict=False):
        assert one.nodes.tobytes() == other.nodes.tobytes()
    assert many[0][1] == few[0][1]


def test_what_was_found_stays_when_the_job_is_stopped() -> None:
    network, data = dense.network("relu"), dense.data(60)
    before = [value.clone() for value in network.module.state_dict().values()]
    snapshots: list[Spectrum] = []

    def kept(snapshot: object) -> None:
        assert isinstance(snapshot, Spectrum)
        snapshots.append(snapshot)
        if snapshot.density is not None and snapshot.density.probes == 2:
            job.cancel()

    job = ControlledJob(on_partial=kept)
    request = SpectrumRequest(top=3, density=True, trace=True, layer_table=True, probes=6, density_steps=10)
    with pytest.raises(Cancelled):
        compute_spectrum(request, network, data, job)
    last = snapshots[-1]
    assert last.status == "partial"
    assert last.density is not None
    assert last.trace is not None
    assert last.density.probes == 2
    assert last.layer_table == ()
    assert len(last.eigenvalues) == 3
    after = network.module.state_dict().values()
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
    assert all(parameter.requires_grad and parameter.grad is None for parameter in network.module.parameters())


@pytest.mark.parametrize("matrix", ["hessian", "gauss_newton", "fisher"])
def test_the_trace_of_every_matrix_is_within_its_error(matrix: str) -> None:
    network, data = dense.network("tanh"), dense.data(90)
    request = SpectrumRequest(top=5, trace=True, probes=100, matrix=matrix)  # type: ignore[arg-type]
    found = compute_spectrum(request, network, data, JobContext())
    assert found.trace is not None
    assert found.density is None
    truth = float(np.trace(dense.DENSE[matrix](network, data)))
    assert 0 < found.trace.standard_error < 0.15 * truth
    assert abs(found.trace.value - truth) < 4 * found.trace.standard_error


@pytest.mark.parametrize("values", [[50.0, -30, 0.1, 0, -1e-5], [0.0], [-2.0, -1], [1e-30, 2e-30], []], ids=str)
def test_curves_have_all_eigenvalues_under_them(values: list[float]) -> None:
    density = truth_of(np.array(values))
    share = 1.0 if values else 0.0
    width = density_width(density)
    axis = density_axis(density, width)
    assert np.isclose(np.trapezoid(density_curve(density, axis, width), axis), share, atol=1e-3)
    decades = symmetric_log_of(density)
    grid = symmetric_log_grid(density, decades)
    assert np.isclose(np.trapezoid(density_on_decades(density, decades, grid), grid), share, atol=1e-3)


def test_positions_on_decades_and_eigenvalues_are_each_others_inverse() -> None:
    axis = symmetric_log_of(truth_of(np.array([40.0, -3])), decades=5)
    values = np.array([-40.0, -1e-3, 0, 1e-9, 0.5, 40])
    assert np.allclose(axis.value(axis.position(values)), values, rtol=1e-12, atol=0)
    assert np.isclose(axis.position(40.0), 5, atol=1e-4)
    assert np.isclose(axis.position(4.0) - axis.position(0.4), 1, atol=1e-3)
    assert (np.diff(axis.position(np.sort(values))) > 0).all()


def test_a_curve_of_one_node_is_the_gaussian_that_is_stated() -> None:
    density = truth_of(np.array([2.0]))
    curve = density_curve(density, [2.0, 2.5, 3.0], 0.5)
    assert np.allclose(curve, np.exp([0, -0.5, -2]) / (np.sqrt(2 * np.pi) * 0.5))
