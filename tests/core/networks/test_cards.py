"""Network cards: what is wrong is named by its field."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CorrieError, InvalidRequest, UnreadableFile
from core.networks.card import (
    InputCard,
    NetworkCard,
    card_as_table,
    card_from_table,
    checked_input,
    read_network_card,
    write_network_card,
)
from core.networks.loading import open_network

GOOD = """
name = "A network"
architecture = "resnet20"
weights = "w.safetensors"
classes = ["a", "b"]
[input]
shape = [3, 32, 32]
mean = [125.3, 123.0, 113.9]
std = [63.0, 62.1, 66.7]
"""


def card_file(folder: Path, text: str) -> Path:
    path = folder / "card.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_of_a_card_is_read(tmp_path: Path) -> None:
    assert read_network_card(card_file(tmp_path, GOOD)) == NetworkCard(
        name="A network",
        architecture="resnet20",
        weights="w.safetensors",
        classes=("a", "b"),
        input=InputCard(shape=(3, 32, 32), mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7)),
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "A network"', "", '"name".*required'),
        ("shape = [3, 32, 32]", "", '"input.shape".*required'),
        ("[input]", "[inputs]", '"input"'),
        ('name = "A network"', 'name = "A"\ncolour = "blue"', '"colour"'),
        ("shape = [3, 32, 32]", "shape = [3, 32, 32]\nscale = 2", '"input.scale"'),
        ('name = "A network"', "name = 5", '"name".*string'),
        ("shape = [3, 32, 32]", 'shape = "3x32x32"', '"input.shape"'),
        ("shape = [3, 32, 32]", "shape = [3, 32.5, 32]", '"input.shape.1".*integer'),
        ("shape = [3, 32, 32]", "shape = [3, 0, 32]", "positive sizes"),
        ("shape = [3, 32, 32]", "shape = []", "positive sizes"),
        ('classes = ["a", "b"]', 'classes = ["a", 1]', '"classes.1".*string'),
        ("mean = [125.3, 123.0, 113.9]", "mean = [1.0, 2.0]", "3 channels.*mean has 2"),
        ("std = [63.0, 62.1, 66.7]", "std = [1.0, 2.0, 3.0, 4.0]", "std has 4"),
        ("std = [63.0, 62.1, 66.7]", "std = [0.0]", "std.*above zero"),
        ("std = [63.0, 62.1, 66.7]", "std = [nan]", "std.*above zero"),
        ("std = [63.0, 62.1, 66.7]", "std = [inf]", "std.*finite"),
        ("mean = [125.3, 123.0, 113.9]", "mean = [nan]", "mean.*finite"),
        ('architecture = "resnet20"', "", "either an architecture .* or a file .*, not neither"),
        ('architecture = "resnet20"', 'architecture = "resnet20"\nfile = "p.pt2"', "not both"),
        ("[input]", "[input", "not valid TOML.*line"),
    ],
)
def test_a_wrong_card_is_refused_with_the_field_at_fault(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    path = card_file(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UnreadableFile, match=words) as refusal:
        read_network_card(path)
    assert str(path) in str(refusal.value)


def test_a_card_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_network_card(tmp_path / "missing.toml")


def test_a_card_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_network_card(path)


def test_a_card_with_an_architecture_needs_weights(tmp_path: Path) -> None:
    path = card_file(tmp_path, GOOD.replace('weights = "w.safetensors"', ""))
    with pytest.raises(UnreadableFile, match="resnet20 but no weights"):
        open_network(path)


def test_weights_that_a_card_names_but_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"w\.safetensors.*no such file"):
        open_network(card_file(tmp_path, GOOD))


def test_a_program_that_a_card_names_but_is_not_there_is_named(tmp_path: Path) -> None:
    text = GOOD.replace('architecture = "resnet20"', 'file = "p.pt2"').replace('weights = "w.safetensors"', "")
    with pytest.raises(UnreadableFile, match=r"p\.pt2.*no such file"):
        open_network(card_file(tmp_path, text))


def test_an_architecture_for_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="says itself what network it is"):
        open_network(card_file(tmp_path, GOOD), "resnet20")


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
numbers = st.floats(min_value=1e-6, max_value=1e6)


@st.composite
def cards(draw: st.DrawFn) -> NetworkCard:
    shape = draw(st.lists(st.integers(1, 500), min_size=1, max_size=3).map(tuple))
    statistics = st.one_of(st.tuples(numbers), st.lists(numbers, min_size=shape[0], max_size=shape[0]).map(tuple))
    built_in = draw(st.booleans())
    return NetworkCard(
        name=draw(words),
        input=InputCard(shape=shape, mean=draw(statistics), std=draw(statistics)) if shape[0] < 9 else InputCard(shape),
        architecture=draw(words) if built_in else None,
        weights=draw(words) if built_in else None,
        file=None if built_in else draw(words),
        classes=draw(st.lists(words, max_size=3).map(tuple)),
        description=draw(st.one_of(st.just(""), words)),
    )


@given(cards())
def test_a_card_survives_a_table(card: NetworkCard) -> None:
    assert card_from_table(card_as_table(card)) == card


def test_a_card_survives_its_file(tmp_path: Path) -> None:
    card = NetworkCard(name='Ünïcode "quoted"\n', input=InputCard(shape=(2,)), file="näme.pt2", classes=("ja", "nein"))
    write_network_card(card, tmp_path / "card.toml")
    assert read_network_card(tmp_path / "card.toml") == card


@pytest.mark.parametrize("table", [None, [], "card", {}, {"name": 1}, {"name": "a", "input": {"shape": "x"}}])
def test_a_damaged_table_is_no_card(table: object) -> None:
    with pytest.raises(CorrieError, match="damaged"):
        card_from_table(table)


def test_an_input_that_makes_no_sense_is_refused_with_the_field() -> None:
    with pytest.raises(InvalidRequest, match="mean has 2 values"):
        checked_input((3, 8, 8), (1.0, 2.0), (1.0,))


def test_what_is_endless_in_a_card_does_not_make_the_sentence_endless(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    for text in (f"{'x' * 200_000} = 1", f'name = "a"\ninput = {{ shape = [1], {"y" * 200_000} = 2 }}', "a.b" * 90_000):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableFile) as refused:
            read_network_card(path)
        assert len(str(refused.value)) < 2000
