"""What a spectrum takes, before it begins."""

from dataclasses import replace

from app.jobs.spectrum_effort import known_words, memory_words, spectrum_effort
from core.spectrum.cost import BLOCK_COST, LAYER_STEPS, PRECISE
from core.spectrum.spectrum import SpectrumRequest
from tests import documents

PLAIN = SpectrumRequest(top=20)


def test_more_is_more_work() -> None:
    plain = spectrum_effort(PLAIN, 100, 10)
    assert plain.least.searches < plain.most.searches == plain.units
    assert plain.least.searches >= 20 + 2 * 20  # no fewer products than pairs, and each is judged in float64
    dense = spectrum_effort(replace(PLAIN, density=True, probes=3, density_steps=30), 100, 10)
    assert dense.most.searches == plain.most.searches + 90
    traced = spectrum_effort(replace(PLAIN, trace=True, probes=3), 100, 10)
    assert traced.most.searches == plain.most.searches + 3
    layers = spectrum_effort(replace(PLAIN, layer_table=True), 100, 10)
    assert layers.most.searches == plain.most.searches + BLOCK_COST * 10 * (LAYER_STEPS + PLAIN.probes)
    assert spectrum_effort(PLAIN, 200, 10).most.products == 2 * plain.most.products


def test_samples_beyond_those_used_are_work_where_pairs_are_taken_over_them() -> None:
    asked, left_out = replace(PLAIN, population_pairs=2), replace(PLAIN, population_pairs=0)
    plain = spectrum_effort(PLAIN, 100, 10).units
    assert spectrum_effort(left_out, 100, 10, None, 400).units == plain
    # Two products over three times as many samples as are used, and the graphs for them.
    assert spectrum_effort(asked, 100, 10, None, 400).units == plain + 3 * (2 + 2)
    assert plain < spectrum_effort(PLAIN, 100, 10, None, 400).units < 2 * plain
    assert spectrum_effort(PLAIN, 100, 10, None, 100_000).units == plain  # would take longer than the search


def test_the_search_is_not_thought_longer_than_it_may_be() -> None:
    free, bounded = SpectrumRequest(top=20, max_products=1000), SpectrumRequest(top=20, max_products=30)
    difference = spectrum_effort(free, 10, 1).most.searches - spectrum_effort(bounded, 10, 1).most.searches
    assert difference == 20 * 3.2 + 16 - 30


def test_memory_is_told_in_a_sentence() -> None:
    words = memory_words(PLAIN, 1_000_000)
    assert "1,000,000 parameters" in words
    assert "320 MB for the directions" in words  # 80 directions of four million bytes
    assert "eigenvectors take 80 MB" in words
    assert memory_words(PLAIN, None) == ""
    assert "3,2" not in memory_words(SpectrumRequest(top=20), 10)


def test_what_is_known_is_no_work_but_a_look() -> None:
    known, dense = documents.whole_spectrum(20), replace(PLAIN, density=True, probes=3, density_steps=20)
    assert spectrum_effort(PLAIN, 100, 10, known).units == PRECISE
    assert spectrum_effort(dense, 100, 10, replace(known, density=None)).units == PRECISE + 60
    again = replace(known, request=replace(known.request, density_steps=20))
    assert spectrum_effort(replace(dense, probes=5), 100, 10, again).units == PRECISE + 40
    ten = documents.spectrum(10)
    assert PRECISE + 20 + 20 < spectrum_effort(PLAIN, 100, 10, ten).units < spectrum_effort(PLAIN, 100, 10).units


def test_a_trace_and_layers_that_are_known_are_no_work() -> None:
    known, traced = documents.whole_spectrum(20), replace(PLAIN, trace=True, layer_table=True)
    known = replace(known, request=replace(known.request, probes=traced.probes))
    assert known.trace is not None
    assert len(known.layer_table) > 0
    each = BLOCK_COST * (LAYER_STEPS + traced.probes)
    assert spectrum_effort(traced, 100, 10, known).units == PRECISE + (10 - len(known.layer_table)) * each
    others = replace(traced, probes=traced.probes + 1)
    assert spectrum_effort(others, 100, 10, known).units == PRECISE + others.probes + 10 * (each + BLOCK_COST)
    fewer = replace(traced, top=10)  # what the twenty left of the trace is not what ten leave
    assert spectrum_effort(fewer, 100, 10, known).units == spectrum_effort(traced, 100, 10, known).units + traced.probes
    further = spectrum_effort(replace(traced, top=25), 100, 10, known).units
    assert (
        further
        == spectrum_effort(replace(PLAIN, top=25), 100, 10, known).units
        + traced.probes
        + (10 - len(known.layer_table)) * each
    )


def test_it_is_said_which_eigenvectors_are_there() -> None:
    assert known_words(PLAIN, None) == ""
    assert known_words(PLAIN, documents.spectrum(20)).startswith("Its eigenvectors are in the session")
    assert known_words(PLAIN, documents.spectrum(8)).startswith("8 of its eigenvectors are in the session")
