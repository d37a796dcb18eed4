"""``corrie tutor`` on two houses: one is learnt, and completed when its roof is gone."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.cli.tutor import command
from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.core.corrections.tutor.house import DOOR, HOUSE, WALLS

FAST = ("--samples", "1500", "--epochs", "8", "--width", "2", "--seconds", "0.5", "--stability", "1")


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    path = tmp_path / "houses.ndjson"
    drawings = (HOUSE, (WALLS, DOOR))
    lines = [json.dumps({"word": "house", "drawing": [s.astype(int).tolist() for s in one]}) for one in drawings]
    path.write_text("\n".join(lines))
    return path


def test_a_roof_is_put_back_and_the_recogniser_is_kept(corrie: Corrie, houses: Path, tmp_path: Path) -> None:
    session = tmp_path / "house.corrie.h5"
    outcome = corrie("tutor", str(houses), "--without", "1", *FAST, "-o", str(session), "--json")
    assert outcome.status == 0, outcome.err
    told = json.loads(outcome.out)
    assert told["margin"] < 0 < told["suggested_margin"]
    assert told["status"] == "complete"
    assert told["recogniser"]["accuracy"] > 0.7
    assert told["recogniser"]["right_by_kind"]["a stroke missing or more"] > 0.8
    assert all(end["joint"]["proof"] == "proved" for end in told["ends"] if "joint" in end)
    (network,) = open_document(session).networks
    assert network.sha256 == told["recogniser"]["network_sha256"]
    again = corrie("tutor", str(houses), "--without", "1", *FAST, "--recogniser", str(session), "--figure", "a.svg")
    assert again.status == 0, again.err
    assert "suggestion" in again.out
    assert "all ends at once: proved" in Path("a.svg").read_text()
    assert np.isclose(told["margin"], float(again.out.split("margin ")[1].split()[0].replace("−", "-")), atol=0.01)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--without", "9"), "strokes 0 to 3, and no stroke 9"),
        (("--drawing", "5"), "no drawing 5"),
        (("--canonical", "2", "--without", "0"), "no drawing 2"),
        (("--without", "1", "--figure", "a.csv"), ".png, .svg, .pdf"),
        ((), "--drawing, or --without"),
        (("--without", "1", "--recogniser", "nowhere.corrie.h5"), "nowhere.corrie.h5"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(corrie: Corrie, houses: Path, options, words: str) -> None:
    outcome = corrie("tutor", str(houses), *options)
    assert outcome.status in (1, 2)
    assert words in outcome.err


def test_the_verb_has_help() -> None:
    assert command.help
