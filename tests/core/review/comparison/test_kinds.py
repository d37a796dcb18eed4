"""Each kind of result is judged by the errors that it states."""

from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.cases import OPEN, PROVED
from core.landscape.plane import RandomDirections
from core.landscape.surface import Surface
from core.review.comparison.comparing import compare_sessions
from core.review.comparison.words import pair_sentence, summary_sentence
from core.spectrum.spectrum import Spectrum
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.core.review.comparison.pairs_of_sessions import edited, every_kind, found, row, with_result
from tests.documents import certified_surface, correction, document, result_item
from tests.joints import joint
from tests.pairs import pairs_result


def certified(**fields: object) -> documents.Document:
    return document().with_item(result_item(replace(certified_surface(), **fields), "surface-1", "Certified"))


def interpolated_apart(size: float, cells: int) -> Surface:
    """The certified surface with so many of its interpolated cells that are shown raised by so much in height."""
    plain = certified_surface()
    loss = plain.loss.copy()
    shown = np.argwhere((plain.evaluated == 0) & (loss <= plain.request.display_limit))[:cells]
    assert len(shown) == cells
    for y, x in shown:
        loss[y, x] = np.exp(np.log(loss[y, x] + 0.1) + size) - 0.1
    return replace(plain, loss=loss)


def test_heights_agree_as_far_and_as_often_as_both_certificates_state() -> None:
    tolerance = certified_surface().certificate.tolerance  # type: ignore[union-attr]
    for size, cells, verdict in (
        (1.9 * tolerance, 30, "agree"),
        (2.1 * tolerance, 2, "agree"),
        (2.1 * tolerance, 40, "differ"),
    ):
        other = interpolated_apart(size, cells)
        pair = found(certified(), certified(loss=other.loss), "surface-1")
        assert pair.verdict == verdict, (size, cells, pair.rows)
        height = next(line for line in pair.rows if line.what.startswith("Height"))
        assert height.size == pytest.approx(size, rel=1e-6)
        assert height.allowed == pytest.approx(2 * tolerance + 2e-5)


def test_where_both_were_computed_only_rounding_is_excused() -> None:
    plain = certified_surface()
    loss = plain.loss.copy()
    y, x = np.argwhere((plain.evaluated == 1) & (loss < 5))[0]
    loss[y, x] += 1e-3
    pair = found(certified(), certified(loss=loss), "surface-1")
    assert pair.verdict == "differ"
    assert "rounding allows" in next(line for line in pair.rows if line.what.startswith("Height")).difference
    rounded = certified(loss=plain.loss * (1 + 1e-6))
    assert found(certified(), rounded, "surface-1").verdict == "agree"


def test_surfaces_of_other_planes_are_never_said_to_agree() -> None:
    other = documents.directions()
    moved = replace(other, x={name: -values for name, values in other.x.items()})
    pair = found(certified(directions=other), certified(directions=moved), "surface-1")
    assert pair.verdict == "not comparable"
    assert pair.reason == "they lie in different planes"
    assert row(pair, "Axes").finding == "differ"


def test_surfaces_of_which_one_has_more_points_are_compared_where_both_have_some() -> None:
    plain = certified_surface()
    part = {
        "x": plain.x[::2],
        **{n: getattr(plain, n)[:, ::2] for n in ("loss", "accuracy", "evaluated", "test_loss", "test_accuracy")},
    }
    pair = found(certified(), certified(**part), "surface-1")
    assert row(pair, "Points in common").finding == "differ"
    assert next(line for line in pair.rows if line.what.startswith("Height")).finding == "same"


def test_a_certificate_that_no_longer_holds_is_said_first() -> None:
    lost = replace(certified_surface().certificate, holds=False)  # type: ignore[type-var]
    comparison = compare_sessions(certified(), certified(certificate=lost))
    assert "Look first: Certified: certificate" in summary_sentence(comparison)


def spectra(**fields: object) -> documents.Document:
    return edited(document(), "spectrum-0", with_result(**fields))


def plain_spectrum() -> Spectrum:
    result = document().items["spectrum-0"].result  # type: ignore[union-attr]
    assert isinstance(result, Spectrum)
    return result


def test_eigenvalues_agree_where_their_bars_meet_and_differ_where_they_do_not() -> None:
    plain = plain_spectrum()
    near, far = plain.eigenvalues.copy(), plain.eigenvalues.copy()
    near[0] += 1.9 * plain.residuals[0]
    far[0] += 2.1 * plain.residuals[0]
    agreeing = found(document(), spectra(eigenvalues=near), "spectrum-0")
    assert agreeing.verdict == "agree"
    assert "7 of them bit for bit" in row(agreeing, "Eigenvalues").difference
    assert [line.what for line in agreeing.rows if line.finding == "agree"] == ["Eigenvalues", "λ1"]
    differing = found(document(), spectra(eigenvalues=far), "spectrum-0")
    assert differing.verdict == "differ"
    assert "the bars do not meet" in row(differing, "λ1").difference


