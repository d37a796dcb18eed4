"""Feature cards: what is wrong is named, what is right survives its file."""

from pathlib import Path

import pytest

from core.data.tables.features import (
    Feature,
    FeatureCard,
    feature_card_as_table,
    feature_card_from_table,
    read_feature_card,
    write_feature_card,
)
from core.errors import InvalidRequest, UnreadableFile

GOOD = """
target = "Credit"
classes = ["denied", "granted"]
wanted = "granted"
[[features]]
name = "Age"
kind = "integer"
change = "fixed"
[[features]]
name = "Housing"
kind = "category"
levels = ["rent", "own", "free"]
[[features]]
name = "Amount"
unit = "DM"
low = 250
high = 20000
change = "down"
half_width = 500
"""


def card_file(folder: Path, text: str) -> Path:
    path = folder / "people.features.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_columns_of_the_input_follow_from_the_card(tmp_path: Path) -> None:
    card = read_feature_card(card_file(tmp_path, GOOD))
    assert [card.column_of(name) for name in ("Age", "Housing", "Amount")] == [0, 1, 4]
    assert card.width == 5
    assert card.feature("Amount") == Feature(
        name="Amount", unit="DM", low=250, high=20000, change="down", half_width=500
    )


def test_a_feature_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    card = read_feature_card(card_file(tmp_path, GOOD))
    with pytest.raises(InvalidRequest, match=r'no feature "Height".*Age, Housing, Amount'):
        card.column_of("Height")
    with pytest.raises(InvalidRequest, match="Height"):
        card.feature("Height")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "Age"', "", r'"features\.0\.name".*required'),
        ('kind = "integer"', 'kind = "whole"', r'"features\.0\.kind"'),
        ('change = "down"', 'change = "sideways"', r'"features\.2\.change"'),
        ('unit = "DM"', 'units = "DM"', r'"features\.2\.units"'),
        ("low = 250", 'low = "little"', r'"features\.2\.low"'),
        ("low = 250", "low = 20000", 'range of "Amount", 20000 to 20000, is empty'),
        ("low = 250", "low = nan", "is empty"),
        ('levels = ["rent", "own", "free"]', 'levels = ["rent"]', 'category "Housing" needs at least two levels'),
        ('levels = ["rent", "own", "free"]', 'levels = ["rent", "own", "rent"]', '"Housing" names a level twice'),
        ('kind = "category"', 'kind = "number"', '"Housing" is a number and cannot have levels'),
        ('name = "Housing"', 'name = "Age"', 'two features called "Age"'),
        ('wanted = "granted"', 'wanted = "yes"', 'wanted class "yes" is not one of denied, granted'),
        ('target = "Credit"', "", '"target".*required'),
        ('classes = ["denied", "granted"]', 'classes = ["granted"]', "two or more different classes"),
        ('classes = ["denied", "granted"]', 'classes = ["granted", "granted"]', "two or more different classes"),
        ("half_width = 500", "half_width = -1", 'half_width of "Amount" must be zero or more'),
        ("half_width = 500", "price = nan", 'price of "Amount" must be zero or more'),
        ("half_width = 500", "step = -5", 'step of "Amount" must be zero or more'),
        ("[[features]]", "[[features]", "not valid TOML.*line"),
    ],
)
def test_a_wrong_card_is_refused_with_the_field_at_fault(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    path = card_file(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UnreadableFile, match=words) as refusal:
        read_feature_card(path)
    assert str(path) in str(refusal.value)


def test_a_card_without_features_is_refused(tmp_path: Path) -> None:
    path = card_file(tmp_path, 'target = "Credit"\nclasses = ["denied", "granted"]\nfeatures = []\n')
    with pytest.raises(UnreadableFile, match="names no features"):
        read_feature_card(path)


def test_a_card_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_feature_card(tmp_path / "people.features.toml")
    (tmp_path / "people.features.toml").write_bytes(b"target = '\xff'")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_feature_card(tmp_path / "people.features.toml")


def test_a_card_survives_its_file_and_a_table(tmp_path: Path) -> None:
    card = read_feature_card(card_file(tmp_path, GOOD))
    write_feature_card(card, tmp_path / "again.features.toml")
    assert read_feature_card(tmp_path / "again.features.toml") == card
    assert feature_card_from_table(feature_card_as_table(card)) == card


@pytest.mark.parametrize("table", [None, [], {}, {"target": "a", "classes": ["a", "b"], "features": [{"name": 1}]}])
def test_a_damaged_table_is_no_card(table: object) -> None:
    with pytest.raises(InvalidRequest, match="damaged"):
        feature_card_from_table(table)


def test_cards_are_equal_only_if_every_field_is() -> None:
    one = FeatureCard(features=(Feature(name="a"),), target="t", classes=("x", "y"))
    other = FeatureCard(features=(Feature(name="a", low=0),), target="t", classes=("x", "y"))
    assert one != other
