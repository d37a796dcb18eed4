"""Numbers are written the way they are read."""

import math
from dataclasses import replace

import pytest

from core.exchange.figures.loss_scale import loss_scale
from core.exchange.plane_words import axis_labels, directions_words, same_directions, short_axis_labels
from core.exchange.words import (
    bound_words,
    certificate_words,
    count,
    course_words,
    duration,
    engine_words,
    made_words,
    number,
    points_words,
    quantity,
    samples_words,
    signed,
    whole,
)
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)
from core.landscape.surface import Certificate, Course
from core.provenance import imported_provenance
from tests import documents


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-19.0, "−19"),
        (0.41612, "0.4161"),
        (9.99999, "10"),
        (2700.0, "2700"),
        (13500.0, "13\u202f500"),
        (-1234567.0, "−1\u202f235\u202f000"),
        (1e-6, "1×10⁻⁶"),
        (3.25e12, "3.25×10¹²"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_numbers_are_written_in_full_where_that_is_short(value: float, written: str) -> None:
    assert number(value) == written


def test_changes_have_a_sign_and_quantities_their_unit() -> None:
    assert signed(3.0) == "+3"
    assert quantity(48.0, "months") == "48\u00a0months"
    assert quantity(48.0, "") == "48"
    assert (count(1, "point"), count(2601, "point")) == ("1 point", "2\u202f601 points")


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.25, "0.25 s"), (99.0, "99 s"), (600.0, "10 min"), (9000.0, "2 h 30 min")]
)
def test_durations_are_given_in_coarse_words(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_round_losses_lie_inside_the_scale_and_apart() -> None:
    scale = loss_scale(documents.surface())
    losses = scale.round_losses(9)
    assert losses == sorted(set(losses))
    assert all(scale.low <= loss <= scale.high for loss in losses)
    assert {0.1, 1.0, 10.0} <= set(losses)


def test_a_certificate_is_one_sentence_with_all_its_figures() -> None:
    said = certificate_words(documents.certified_surface())
    assert said.startswith("with 95 % confidence at least 95 % of the displayed plane is within 2 %")
    assert "60 held-out points, largest error seen 1.4 %" in said
    assert "log(loss + 0.1)" in said
    assert certificate_words(documents.surface()) == ""


def test_a_certificate_that_missed_its_tolerance_says_so() -> None:
    surface = documents.certified_surface()
    missed = Certificate(points=59, confidence=0.95, coverage=0.95, tolerance=0.071, max_seen=0.08, holds=False)
    said = certificate_words(replace(surface, certificate=missed))
    assert "within 7.1 %" in said
    assert "the tolerance of 2 % was missed" in said


def test_the_course_names_lever_reason_and_cost() -> None:
    said = course_words(documents.certified_surface())
    assert said.startswith("fewer points: the plane is smooth: 9 × 9 points predict the others within 1.4 %")
    assert "within 3.1×10⁻⁷ of float64" in said
    assert "3\u202f320 samples through the network" in said
    sampled = Course(lever="fewer samples", reason="chaotic.", subset=128, full_points=121)
    assert course_words(replace(documents.surface(), course=sampled)) == (
        "fewer samples: chaotic; 128 samples at every point, all at 121 points"
    )
    assert course_words(documents.surface()) == ""


def test_the_error_of_the_arithmetic_is_told_once() -> None:
    course = Course(engine="float32, layer by layer; within 7e-07 of float64", engine_error=7e-7)
    assert engine_words(course) == "float32, layer by layer, within 7×10⁻⁷ of float64"
    assert course_words(replace(documents.surface(), course=course)).count("float64") == 1


def test_the_plane_of_another_result_keeps_the_names_of_its_axes() -> None:
    asked = same_directions("“Way”", PcaDirections(), documents.directions())
    assert asked.sha256 == documents.directions().fingerprint
    assert axis_labels(asked) == axis_labels(PcaDirections())
    assert short_axis_labels(asked) == short_axis_labels(PcaDirections())
    again = same_directions("“Surface”", asked, documents.directions())
    assert axis_labels(again) == axis_labels(PcaDirections())
    assert short_axis_labels(same_directions("", RandomDirections(), documents.directions())) == (
        "multiples of δ",
        "multiples of η",
    )


def test_counts_have_their_thousands_apart_wherever_they_stand() -> None:
    assert [whole(amount) for amount in (7, 999, 2601, 1234567)] == ["7", "999", "2\u202f601", "1\u202f234\u202f567"]
    assert count(2601, "point") == f"{whole(2601)} points"


def test_sampled_points_are_told_from_computed_and_interpolated_ones() -> None:
    assert points_words(documents.certified_surface()) == (
        "75 of 165 points evaluated, 16 computed on a calibrated part of the samples, 74 interpolated"
    )


def test_what_was_read_from_a_file_claims_nothing_else() -> None:
    made = imported_provenance("surface.h5")
    assert made.imported == "surface.h5"
    assert "is not recorded" in made_words(made)
    assert "sha256" not in made_words(made)
    assert samples_words(made) == "how many samples is not recorded"
    assert documents.provenance().imported == ""


@pytest.mark.parametrize(
    "asked",
    [
        RandomDirections(),
        EigenDirections(),
        PcaDirections(),
        NetworkDirections(first="a"),
        NetworkDirections(first="a", second="b"),
        BezierDirections(other="a"),
        FileDirections(origin="directions.h5"),
    ],
    ids=lambda asked: asked.kind,
)
def test_every_plane_has_words_and_labels(asked: AnyDirections) -> None:
    assert directions_words(asked)
    assert all(axis_labels(asked))
    assert all(0 < len(label) <= 24 for label in short_axis_labels(asked))


@pytest.mark.parametrize(
    ("bound", "digits", "distance", "words"),
    [
        (0.89996, 3, None, "0.899"),  # 0.9 would be more than was proved
        (0.20838, 4, 0.25, "0.2083"),
        (0.20838, 4, 0.20838 * (1 + 1e-9), "0.2084"),  # as the distance itself is written
        (0.5, 3, 0.6, "0.5"),
        (math.inf, 3, None, "∞"),
        (0.0, 3, 0.1, "0"),
    ],
)
def test_a_proved_bound_is_never_rounded_up(bound: float, digits: int, distance: float | None, words: str) -> None:
    assert bound_words(bound, digits, distance) == words
