"""Spectra, losses along v₁ and curvature through training by batch size: who takes part, what is drawn and said."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.exchange.layouts.laying_out import default_choice, found_members, lay_out, members_of
from core.exchange.layouts.trends import losses_words, trend_words
from core.landscape.curve import CurveRequest
from core.landscape.plane import EigenDirections, FileDirections
from core.spectrum.history import HistoryRequest
from core.spectrum.spectrum import SpectrumRequest
from tests import documents
from tests.sweeps import BATCHES, curve_of, history_of, spectrum_of, sweep, with_result


def test_networks_stand_in_the_order_of_their_batch_size_whatever_that_of_the_session() -> None:
    picture = lay_out("figure3", sweep())
    assert [name.split("batch ")[1] for name in picture.names] == ["4)", "8)", "16)", "32)", "40)"]
    tops = [float(series.y[0]) for series in picture.panels[0].series]
    assert tops == pytest.approx(sorted(map(float, BATCHES)))


def test_the_top_eigenvalue_is_drawn_over_the_batch_size() -> None:
    _, against = lay_out("figure3", sweep()).panels
    points = {float(series.x[0]): float(series.y[0]) for series in against.series if series.group >= 0}
    assert points == pytest.approx({float(batch): float(batch) for batch in BATCHES})
    assert against.x.ticks == (4.0, 8.0, 16.0, 32.0, 40.0)


def test_a_batch_is_never_larger_than_the_samples_there_were() -> None:
    member = members_of("figure3", sweep((4096,)))[0]
    assert member.batch == 40.0


def test_negative_eigenvalues_are_hollow_and_their_sizes_on_the_logarithm() -> None:
    picture = lay_out("figure3", sweep())
    series = picture.panels[0].series[0]
    assert series.hollow is not None
    assert np.flatnonzero(series.hollow).tolist() == [4]
    assert (series.y > 0).all()
    assert ("negative", "hollow") in picture.styles


def test_a_perfect_order_of_five_is_a_trend_and_of_four_too_few_to_say() -> None:
    assert "ρ = 1, n = 5, p = 0.017; the paper's trend holds here" in lay_out("figure3", sweep()).statements[0]
    four = lay_out("figure3", sweep(BATCHES[:4])).statements[0]
    assert "too few to say: even a perfect order has p = 0.083" in four


def test_the_opposite_order_and_no_order_are_said_to_be_so() -> None:
    batch = [8.0, 16.0, 32.0, 64.0, 128.0]
    assert "the opposite of the paper's trend" in trend_words("λ", batch, [5.0, 4.0, 3.0, 2.0, 1.0], "up")
    assert "no trend beyond chance here" in trend_words("λ", batch, [2.0, 1.0, 3.0, 5.0, 4.0], "up")
    assert "no trend can be told" in trend_words("λ", [8.0, 8.0, 8.0], [1.0, 2.0, 3.0], "up")
    assert "too few" in trend_words("λ", [8.0, 16.0], [1.0, 2.0], "up")


def test_networks_that_have_not_learnt_equally_much_are_told_of() -> None:
    assert "train losses from 0.1 to 1.5 nats" in losses_words([0.1, 1.5, np.nan], "nats")
    assert losses_words([0.1, 0.15], "nats") == ""


def test_what_is_missing_is_named_and_can_be_asked_for_as_it_was_of_the_others() -> None:
    document = sweep(measured=False)
    assert len(lay_out("figure3", document).missing) == 5
    asked = spectrum_of(3.0)
    document = with_result(document, "network-0", asked)
    missing = lay_out("figure3", document).missing
    assert missing[0].words == "no spectrum of MLP 4 (batch 4) yet"
    assert {one.network_id for one in missing} == {f"network-{place}" for place in (1, 2, 3, 4)}
    assert all(one.request == asked.request and one.dataset_id == "data" for one in missing)


def test_without_any_spectrum_it_is_asked_for_on_samples_that_were_learnt_from() -> None:
    document = sweep((8,), measured=False)
    request = lay_out("figure3", document).missing[0].request
    assert isinstance(request, SpectrumRequest)
    assert request.samples == 40
    run = document.runs[0]
    recipe = replace(run.run.request, samples=30)
    document = document.with_item(replace(run, run=replace(run.run, request=recipe)))
    assert getattr(lay_out("figure3", document).missing[0].request, "samples", None) == 30


def test_spectra_on_the_same_samples_are_preferred_to_newer_ones_on_others() -> None:
    document = with_result(sweep(), "network-0", spectrum_of(99.0, samples=7))
    picture = lay_out("figure3", document)
    assert max(float(series.y[0]) for series in picture.panels[0].series) == pytest.approx(40.0)
    assert not any("not of the same samples" in note for note in picture.notes)


def test_spectra_of_single_layers_or_other_matrices_do_not_take_part() -> None:
    other = spectrum_of(99.0)
    other = replace(other, request=replace(other.request, matrix="fisher"))
    document = with_result(sweep(measured=False), "network-0", other)
    assert len(lay_out("figure3", document).missing) == 5


def test_losses_along_the_first_eigenvector_are_drawn_on_train_and_test() -> None:
    document = sweep(measured=False)
    for place, batch in enumerate(BATCHES):
        document = with_result(document, f"network-{place}", curve_of(float(batch)))
    picture = lay_out("figure4", document)
    train, test, rise = picture.panels
    assert train.y.logarithmic
    assert [len(panel.series) for panel in (train, test)] == [5, 5]
    assert test.series[0].y == pytest.approx(1.5 * train.series[0].y)
    rises = {float(series.x[0]): float(series.y[0]) for series in rise.series if series.group >= 0}
    assert rises == pytest.approx({float(batch): 0.125 * batch for batch in BATCHES})
    assert "the paper's trend holds here" in picture.statements[0]


def test_a_missing_curve_takes_the_eigenvector_of_the_spectrum_that_is_there() -> None:
    with_vectors = lay_out("figure4", sweep()).missing[0]
    assert isinstance(with_vectors.request, CurveRequest)
    assert isinstance(with_vectors.request.directions, FileDirections)
    assert with_vectors.directions is not None
    assert with_vectors.test_id == "test"
    without = lay_out("figure4", sweep(measured=False)).missing[0]
    assert isinstance(without.request, CurveRequest)
    assert isinstance(without.request.directions, EigenDirections)


def test_curvature_through_training_comes_from_the_runs_or_from_the_history_of_their_checkpoints() -> None:
    document = sweep()
    picture = lay_out("figure5", document)
    assert [len(panel.series) for panel in picture.panels] == [5, 5, 5, 5]
    assert float(picture.panels[0].series[0].y[-1]) == pytest.approx(9.0)
    document = with_result(document, "network-4", history_of(70.0), run_id="run-4")
    picture = lay_out("figure5", document)
    assert float(picture.panels[0].series[0].y[-1]) == pytest.approx(70.0)
    assert any("others afterwards at their checkpoints" in note for note in picture.notes)


def test_a_run_that_measured_nothing_can_be_measured_at_its_checkpoints() -> None:
    document = sweep((8, 16))
    item = document.runs[0]
    nothing = np.full(5, np.nan)
    document = document.with_item(replace(item, run=replace(item.run, top_eigenvalue=nothing)))
    (missing,) = lay_out("figure5", document).missing
    assert isinstance(missing.request, HistoryRequest)
    assert missing.run_id == item.id


def test_only_chosen_ones_take_part_by_name_run_or_sweep() -> None:
    document = sweep()
    assert found_members("figure3", document, ["MLP 1", "run-0"]) == ("network-1", "network-0")
    assert len(found_members("figure3", document, ["Sweep"]) or ()) == 5
    assert found_members("figure3", document, []) is None
    with pytest.raises(InvalidRequest, match="no network or training"):
        found_members("figure3", document, ["nobody"])
    picture = lay_out("figure3", document, ("network-0", "network-1"))
    assert len(picture.names) == 2


def test_every_layout_of_a_session_without_anything_is_empty() -> None:
    document = documents.document().without("network-1")
    for kind in ("figure3", "figure4", "figure5", "twins"):
        members = members_of(kind, document)
        picture = lay_out(kind, document, default_choice(kind, members)[:0])
        assert all(panel.empty for panel in picture.panels)


def test_a_loss_that_was_measured_more_rarely_leaves_no_gaps_between_its_points() -> None:
    document = sweep((8,))
    item = document.runs[0]
    rare = item.run.train_loss.copy()
    rare[1::2] = np.nan
    document = document.with_item(replace(item, run=replace(item.run, train_loss=rare)))
    panels = lay_out("figure5", document).panels
    assert [len(panel.series[0].x) for panel in panels] == [4, 4, 4, 2]
