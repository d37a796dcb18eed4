"""``corrie corrections`` of an image along two handles."""

from pathlib import Path

import pytest

from tests.app.cli.conftest import Corrie

HANDLES = ("--handle", "towards:6", "--handle", "fade:2,2,4,4")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small reader of digits."""
    from app.cli.group import run  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("reader")
    assert run(["train", "mlp:64-12x2-10", "digits", "--epochs", "10", "-o", str(folder)]) == 0
    return next(folder.glob("*.toml"))


def test_a_zero_is_moved_towards_a_six_until_it_is_one(corrie: Corrie, reader: Path) -> None:
    outcome = corrie("corrections", reader, "digits", *HANDLES, "--target", "6", "--stability", "0.02,0.05", "--json")
    assert outcome.status == 0, outcome.err
    told = outcome.values
    assert told["proof"] == "proved"
    assert 0 < told["distance"] < 2
    assert [one["name"] for one in told["free"]] == ["share of the way to image 6", "fading of 4 × 4 pixels at (2, 2)"]
    narrow = corrie("corrections", reader, "digits", *HANDLES, "--target", "6", "--range", "1=0:0.05,2=0:0.1", "--json")
    assert narrow.values["proof"] == "none_exists"


def test_three_handles_are_searched_between_a_bound_and_the_best(corrie: Corrie, reader: Path) -> None:
    three = (*HANDLES, "--handle", "brightness:0,0,1,3")
    outcome = corrie("corrections", reader, "digits", *three, "--target", "6", "--seconds", "2", "--json")
    assert outcome.status == 0, outcome.err
    told = outcome.values
    assert told["kind"] == "joint"
    two = corrie("corrections", reader, "digits", *HANDLES, "--target", "6", "--json").values
    assert told["lower_bound"] <= told["distance"] <= two["distance"] * 1.001


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--handle", "towards:6"), "two handles or more"),
        (("--handle", "tow:6", "--handle", "towards:6"), "tow:6 is none"),
        (("--handle", "fade:1,2,3", "--handle", "towards:6"), "fade:1,2,3 is none"),
        ((*HANDLES, "--range", "3=0:1"), "no handle 3"),
        ((*HANDLES, "--stability", "1"), "of 2 handles is as many numbers"),
    ],
)
def test_handles_written_wrongly_are_explained(corrie: Corrie, reader: Path, options, words: str) -> None:
    outcome = corrie("corrections", reader, "digits", *options, "--target", "6")
    assert outcome.status == 2
    assert words in " ".join(outcome.err.split())