def test_eigenvalues_of_nearly_one_magnitude_may_change_places() -> None:
    plain = plain_spectrum()
    swapped = plain.eigenvalues.copy()
    swapped[[0, 1]] = 40.99, -40.999
    turned = swapped[[1, 0, *range(2, len(swapped))]]
    one, other = (spectra(eigenvalues=values, eigenvectors=None, parameters=()) for values in (swapped, turned))
    assert found(one, other, "spectrum-0").verdict == "agree"


def test_an_eigenvalue_that_is_no_longer_verified_is_said_first() -> None:
    verified = plain_spectrum().verified.copy()
    verified[0] = 0
    comparison = compare_sessions(document(), spectra(verified=verified))
    assert summary_sentence(comparison).startswith("Look first: Sharpest directions: λ1 verified in one of them alone")


def test_eigenvectors_may_turn_as_far_as_residual_and_gap_allow() -> None:
    plain = plain_spectrum()
    assert plain.eigenvectors is not None
    for turn, verdict in ((1e-3, "agree"), (0.5, "differ")):
        vectors = plain.eigenvectors.copy()
        first, second = vectors[0].copy(), vectors[1].copy()
        vectors[0] = np.cos(turn) * first + np.sin(turn) * second
        assert found(document(), spectra(eigenvectors=vectors), "spectrum-0").verdict == verdict
    flipped = found(document(), spectra(eigenvectors=-plain.eigenvectors), "spectrum-0")
    assert flipped.verdict == "agree"


def test_spectra_of_different_matrices_cannot_be_compared() -> None:
    other = spectra(request=replace(plain_spectrum().request, matrix="fisher"))
    pair = found(document(), other, "spectrum-0")
    assert (pair.verdict, pair.reason) == ("not comparable", "they are of different matrices")
    assert row(pair, "Matrix").a == "Hessian"


def test_a_lost_proof_is_loud_and_a_box_is_told_in_the_users_units() -> None:
    plain = correction()
    assert plain.box is not None
    box = replace(plain.box, half_width=(3.0, 600.0), proof="unknown")
    other = edited(document(), "correction-0", with_result(proof="unknown", box=box))
    comparison = compare_sessions(document(), other)
    pair = comparison.pair_of("correction-0")
    assert pair is not None
    assert pair.verdict == "differ"
    assert [line.what for line in pair.loud] == ["Proof", "Box, proof"]
    assert row(pair, "Proof").difference == "proved → not proved"
    assert row(pair, "Box, Duration").difference == "ends moved by −1 and 1 months"
    assert summary_sentence(comparison).startswith("Look first: Applicant 7: proof proved → not proved and 1 more.")
    assert pair_sentence(pair).startswith("Proof: proved → not proved")


def test_distances_agree_where_their_proved_brackets_meet() -> None:
    plain = correction()
    assert plain.distance is not None
    wider = edited(document(), "correction-0", with_result(distance=1.2 * plain.distance))
    assert row(found(document(), wider, "correction-0"), "Distance").finding == "agree"
    further = with_result(distance=1.2 * plain.distance, lower_bound=1.1 * plain.distance)
    assert (
        row(found(document(), edited(document(), "correction-0", further), "correction-0"), "Distance").finding
        == "differ"
    )


def test_a_correction_that_provably_does_not_exist_any_more_is_said_so() -> None:
    none = documents.impossible_correction()
    other = document().with_item(result_item(none, "correction-0", "Applicant 7"))
    pair = found(document(), other, "correction-0")
    assert row(pair, "Proof").loud
    assert row(pair, "Proof").b == "proved that none exists"


def test_a_search_in_several_features_is_compared_by_its_bracket() -> None:
    session = every_kind()
    nearest = replace(joint().nearest, distance=0.39, point=np.array([36.0, 8800.0]))
    pair = found(session, edited(session, "joint-0", with_result(nearest=nearest)), "joint-0")
    assert row(pair, "Distance").finding == "agree"
    assert row(pair, "Amount, corrected").difference == "−200"
    assert row(pair, "Duration, corrected").finding == "same"


def test_of_all_pairs_those_whose_proof_changed_have_a_line() -> None:
    session = every_kind()
    proof = pairs_result().proof.copy()
    proof[0, 1] = proof[1, 0] = 0
    pair = found(session, edited(session, "pairs-0", with_result(proof=proof)), "pairs-0")
    assert row(pair, "Duration × Amount").loud
    assert "5 the same bit for bit, 0 agree, 1 differ" in row(pair, "Features and pairs").difference


