"""Features that change together, on the card."""

from pathlib import Path
from typing import Any

import pytest

from core.data.tables.features import (
    Feature,
    FeatureCard,
    feature_card_as_table,
    feature_card_from_table,
    group_of,
    read_feature_card,
    write_feature_card,
)
from core.data.tables.groups import FeatureGroup
from core.errors import InvalidRequest

FEATURES = (Feature(name="length"), Feature(name="width"), Feature(name="kind", kind="category", levels=("a", "b")))


def card(*groups: FeatureGroup) -> FeatureCard:
    return FeatureCard(features=FEATURES, target="verdict", classes=("no", "yes"), groups=groups)


def test_a_card_with_groups_is_written_and_read_back(tmp_path: Path) -> None:
    written = card(FeatureGroup(name="size", features=("length", "width"), amounts=(1.0, 0.5), unit="mm"))
    write_feature_card(written, tmp_path / "card.toml")
    assert read_feature_card(tmp_path / "card.toml") == written
    assert group_of(written, "size") is written.groups[0]
    assert group_of(written, "length") is None


def test_amounts_are_one_where_none_are_given() -> None:
    assert FeatureGroup(name="size", features=("length", "width")).shares == (1.0, 1.0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"features": ("length",)}, "two or more"),
        ({"features": ("length", "length")}, "different"),
        ({"amounts": (1.0,)}, "1 amounts for 2"),
        ({"amounts": (1.0, 0.0)}, "not zero"),
        ({"amounts": (1.0, float("nan"))}, "finite"),
        ({"price": -1.0}, "zero or more"),
        ({"low": 2.0, "high": 1.0}, "the smaller first"),
        ({"low": float("-inf")}, "finite ends"),
        ({"features": ("length", "kind")}, "no number on this card"),
        ({"features": ("length", "height")}, "no number on this card"),
        ({"name": "length"}, 'both called "length"'),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(fields: dict[str, Any], words: str) -> None:
    table = feature_card_as_table(card(FeatureGroup(name="size", features=("length", "width"))))
    table["groups"] = [{"name": "size", "features": ("length", "width")} | fields]
    with pytest.raises(InvalidRequest, match=words):
        feature_card_from_table(table)
