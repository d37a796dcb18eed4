"""The sampling error of eigenvalues against samples drawn again, and the bracket of those at hand."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.job import JobContext
from core.spectrum.engine import compute_spectrum
from core.spectrum.sampling import GROUPS, sample_groups, standard_errors
from core.spectrum.spectrum import SpectrumRequest
from tests.core.spectrum import dense


def part(data: Dataset, rows: np.ndarray) -> Dataset:
    return replace(data, x=data.x[rows], y=data.y[rows])


def test_groups_have_every_sample_once_and_do_not_follow_the_order_of_the_data() -> None:
    groups = sample_groups(103, 50, 0)
    assert len(groups) == GROUPS
    assert sorted(torch.cat(groups).tolist()) == list(range(103))
    assert {len(group) for group in groups} == {6, 7}
    assert not any((np.diff(group.numpy()) == 1).all() for group in groups)
    assert max(len(group) for group in sample_groups(1000, 7, 0)) == 7
    assert [len(group) for group in sample_groups(3, 50, 0)] == [1, 1, 1]


def test_groups_of_one_sample_give_the_standard_error_of_a_mean() -> None:
    values = np.random.default_rng(0).normal(size=(2, 50))
    found = standard_errors(torch.from_numpy(values), [1] * 50)
    assert np.allclose(found, values.std(axis=1, ddof=1) / math.sqrt(50))


def test_groups_of_different_size_give_the_right_standard_error_on_average() -> None:
    numbers = np.random.default_rng(0)
    sizes = [1, 1, 2, 5, 10, 31]
    edges = np.cumsum([0, *sizes])
    found = []
    for _ in range(3000):
        single = numbers.normal(size=50)
        means = [single[low:high].mean() for low, high in itertools.pairwise(edges)]
        found.append(standard_errors(torch.tensor([means]).double(), sizes)[0] ** 2)
    assert np.isclose(np.mean(found), 1 / 50, rtol=0.05)


def test_a_single_sample_has_no_spread() -> None:
    assert np.isnan(standard_errors(torch.ones(3, 1).double(), [20])).all()
    found = compute_spectrum(SpectrumRequest(top=2, samples=1), dense.network(), dense.data(5), JobContext())
    assert found.sampling is not None
    assert np.isnan(found.sampling.standard_error).all()


def test_the_standard_error_is_that_of_dense_blocks_of_samples() -> None:
    network, data = dense.network("relu"), dense.data(160)
    found = compute_spectrum(SpectrumRequest(top=4, seed=3), network, data, JobContext())
    assert found.sampling is not None
    assert found.eigenvectors is not None
    vectors = found.eigenvectors.astype(np.float64)
    groups = sample_groups(160, 1024, 3)
    assert found.sampling.groups == len(groups) == GROUPS
    blocks = [dense.hessian(network, part(data, group.numpy())) for group in groups]
    quotients = np.array([[vector @ block @ vector for block in blocks] for vector in vectors])
    truth = quotients.std(axis=1, ddof=1) / math.sqrt(len(groups))  # of equal size
    assert np.allclose(found.sampling.standard_error, truth, rtol=1e-5)


@pytest.mark.parametrize("matrix", ["hessian", "gauss_newton", "fisher"])
def test_the_standard_error_is_the_spread_among_samples_drawn_again(matrix: str) -> None:
    network = dense.network("tanh")
    first, errors = [], []
    for seed in range(50):
        data = dense.data(250, seed=100 + seed)
        values = np.linalg.eigvalsh(dense.DENSE[matrix](network, data))
        first.append(dense.outermost(values, 1)[0])
        if seed < 10:
            request = SpectrumRequest(top=1, audit_products=0, matrix=matrix)  # type: ignore[arg-type]
            found = compute_spectrum(request, network, data, JobContext())
            assert found.sampling is not None
            errors.append(found.sampling.standard_error[0])
    assert 0.7 < np.std(first, ddof=1) / math.sqrt(np.mean(np.square(errors))) < 1.4


def test_the_first_eigenvalue_over_all_samples_lies_in_the_bracket() -> None:
    """E λmax(H_S) ≥ λmax(H) ≥ v'Hv, with v the first eigenvector of a subset."""
    network, data = dense.network("relu"), dense.data(600)
    whole = dense.hessian(network, data)
    largest = float(np.linalg.eigvalsh(whole)[-1])
    numbers, above = np.random.default_rng(0), []
    for _ in range(15):
        shuffled = part(data, numbers.permutation(600))
        request = SpectrumRequest(top=3, end="largest", samples=60, audit_products=0, population_pairs=2)
        found = compute_spectrum(request, network, shuffled, JobContext())
        assert found.sampling is not None
        over = found.sampling.over_population
        assert found.eigenvectors is not None
        assert over is not None
        assert found.sampling.population == 600
        vectors = found.eigenvectors.astype(np.float64)
        assert np.allclose(over[:2], [vector @ whole @ vector for vector in vectors[:2]], rtol=1e-5)
        assert np.isnan(over[2])
        assert over[0] <= largest * (1 + 1e-6)
        above.append(found.eigenvalues[0])
    assert np.mean(above) > largest


