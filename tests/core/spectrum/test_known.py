"""What is known of a spectrum is not searched again, and comes out as a search from the start would give it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.spectrum.engine import compute_spectrum
from core.spectrum.known import FOREIGN
from core.spectrum.spectrum import Spectrum, SpectrumRequest, holds_pairs_for
from tests.core.spectrum import dense

SEARCH = SpectrumRequest(top=6, density_steps=8)
EVERYTHING = replace(SEARCH, density=True, trace=True, layer_table=True)


def computed(
    request: SpectrumRequest, known: Spectrum | None = None, kind: str = "tanh", samples: int = 70
) -> Spectrum:
    return compute_spectrum(request, dense.network(kind), dense.data(samples), JobContext(), known)


def assert_same_pairs(found: Spectrum, known: Spectrum) -> None:
    """Bit for bit: nothing of them was computed again."""
    for name in ("eigenvalues", "residuals", "verified", "eigenvectors", "between"):
        assert np.array_equal(getattr(found, name), getattr(known, name)), name
    assert found.audit == known.audit


def assert_alike(found: Spectrum, scratch: Spectrum, error: float = 1e-5) -> None:
    """What comes besides the pairs. Vectors known to another digit give it to another digit, too."""
    assert (found.density is None) == (scratch.density is None)
    if found.density is not None and scratch.density is not None:
        assert np.allclose(found.density.nodes, scratch.density.nodes, atol=max(1e-4, error))
        for power in range(4):
            mine, theirs = (float(one.weights @ one.nodes**power) for one in (found.density, scratch.density))
            assert mine == pytest.approx(theirs, rel=error, abs=error)
        assert (found.density.probes, found.density.deflated) == (scratch.density.probes, scratch.density.deflated)
    if found.trace is not None and scratch.trace is not None:
        assert found.trace.value == pytest.approx(scratch.trace.value, rel=error)
        assert found.trace.standard_error == pytest.approx(scratch.trace.standard_error, rel=10 * error)
    assert [row.layer for row in found.layer_table] == [row.layer for row in scratch.layer_table]
    for row, other in zip(found.layer_table, scratch.layer_table, strict=True):
        assert row.top_eigenvalue == pytest.approx(other.top_eigenvalue, rel=error)
        assert row.trace.value == pytest.approx(other.trace.value, rel=error)
        assert row.share == pytest.approx(other.share, rel=error)
    assert found.sampling is not None
    assert scratch.sampling is not None
    assert np.allclose(found.sampling.standard_error, scratch.sampling.standard_error, rtol=error)
    assert found.sampling.groups == scratch.sampling.groups


@pytest.mark.parametrize("kind", ["tanh", "relu", "batchnorm"])
@pytest.mark.parametrize("matrix", sorted(dense.DENSE))
def test_density_trace_and_layers_are_added_to_known_pairs(matrix: str, kind: str) -> None:
    plain = computed(replace(SEARCH, matrix=matrix), kind=kind)  # type: ignore[arg-type]
    wanted = replace(EVERYTHING, matrix=matrix)  # type: ignore[arg-type]
    found, scratch = computed(wanted, plain, kind), computed(wanted, kind=kind)
    assert_same_pairs(found, plain)
    assert_alike(found, scratch)
    truth = dense.outermost(np.linalg.eigvalsh(dense.DENSE[matrix](dense.network(kind), dense.data())), 6)
    assert np.allclose(found.eigenvalues, truth, rtol=1e-4, atol=1e-6 * abs(truth[0]))
    assert found.products == scratch.products + 1  # the look at what is known, and no search
    assert "6 eigenpairs with their residuals and their audit were taken" in found.taken_over
    assert not scratch.taken_over
    assert found.provenance.seconds > plain.provenance.seconds


def test_more_random_vectors_go_on_from_those_that_were_taken() -> None:
    few = computed(replace(EVERYTHING, layer_table=False))
    wanted = replace(EVERYTHING, layer_table=False, probes=7)
    found, scratch = computed(wanted, few), computed(wanted)
    assert_same_pairs(found, few)
    assert_alike(found, scratch)
    assert found.products == few.products + 1 + 3 * 8


def test_fewer_random_vectors_are_taken_anew() -> None:
    many = computed(replace(EVERYTHING, probes=6))
    wanted = replace(EVERYTHING, probes=2)
    assert_alike(computed(wanted, many), computed(wanted))


def test_what_is_there_already_costs_one_look() -> None:
    whole = computed(EVERYTHING)
    again = computed(EVERYTHING, whole)
    assert again.products == whole.products + 1
    assert_same_pairs(again, whole)
    assert_alike(again, whole)


def test_curvature_over_all_samples_is_added_and_then_kept() -> None:
    first = computed(replace(SEARCH, samples=30, population_pairs=0))
    wanted = replace(SEARCH, samples=30, population_pairs=2, trace=True)
    found, scratch = computed(wanted, first), computed(wanted)
    assert first.sampling is not None
    assert first.sampling.over_population is None
    assert_same_pairs(found, first)
    for one in (found, computed(replace(wanted, density=True), found)):
        assert one.sampling is not None
        assert scratch.sampling is not None
        assert one.sampling.population == 70
        assert np.allclose(one.sampling.over_population, scratch.sampling.over_population, rtol=1e-5, equal_nan=True)
    others = computed(wanted, found, samples=60)  # the first thirty are the same
    assert others.sampling is not None
    assert others.sampling.population == 60
    assert abs(others.sampling.over_population[0] / scratch.sampling.over_population[0] - 1) > 1e-3


def test_fewer_pairs_are_the_first_of_the_known_ones() -> None:
    many, wanted = computed(replace(SEARCH, top=9), kind="relu"), replace(EVERYTHING, top=5)
    found, scratch = computed(wanted, many, "relu"), computed(wanted, kind="relu")
    assert np.array_equal(found.eigenvalues, many.eigenvalues[:5])
    assert found.audit == many.audit
    assert found.verified.all()
    assert_alike(found, scratch, 1e-2)


@pytest.mark.parametrize("matrix", sorted(dense.DENSE))
@pytest.mark.parametrize("kind", ["tanh", "relu", "batchnorm"])
def test_further_pairs_are_searched_beside_the_known_ones(kind: str, matrix: str) -> None:
    few = computed(replace(SEARCH, matrix=matrix), kind=kind)  # type: ignore[arg-type]
    wanted = replace(EVERYTHING, top=14, matrix=matrix)  # type: ignore[arg-type]
    found, scratch = computed(wanted, few, kind), computed(wanted, kind=kind)
    truth = dense.outermost(np.linalg.eigvalsh(dense.DENSE[matrix](dense.network(kind), dense.data())), 14)
    assert np.allclose(found.eigenvalues, truth, rtol=1e-4, atol=1e-6 * abs(truth[0]))
    assert np.array_equal(found.eigenvectors[:6], few.eigenvectors)
    gram = found.eigenvectors.astype(np.float64) @ found.eigenvectors.T
    assert np.abs(gram - np.eye(14)).max() < 1e-5
    assert found.verified.tolist() == scratch.verified.tolist()
    assert found.audit is not None
    assert found.audit.missed == 0
    assert found.products - few.products < scratch.products
    assert_alike(found, scratch, 1e-2)
    assert "6 eigenpairs with their residuals were taken" in found.taken_over
    assert "audit" not in found.taken_over


def test_an_audit_is_added_to_pairs_that_had_none() -> None:
    unsure = computed(replace(SEARCH, audit_products=0), kind="relu")
    assert not unsure.verified.any()
    found, scratch = computed(SEARCH, unsure, "relu"), computed(SEARCH, kind="relu")
    assert np.array_equal(found.eigenvalues, unsure.eigenvalues)
    assert found.verified.tolist() == scratch.verified.tolist()
    assert found.audit == scratch.audit
    assert found.products == scratch.products + 1


def test_an_audit_that_is_added_finds_what_was_missed() -> None:
    truth = dense.outermost(np.linalg.eigvalsh(dense.hessian(dense.network("tanh"), dense.data())), 6)
    unsure = computed(replace(SEARCH, audit_products=0))
    assert abs(unsure.eigenvalues[5] - truth[5]) > 1e-3  # −0.4223, where 0.4229 is the next
    assert np.allclose(computed(SEARCH, unsure).eigenvalues, truth, rtol=1e-4)


@pytest.mark.parametrize("part", ["density", "layer 2 of 2", "looking for missed"])
def test_a_spectrum_that_was_stopped_goes_on_where_it_was(part: str) -> None:
    kept: list[Spectrum] = []
    job = ControlledJob(on_partial=kept.append, on_progress=lambda _, __, text: part in text and job.cancel())
    with pytest.raises(Cancelled):
        compute_spectrum(EVERYTHING, dense.network("tanh"), dense.data(), job)
    partial = kept[-1]
    assert partial.status == "partial"
    found, scratch = computed(EVERYTHING, partial), computed(EVERYTHING)
    assert found.status == "complete"
    assert np.array_equal(found.eigenvectors, scratch.eigenvectors)
    assert found.verified.tolist() == scratch.verified.tolist()
    assert_alike(found, scratch)
    assert found.products <= scratch.products + 22  # at most an audit again, and the look


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 5},
        {"tolerance": 1e-3},
        {"matrix": "fisher"},
        {"end": "largest"},
        {"layers": ("0",)},
        {"weights_only": True},
    ],
    ids=str,
)
def test_pairs_of_another_question_are_left_alone(other: dict[str, object]) -> None:
    known, wanted = computed(SEARCH), replace(SEARCH, **other)  # type: ignore[arg-type]
    assert not holds_pairs_for(known, wanted)
    found, scratch = computed(wanted, known), computed(wanted)
    assert_same_pairs(found, scratch)
    assert not found.taken_over


def test_pairs_of_other_samples_are_searched_anew_and_that_is_said() -> None:
    found = computed(SEARCH, computed(SEARCH, samples=69))
    assert_same_pairs(found, computed(SEARCH))
    assert found.taken_over == FOREIGN


def _spoilt(known: Spectrum, how: str) -> Spectrum:
    vectors, values = known.eigenvectors.copy(), known.eigenvalues.copy()
    if how == "a vector":
        strange = np.random.default_rng(0).standard_normal(vectors.shape[1])
        strange -= vectors[:5].T @ (vectors[:5] @ strange)
        vectors[5] = strange / np.linalg.norm(strange)
    elif how == "two vectors exchanged":
        vectors[[3, 4]] = vectors[[4, 3]]
    elif how == "a value":
        values[5] *= 1.01
    elif how == "no basis":
        vectors[2] = vectors[1]
    else:
        vectors[0, 0] = np.nan
    return replace(known, eigenvectors=vectors, eigenvalues=values)


@pytest.mark.parametrize("how", ["a vector", "two vectors exchanged", "a value", "no basis", "no number"])
def test_pairs_that_are_not_of_this_matrix_are_searched_anew_and_that_is_said(how: str) -> None:
    known = computed(SEARCH)
    found = computed(replace(SEARCH, trace=True), _spoilt(known, how))
    assert_same_pairs(found, known)
    assert "not those of this matrix, so the search began anew" in found.taken_over


def test_a_file_from_before_more_was_kept_serves_for_what_it_has() -> None:
    old = replace(computed(SEARCH), between=None, sampling=None)
    found, scratch = computed(EVERYTHING, old), computed(EVERYTHING)
    assert np.array_equal(found.eigenvalues, old.eigenvalues)
    assert np.allclose(found.sampling.standard_error, scratch.sampling.standard_error, rtol=1e-3)
    assert not computed(replace(SEARCH, top=9), old).taken_over
    assert not computed(EVERYTHING, replace(old, eigenvectors=None)).taken_over


def test_pairs_of_a_signed_end_serve_for_what_is_added() -> None:
    largest = computed(replace(SEARCH, end="largest"))
    found = computed(replace(EVERYTHING, end="largest"), largest)
    assert_same_pairs(found, largest)
    assert not computed(replace(SEARCH, end="largest", top=9), largest).taken_over


def test_pairs_of_a_signed_end_do_not_serve_for_a_longer_audit() -> None:
    largest = computed(replace(SEARCH, end="largest"))
    wanted = replace(SEARCH, end="largest", audit_products=25)
    assert not holds_pairs_for(largest, wanted)
    found = computed(wanted, largest)
    assert_same_pairs(found, computed(wanted))
    assert not found.taken_over


def test_nothing_is_taken_of_a_spectrum_of_which_an_audit_found_more() -> None:
    known = computed(SEARCH)
    missed = replace(known, audit=replace(known.audit, missed=1))
    assert not holds_pairs_for(missed, EVERYTHING)
    assert not holds_pairs_for(missed, replace(SEARCH, top=9))


def test_pairs_of_a_network_that_is_bound_to_float32_are_searched_anew() -> None:
    class Narrow(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.only = nn.Linear(6, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.only(x).float()

    network, request = dense.named(Narrow()), replace(SEARCH, top=3)
    known = compute_spectrum(request, network, dense.data(), JobContext())
    found = compute_spectrum(replace(request, trace=True), network, dense.data(), JobContext(), known)
    assert known.provenance.dtype == "float32"
    assert_same_pairs(replace(found, between=None), replace(known, between=None))
    assert found.taken_over == ""
