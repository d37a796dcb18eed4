"""Both ends of a spectrum at once, against spectra that are known."""

import numpy as np
import pytest
import torch
from torch import Tensor

from core.curvature.extremes import ROOM, Extremes, extreme_pairs
from core.errors import NumericalFailure

SPECTRA = {
    "a few large ones": [10, 8, 5, 3, 2, *np.linspace(-0.2, 0.2, 292), -0.5, -0.9, -1.2],
    "nearly tied in magnitude": [10, 9.99, 5, *np.linspace(-0.5, 0.5, 294), -5, -9.98, -10.001],
    "all negative": [*-np.linspace(0, 0.4, 297), -4, -4, -7],
    "largest magnitude negative": [1.0, *np.linspace(-0.3, 0.3, 298), -6.0],
    "no gaps": np.random.default_rng(1).normal(size=300),
    "one for all": [3.0] * 300,
    "nothing": [0.0] * 300,
}


def matrix(spectrum: object, seed: int = 0) -> tuple[Tensor, Tensor]:
    """A dense symmetric matrix with that spectrum, and its eigenvectors as rows by ascending eigenvalue."""
    values = np.sort(np.asarray(spectrum, dtype=float))
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values), len(values))))
    return torch.tensor((q * values) @ q.T, dtype=torch.float32), torch.tensor(q.T, dtype=torch.float32)


def find(
    dense: Tensor, start: Tensor | None = None, tolerance: float = 0.01, seed: int = 0, most: int = 200
) -> Extremes:
    return extreme_pairs(lambda v: dense @ v, len(dense), tolerance, most, seed, start)


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("seed", range(3))
def test_both_ends_are_found(name: str, seed: int) -> None:
    dense, _ = matrix(SPECTRA[name], seed)
    truth = np.linalg.eigvalsh(dense.double().numpy())
    scale = np.abs(truth).max()
    found = find(dense, tolerance=0.002, seed=seed)
    assert found.converged
    assert found.smallest == pytest.approx(truth[0], abs=0.01 * scale + 1e-6)
    assert found.largest == pytest.approx(truth[-1], abs=0.01 * scale + 1e-6)


@pytest.mark.parametrize("name", ["a few large ones", "nearly tied in magnitude", "no gaps"])
@pytest.mark.parametrize("seed", range(4))
def test_a_start_that_holds_only_other_eigenvectors_does_not_hide_the_outermost(name: str, seed: int) -> None:
    dense, vectors = matrix(SPECTRA[name], seed)
    truth = np.linalg.eigvalsh(dense.double().numpy())
    found = find(dense, start=vectors[1] + vectors[-2] + 0.5 * vectors[150], seed=seed, tolerance=0.002)
    assert found.largest == pytest.approx(truth[-1], abs=0.01 * np.abs(truth).max())
    assert found.smallest == pytest.approx(truth[0], abs=0.05 * np.abs(truth).max())


SMALL_ENDS = {
    "among outliers": [30, 10, 8, 5, 3, 2, *np.linspace(-0.2, 0.2, 290), -0.5, -0.9, -1.2],
    "after many outliers": [*np.geomspace(0.3, 30, 20), *np.linspace(-0.1, 0.1, 270), -0.5, -0.9, -1.2],
    "beside a bulk": [30, *np.abs(np.random.default_rng(0).normal(0, 0.5, 290)), -0.2, -0.25, -0.5],
}


@pytest.mark.parametrize("name", SMALL_ENDS)
@pytest.mark.parametrize("helped", [True, False])
def test_an_end_far_smaller_than_the_other_is_resolved_by_its_own_size(name: str, *, helped: bool) -> None:
    """Also where the start holds exact eigenvectors, but the wrong ones at that end."""
    off = []
    for seed in range(8):
        dense, vectors = matrix(SMALL_ENDS[name], seed)
        start = vectors[1] + vectors[-1] + (vectors[2] + vectors[-2]) / 2 if helped else None
        found = find(dense, start=start, seed=seed)
        assert found.largest == pytest.approx(30, rel=0.01)
        assert found.products < 40
        off.append(abs(found.smallest / min(SMALL_ENDS[name]) - 1))
    assert np.sort(off)[-2] < 0.1  # of 8, one may be unlucky


def test_the_neighbours_vectors_save_products() -> None:
    dense, _ = matrix(SPECTRA["no gaps"])
    shaken = dense + 0.02 * matrix(SPECTRA["no gaps"], seed=5)[0]
    alone = find(shaken)
    helped = find(shaken, start=find(dense).start)
    assert helped.products < alone.products
    assert helped.largest == pytest.approx(np.linalg.eigvalsh(shaken.double().numpy())[-1], rel=0.02)


def test_the_residual_is_the_true_one_even_after_restarts() -> None:
    dense, _ = matrix(SPECTRA["no gaps"])
    found = find(dense, tolerance=1e-5)
    assert found.products > ROOM  # restarted at least once
    assert found.converged
    truth = np.linalg.eigvalsh(dense.double().numpy())
    assert found.residual <= 1e-5 * np.abs(truth).max()
    assert found.largest == pytest.approx(truth[-1], abs=1e-5 * np.abs(truth).max())
    assert found.smallest == pytest.approx(truth[0], abs=1e-5 * np.abs(truth).max())


def test_a_search_that_is_cut_short_says_how_far_it_came() -> None:
    dense, _ = matrix(SPECTRA["no gaps"])
    found = find(dense, tolerance=1e-5, most=5)
    assert found.products == 5
    assert not found.converged
    truth = np.linalg.eigvalsh(dense.double().numpy())
    distance = np.abs(truth - found.largest).min()
    assert distance <= found.residual  # some eigenvalue lies within the residual (Parlett 1998, Thm 4.5.1)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_tiny_operators_are_solved_in_as_many_products_as_they_have_rows(size: int) -> None:
    dense, _ = matrix(np.arange(size) - 1.5)
    found = find(dense, tolerance=1e-3)
    assert found.products <= size
    assert found.smallest == pytest.approx(-1.5, abs=1e-4)
    assert found.largest == pytest.approx(size - 2.5, abs=1e-4)


def test_the_same_seed_gives_the_same_figures() -> None:
    dense, _ = matrix(SPECTRA["a few large ones"])
    assert find(dense, seed=3).smallest == find(dense, seed=3).smallest


def test_what_a_product_raises_goes_through() -> None:
    def broken(vector: Tensor) -> Tensor:
        raise NumericalFailure("The Hessian is not finite.")

    with pytest.raises(NumericalFailure, match="not finite"):
        extreme_pairs(broken, 10, 0.01, 20, 0)
