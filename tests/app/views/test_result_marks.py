"""The sign beside a result says what may be relied on."""

from dataclasses import replace

import pytest

from app.views.result_marks import result_mark
from tests.documents import certified_surface, convexity, curve, initialisations, spectrum, surface, trajectory


@pytest.mark.parametrize("result", [curve(), trajectory(), initialisations()])
def test_what_is_complete_is_ticked_with_its_amount(result) -> None:
    sign, meaning = result_mark(result)
    assert sign == "✓"
    assert "Complete" in meaning


def test_a_partial_result_of_any_kind_is_a_half_moon() -> None:
    for result in (surface(), curve(), trajectory(), convexity(), initialisations(), spectrum()):
        assert result_mark(replace(result, status="partial"))[0] == "◐"  # type: ignore[type-var]


def test_a_surface_is_ticked_only_if_its_certificate_holds() -> None:
    certified = certified_surface()
    assert certified.certificate is not None
    assert result_mark(certified)[0] == "✓"
    missed = replace(certified, certificate=replace(certified.certificate, holds=False))
    sign, meaning = result_mark(missed)
    assert sign == "?"
    assert "missed" in meaning


def test_interpolated_points_without_a_certificate_leave_a_question() -> None:
    assert result_mark(surface())[0] == "?"


def test_a_map_with_points_that_have_no_eigenvalues_leaves_a_question() -> None:
    sign, meaning = result_mark(convexity())
    assert sign == "?"
    assert "1 of 63" in meaning
