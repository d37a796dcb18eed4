"""What is said of a spectrum besides its pairs."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from core.exchange.facts.spectrum import spectrum_facts
from core.exchange.report.html import report_html
from core.exchange.spectrum_words import (
    bracket_words,
    density_words,
    eigenvalues_words,
    layer_columns,
    sampling_words,
    trace_words,
)
from core.exchange.subject import subject_of
from core.spectrum.spectrum import End, Estimate, Spectrum
from tests import documents


def with_first(value: float, over: float, end: End = "magnitude") -> Spectrum:
    whole = documents.whole_spectrum(1)
    assert whole.sampling is not None
    sampling = replace(whole.sampling, over_population=np.array([over]))
    request = replace(whole.request, end=end)
    return replace(whole, eigenvalues=np.array([value]), sampling=sampling, request=request)


@pytest.mark.parametrize(
    ("value", "end", "words"),
    [
        (41.0, "magnitude", ("largest", "at least 37.5", "above")),
        (-41.0, "magnitude", ("smallest", "at most 37.5", "below")),
        (41.0, "smallest", ("smallest", "at most 37.5", "below")),
        (-41.0, "largest", ("largest", "at least 37.5", "above")),
    ],
)
def test_the_bracket_bounds_the_end_that_the_first_pair_is_of(value: float, end: End, words: tuple[str, ...]) -> None:
    said = bracket_words(with_first(value, 37.5, end))
    assert all(word in said for word in words)
    assert "all 400 samples" in said


def test_nothing_is_said_where_nothing_is_known() -> None:
    plain = documents.spectrum()
    assert [bracket_words(plain), sampling_words(plain), trace_words(plain)] == ["", "", ""]
    assert bracket_words(with_first(41.0, np.nan)) == ""
    whole = documents.whole_spectrum()
    assert whole.sampling is not None
    unknown = replace(whole.sampling, standard_error=np.full(8, np.nan), over_population=None)
    assert sampling_words(replace(whole, sampling=unknown)) == ""


def test_an_exact_trace_is_said_to_be_exact() -> None:
    whole = documents.whole_spectrum()
    assert "±" in trace_words(whole)
    exact = trace_words(replace(whole, trace=Estimate(value=2.5, standard_error=0.0)))
    assert "exact" in exact
    assert "±" not in exact


def test_a_density_says_how_it_was_made() -> None:
    density = documents.whole_spectrum().density
    assert density is not None
    assert density_words(density) == "3 random vectors of 20 Lanczos steps, 8 known eigenvalues taken out"
    assert "all eigenvalues are known" in density_words(replace(density, probes=0))


def test_eigenvalues_are_named_by_end_matrix_and_parameters() -> None:
    request = documents.spectrum().request
    assert eigenvalues_words(request) == "Eigenvalues of largest magnitude of the Hessian of the mean loss"
    other = replace(request, end="smallest", matrix="fisher", weights_only=True)
    assert eigenvalues_words(other) == (
        "Smallest eigenvalues of the empirical Fisher matrix of the mean loss in the weights alone, without biases and "
        "normalisation"
    )


def test_the_table_of_layers_has_a_row_for_each() -> None:
    heads, rows = layer_columns(documents.whole_spectrum().layer_table)
    assert len({len(row) for row in (heads, *rows)}) == 1
    assert [row[0] for row in rows] == ["1", "3"]
    alone = replace(documents.whole_spectrum().layer_table[0], layer="", share=float("nan"))
    (row,) = layer_columns([replace(alone, trace=Estimate(value=1.0, standard_error=0.0))])[1]
    assert (row[0], row[5], row[6]) == ("(on their own)", "exact", "—")


def test_facts_and_report_have_everything_of_a_whole_spectrum() -> None:
    document = documents.document()
    item = documents.result_item(documents.whole_spectrum(), "spectrum-1", "All there is")
    document = replace(document, items=MappingProxyType({**document.items, item.id: item}))
    facts = dict(spectrum_facts(documents.whole_spectrum(), subject_of(item, document)))
    assert {"Spectrum", "Sampling error", "Bracket", "Trace", "Density", "λ1"} <= set(facts)
    assert "sampling ±" in facts["λ1"]
    page = report_html(document)
    assert "<caption>Layers</caption>" in page
    assert "Trace" in page
    assert "<caption>Layers</caption>" not in report_html(documents.document())
