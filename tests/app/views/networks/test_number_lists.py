"""Shapes, numbers and names as people type them."""

import pytest

from app.views.networks.number_lists import (
    names_text,
    numbers_text,
    parse_names,
    parse_numbers,
    parse_shape,
    shape_text,
)
from core.errors import InvalidRequest


@pytest.mark.parametrize("text", ["3 × 32 × 32", "3x32x32", "3, 32, 32", "(3, 32, 32)", " 3 32 32 ", "3*32*32"])
def test_a_shape_is_understood_however_it_is_typed(text: str) -> None:
    assert parse_shape(text) == (3, 32, 32)


@pytest.mark.parametrize("text", ["", "x", "3 × 0", "-1", "3.5", "1×2×3×4×5", "99999999 × 99999999"])
def test_what_is_no_shape_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_shape(text)


def test_a_shape_reads_back_as_itself() -> None:
    assert parse_shape(shape_text((1, 28, 28))) == (1, 28, 28)


@pytest.mark.parametrize("numbers", [(0.0,), (125.3, 123.0, 113.9), (1e-7, 1 / 3, -2.5)])
def test_numbers_read_back_to_the_last_digit(numbers: tuple[float, ...]) -> None:
    assert parse_numbers(numbers_text(numbers)) == numbers


@pytest.mark.parametrize("text", ["", "a", "1, , b", "nan", "inf", "1e400"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_numbers(text)


def test_dividing_by_zero_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="above zero"):
        parse_numbers("1, 0", positive=True)


def test_names_with_commas_read_back_as_themselves() -> None:
    names = ("cat", "dog, brown", "São Paulo")
    assert parse_names(names_text(names)) == names


def test_names_may_stand_on_lines_of_their_own() -> None:
    assert parse_names("cat\ndog\n\n bird ") == ("cat", "dog", "bird")
