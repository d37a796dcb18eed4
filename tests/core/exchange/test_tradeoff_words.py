"""The largest stability that can be had is told in the user's units, and can be asked for as it is written."""

from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.correction import Correction
from core.corrections.slices.outline import geometry_of
from core.corrections.slices.stability import stable_centres
from core.exchange.forms import form_of
from core.exchange.subject import Subject, subject_of
from core.exchange.tradeoff_words import half_width_words, largest_words, stability_axis_words
from core.exchange.words import rounded_down
from tests import documents


def subject() -> Subject:
    document = documents.document()
    item = document.items["correction-0"]
    return subject_of(item, document)  # type: ignore[arg-type]


def with_curve(**changes: object) -> Correction:
    curve = replace(documents.tradeoff(), **changes)  # type: ignore[arg-type]
    return replace(documents.explained_correction(), tradeoff=curve)


def test_the_facts_name_the_largest_stability_and_its_distance() -> None:
    correction = documents.explained_correction()
    said = dict(form_of(correction).facts(correction, subject()))["Largest stability"]
    assert (
        said.replace("\u00a0", " ") == "± 11.34 months, ± 2837 DM (5.674 times what was asked for), at distance 0.728"
    )


def test_a_stability_that_was_not_asked_for_counts_in_hundredths() -> None:
    correction = with_curve(asked=False, unit=(0.68, 197.5), stability=np.array([0.0, 13.768]), distance=np.ones(2))
    assert "(13.76 % of both ranges)" in largest_words(correction, subject())
    assert stability_axis_words(correction, subject()) == "stability (± % of both ranges)"


def test_only_what_is_to_be_stable_is_named() -> None:
    assert half_width_words(with_curve(unit=(2.0, 0.0)), subject(), 1.5) == "±\u00a03\u00a0months"
    assert "(±\u00a02\u00a0months)" in stability_axis_words(with_curve(unit=(2.0, 0.0)), subject())


def test_where_there_is_no_curve_or_no_place_on_it_nothing_is_said() -> None:
    assert largest_words(documents.correction(), subject()) == ""
    empty = replace(documents.correction(), tradeoff=documents.tradeoff_without_room())
    assert largest_words(empty, subject()) == ""
    assert "Largest stability" not in dict(form_of(empty).facts(empty, subject()))


@pytest.mark.parametrize("digits", [1, 2, 4])
def test_numbers_are_rounded_down_never_up(digits: int) -> None:
    for value in np.random.default_rng(0).uniform(1e-4, 1e4, 200):
        rounded = rounded_down(float(value), digits)
        assert value * (1 - 10.0 ** (1 - digits)) <= rounded <= value
    assert rounded_down(0.0, digits) == 0.0


def test_the_largest_stability_can_be_asked_for_as_it_is_written() -> None:
    correction = documents.explained_correction()
    curve = correction.tradeoff
    assert curve is not None
    assert curve.largest is not None
    said = largest_words(correction, subject()).replace("\u00a0", " ")
    half_width = tuple(float(part.split()[1]) for part in said.partition(" (")[0].split(", "))
    assert half_width == (11.34, 2837.0)
    assert not stable_centres(geometry_of(correction.accepted), (4, 250, 72, 20000), half_width).is_empty