def test_of_cases_the_share_and_the_rows_that_changed_are_told() -> None:
    session = every_kind()
    plain = answered()
    place = int(np.flatnonzero(plain.proof == PROVED)[0])
    proof = plain.proof.copy()
    proof[place] = OPEN
    pair = found(session, edited(session, "cases-0", with_result(proof=proof)), "cases-0")
    line = row(pair, f"Row {plain.rows[place]}")
    assert line.loud
    assert line.difference == "corrected, proved → open"
    assert row(pair, "Corrected, of the rejected").finding == "differ"


def test_accuracies_of_two_networks_agree_where_their_intervals_meet() -> None:
    session = every_kind()
    plain = session.items["robustness-0"].result  # type: ignore[union-attr]
    made = replace(plain.provenance, network_sha256="ab" * 32)  # type: ignore[union-attr]
    for by, finding in ((0.005, "agree"), (0.3, "differ")):
        other = edited(session, "robustness-0", with_result(accuracy=plain.accuracy - by, provenance=made))  # type: ignore[union-attr]
        assert row(found(session, other, "robustness-0"), "Accuracy under FGSM").finding == finding
    same = edited(session, "robustness-0", with_result(accuracy=plain.accuracy - 0.005))  # type: ignore[union-attr]
    assert row(found(session, same, "robustness-0"), "Accuracy under FGSM").finding == "unstated"


def test_requests_are_told_field_by_field_in_the_words_of_the_forms() -> None:
    asked = replace(
        certified_surface().request, columns=31, directions=RandomDirections(seed=5, norm="layer"), tolerance=0.05
    )
    pair = found(certified(), certified(request=asked), "surface-1")
    said = {line.what: (line.a, line.b) for line in pair.rows if line.part == "asked"}
    assert said["Seed"] == ("123", "5")
    assert said["Scaled"] == ("filter-normalised", "layer-normalised")
    assert said["Tolerance"][1] == "0.05"
    assert "Columns" in said


def test_a_correction_asked_otherwise_names_the_feature() -> None:
    first, second = correction().request.free
    asked = replace(correction().request, free=(replace(first, half_width=3.0), second), norm="Linf")
    pair = found(document(), edited(document(), "correction-0", with_result(request=asked)), "correction-0")
    said = {line.what: (line.a, line.b) for line in pair.rows if line.part == "asked"}
    assert said == {"Duration: stable for ±": ("2", "3"), "Norm": ("L1", "L∞")}


def test_time_and_versions_are_noted_and_change_no_verdict() -> None:
    plain = plain_spectrum().provenance
    made = replace(plain, seconds=99.0, threads=7, versions={**plain.versions, "torch": "9.9"})
    pair = found(document(), spectra(provenance=made), "spectrum-0")
    assert pair.verdict == "same"
    assert {line.what for line in pair.differing} == {"Computing time", "Threads", "Version of torch"}
    assert {line.finding for line in pair.differing} == {"noted"}


def test_of_networks_each_tensor_that_changed_is_told_with_its_share() -> None:
    item = document().items["network-0"]
    weights = {**item.weights}  # type: ignore[union-attr]
    name = next(iter(weights))
    weights[name] = (1.01 * weights[name]).astype(np.float32)
    pair = found(document(), edited(document(), "network-0", lambda old: replace(old, weights=weights)), "network-0")
    assert pair.verdict == "differ"
    assert row(pair, name).size == pytest.approx(0.01, rel=1e-3)
    assert row(pair, "Weights, ‖w‖₂").difference.startswith(f"1 tensor of {len(weights)} changed")


def test_data_that_are_kept_in_both_are_compared_number_by_number() -> None:
    item = document().items["dataset-0"]
    data = item.data  # type: ignore[union-attr]
    if data is None:
        data = documents.table()
        item = replace(item, data=data)  # type: ignore[type-var]
    labels = data.y.copy()
    labels[0] = 1 - labels[0]
    one = edited(document(), "dataset-0", lambda _old: item)
    other = edited(document(), "dataset-0", lambda _old: replace(item, data=replace(data, y=labels)))  # type: ignore[type-var]
    pair = found(one, other, "dataset-0")
    assert row(pair, "Labels").difference == f"1 sample of {len(labels):,}"
    described = edited(document(), "dataset-0", lambda _old: replace(item, data=None))  # type: ignore[type-var]
    assert "fingerprints alone" in row(found(one, described, "dataset-0"), "The samples").difference


def test_of_two_densities_the_mean_way_of_an_eigenvalue_is_told() -> None:
    session = every_kind()
    density = documents.whole_spectrum().density
    assert density is not None
    moved = replace(density, nodes=density.nodes + 0.25)
    line = row(found(session, edited(session, "spectrum-1", with_result(density=moved)), "spectrum-1"), "Density")
    assert line.finding == "unstated"
    assert line.size == pytest.approx(0.25)
    assert line.difference == "an eigenvalue is moved by 0.25 on average"