def test_nothing_is_said_of_other_samples_where_all_are_used_or_nobody_asks() -> None:
    network, data = dense.network("relu"), dense.data(80)
    for request in (SpectrumRequest(top=2), SpectrumRequest(top=2, samples=40, population_pairs=0)):
        found = compute_spectrum(request, network, data, JobContext())
        assert found.sampling is not None
        assert found.sampling.over_population is None
        assert found.sampling.population == (request.samples or 80)


def test_all_samples_are_taken_unasked_only_where_that_is_little_work() -> None:
    network = dense.network("relu")
    request = SpectrumRequest(top=2, samples=20, audit_products=0)
    few = compute_spectrum(request, network, dense.data(60), JobContext())
    many = compute_spectrum(request, network, dense.data(5000), JobContext())
    assert few.sampling is not None
    assert many.sampling is not None
    assert few.sampling.over_population is not None
    assert np.isfinite(few.sampling.over_population).all()
    assert many.sampling.over_population is None


class Attentive(nn.Module):
    """Attention over two words of three numbers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        words = self.first(x).reshape(-1, 1, 2, 3)
        attended = nn.functional.scaled_dot_product_attention(words, words, words)
        return self.last(attended.reshape(-1, 6))  # type: ignore[no-any-return]


def test_a_network_with_attention_is_looked_at_over_all_samples_too() -> None:
    request = SpectrumRequest(top=1, samples=20, audit_products=0, population_pairs=1)
    network, data = dense.named(Attentive()), dense.data(60)
    found = compute_spectrum(request, network, data, JobContext())
    whole = compute_spectrum(SpectrumRequest(top=1, audit_products=0), network, data, JobContext())
    assert found.sampling is not None
    assert found.sampling.over_population is not None
    assert 0 < found.sampling.over_population[0] <= whole.eigenvalues[0] * (1 + 1e-6)


class Narrow(nn.Module):
    """Computes in float32 whatever one asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(x.float(), self.layer.weight.float(), self.layer.bias.float())


def test_a_network_bound_to_float32_has_a_sampling_error_all_the_same() -> None:
    torch.manual_seed(0)
    narrow, data = Narrow(), dense.data(90)
    wide = nn.Sequential(nn.Linear(6, 3))
    wide.load_state_dict({name.replace("layer", "0"): value for name, value in narrow.state_dict().items()})
    found, truth = (
        compute_spectrum(SpectrumRequest(top=2, audit_products=0), dense.named(module), data, JobContext()).sampling
        for module in (narrow, wide)
    )
    assert found is not None
    assert truth is not None
    assert np.allclose(found.standard_error, truth.standard_error, rtol=1e-3)


def test_a_negative_number_of_pairs_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="-1"):
        SpectrumRequest(population_pairs=-1)
