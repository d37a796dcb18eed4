"""NAME=VALUE lists as they are typed."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.inputs import assignments, pairs
from app.cli.tables import lined_up, table

NAMES = st.text("abcdefgh _.-/()", min_size=1).map(str.strip).filter(bool)
VALUES = st.text("abc 123.,<>=-", min_size=1).map(lambda text: text.strip(" ,")).filter(bool)


@given(st.dictionaries(NAMES, VALUES.filter(lambda value: "," not in value or "=" not in value), max_size=5))
def test_what_was_joined_is_taken_apart_again(values: dict[str, str]) -> None:
    text = ",".join(f"{name}={value}" for name, value in values.items())
    assert assignments(text, "--input") == values


@given(st.dictionaries(NAMES, st.floats(allow_nan=False), max_size=5))
def test_numbers_keep_their_value(values: dict[str, float]) -> None:
    text = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    assert pairs(text, "--stability") == values


@pytest.mark.parametrize("text", ["a", "=1", "a=", "a=1,a=2", "a=1,=2", ",a"])
def test_anything_else_is_wrong_usage(text: str) -> None:
    with pytest.raises(click.BadParameter):
        assignments(text, "--input")


@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_typed_is_nothing(text: str | None) -> None:
    assert assignments(text, "--input") == {}


def test_columns_line_up_and_numbers_stand_to_the_right() -> None:
    text = table(("name", "value"), [("a", "1.5"), ("longer", "-10")])
    assert text.splitlines() == ["name    value", "a         1.5", "longer    -10"]


def test_a_value_of_several_lines_stays_in_its_column() -> None:
    assert lined_up([("a", "1\n2"), ("name", "")]).splitlines() == ["a     1", "      2", "name"]
