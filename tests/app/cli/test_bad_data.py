"""Data and questions that cannot be used: one sentence each, naming file, reason and remedy."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.app.cli.conftest import Corrie
from tests.app.cli.house import FEATURES, TABLE, write_texts

IMAGES = np.zeros((6, 8, 8), dtype=np.uint8)
LABELS = np.arange(6)


def refused(corrie: Corrie, house: Path, data: object, *options: object) -> str:
    """The sentence about data, after making sure that no session was written."""
    before = sorted(Path.cwd().iterdir())
    sentence = corrie("landscape", house / "reader.toml", data, "--grid", 2, *options).sentence
    assert sorted(Path.cwd().iterdir()) == before
    return sentence


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"x": IMAGES, "y": np.array([0, 1, 2, 11, 4, 5])}, "Sample 3 of"),
        ({"x": IMAGES, "y": np.array([0, 1, -2, 3, 4, 5])}, "sample 2 has label -2"),
        ({"x": IMAGES[:0], "y": LABELS[:0]}, "empty"),
        ({"x": IMAGES, "y": LABELS[:5]}, "6 samples but 5 labels"),
        ({"x": np.zeros((6, 8, 9)), "y": LABELS}, "8 × 9, the network takes 1 × 8 × 8"),
        ({"x": np.full((6, 8, 8), np.nan), "y": LABELS}, "NaN or infinity"),
        ({"x": np.full((6, 8, 8), 1e300), "y": LABELS}, "too large"),
        ({"x": IMAGES.astype("U3"), "y": LABELS}, "not numbers"),
        ({"x": IMAGES, "y": np.array(list("abcdef"))}, "whole number"),
        ({"images": IMAGES, "y": LABELS}, "images"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(
    corrie: Corrie, house: Path, own_folder: Path, arrays: dict[str, np.ndarray], complaint: str
) -> None:
    np.savez(own_folder / "bad.npz", **arrays)
    sentence = refused(corrie, house, "bad.npz")
    assert "bad.npz" in sentence
    assert complaint in sentence


def test_missing_and_truncated_data_are_refused(corrie: Corrie, house: Path, own_folder: Path) -> None:
    assert "built-in name: digits" in refused(corrie, house, "digitz")
    whole = (house / "digits.npz").read_bytes()
    (own_folder / "cut.npz").write_bytes(whole[:-200])
    assert refused(corrie, house, "cut.npz").startswith("cut.npz: It is not a whole .npz file")
    (own_folder / "notes.docx").touch()
    assert '".docx" is no kind of data' in refused(corrie, house, "notes.docx")


def test_more_samples_than_there_are_is_refused(corrie: Corrie, house: Path) -> None:
    sentence = refused(corrie, house, house / "digits.npz", "--samples", 65)
    assert "has only 64 samples, not 65" in sentence
    ask = ("spectrum", house / "reader.toml", house / "digits.npz", "--top", 1, "--samples", 65)
    assert "has only 64 samples, not 65" in corrie(*ask).sentence


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("1.5,1.5,4", "1.5,tall,4", 'row 3, column "height": "tall" is not a number'),
        ("1.5,1.5,4", "1.5,1.5,4.5", 'row 3, column "count": "4.5" is not a whole number'),
        ("5,red,no", "5,pink,no", 'row 4, column "colour": "pink"'),
        ("5,red,no", "5,red,maybe", 'row 4, column "verdict": "maybe"'),
        ("5,red,no", "5,red", "row 4 has 4 cells"),
        ("width,height", "breadth,height", "there is no column width"),
        (TABLE, "", "empty"),
        (TABLE, TABLE.splitlines()[0], "no rows"),
    ],
)
def test_a_mistake_in_a_table_is_found_by_row_and_column(
    corrie: Corrie, house: Path, own_folder: Path, old: str, new: str, complaint: str
) -> None:
    assert old in TABLE
    write_texts(own_folder, {"t.csv": TABLE.replace(old, new), "t.features.toml": FEATURES})
    sentence = corrie("corrections", house / "judge.toml", "t.csv", "--free", "width,height").sentence
    assert "t.csv" in sentence
    assert complaint in sentence


def test_a_table_needs_its_card_and_a_card_its_table(corrie: Corrie, house: Path, own_folder: Path) -> None:
    write_texts(own_folder, {"t.csv": TABLE})
    ask = ("corrections", house / "judge.toml", "t.csv", "--free", "width,height")
    assert "t.features.toml is missing" in corrie(*ask).sentence
    write_texts(own_folder, {"u.features.toml": FEATURES})
    ask = ("corrections", house / "judge.toml", "u.features.toml", "--free", "width,height")
    assert "no table u.csv" in corrie(*ask).sentence


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--row", 3), "There is no row 3"),
        (("--row", 1), 'already judged "yes"'),
        (("--row", 2, "--samples", 2), "There is no row 2"),
        (("--samples", 9), "has only 3 samples"),
        (("--free", "width,depth"), 'no feature "depth"'),
        (("--free", "width,width"), "the same one"),
        (("--free", "width,count"), "marked as fixed"),
        (("--target", "perhaps"), "There are: no, yes"),
        (("--stability", "width=3"), "does not fit into its range"),
        (("--stability", "width=-1"), "not negative"),
        (("--stability", "width=nan"), "finite"),
        (("--stability", "count=1"), "which is not free"),
        (("--weights", "width=inf"), "finite"),
        (("--input", "depth=1"), 'no feature "depth"'),
        (("--input", "colour=pink"), "There are: red, blue, green, dark"),
        (("--input", "count=1.5"), "whole numbers"),
        (("--input", "width=wide"), "is a number"),
        (("--input", "width=inf"), "is a number"),
    ],
)
def test_a_question_that_contradicts_the_table_is_refused(
    corrie: Corrie, house: Path, own_folder: Path, options: tuple[object, ...], complaint: str
) -> None:
    free = () if "--free" in options else ("--free", "width,height")
    sentence = corrie("corrections", house / "judge.toml", house / "corners.csv", *free, *options).sentence
    assert complaint in sentence
    assert list(own_folder.iterdir()) == []


def test_a_network_that_is_not_of_the_table_is_refused(corrie: Corrie, house: Path, own_folder: Path) -> None:
    shutil.copy(house / "corners.csv", own_folder / "t.csv")
    text = FEATURES.replace('levels = ["red", "blue", "green, dark"]', 'levels = ["red", "blue", "green, dark", "x"]')
    write_texts(own_folder, {"t.features.toml": text})
    sentence = corrie("corrections", house / "judge.toml", "t.csv", "--free", "width,height").sentence
    assert "7 columns" in sentence
    assert "takes 6" in sentence


@pytest.mark.parametrize("options", [("--range", 1, -1), ("--range", "nan", 1), ("--limit", 0), ("--limit", "nan")])
def test_a_plane_that_is_none_is_refused(corrie: Corrie, house: Path, options: tuple[object, ...]) -> None:
    assert refused(corrie, house, "digits", *options)
