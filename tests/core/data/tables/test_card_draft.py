from dataclasses import replace
from pathlib import Path

import pytest

from core.data.tables.card_draft import CardDraft, ColumnDraft, draft_card, frequencies, targets, with_target
from core.data.tables.features import read_feature_card, write_feature_card
from core.data.tables.guessing import guess_table
from core.data.tables.reading import read_table
from core.errors import InvalidRequest
from core.job import JobContext
from tests.realdata import realdata_path

TABLE = """id,size,colour_red,colour_blue,shape,class
1,1.5,1,0,round,yes
2,2.5,0,1,square,no
3,3.75,0,1,round,no
4,,1,0,round,yes
"""


def draft(folder: Path, text: str = TABLE) -> CardDraft:
    path = folder / "things.csv"
    path.write_text(text)
    return draft_card(guess_table(path, JobContext()))


def column(**changes: object) -> ColumnDraft:
    start = ColumnDraft(use=True, name="size", kind="number", holds_numbers=True, low="0", high="2")
    return replace(start, **changes)  # type: ignore[arg-type]


def test_a_guess_becomes_a_card_that_reads_the_table(tmp_path: Path) -> None:
    made = draft(tmp_path)
    assert [(c.name, c.use) for c in made.columns] == [
        ("id", False),
        ("size", True),
        ("colour", True),
        ("shape", True),
        ("class", True),
    ]
    card = made.card()
    assert [feature.name for feature in card.features] == ["size", "colour", "shape"]
    assert card.features[1].columns == ("colour_red", "colour_blue")
    path = tmp_path / "things.features.toml"
    write_feature_card(card, path)
    assert read_feature_card(path) == card
    data = read_table(tmp_path / "things.csv", card)
    assert data.x.tolist() == [[1.5, 1, 0, 1, 0], [2.5, 0, 1, 0, 1], [3.75, 0, 1, 1, 0]]
    assert data.y.tolist() == [1, 0, 0]
    assert data.source.endswith("1 of 4 rows left out because they lack a value")


def test_the_target_is_never_a_feature_whichever_it_is(tmp_path: Path) -> None:
    made = with_target(draft(tmp_path), "shape")
    assert made.classes == ("round", "square")
    assert frequencies(made) == {"round": 3, "square": 1}
    assert [feature.name for feature in made.card().features] == ["size", "colour", "class"]


def test_a_group_may_be_the_target(tmp_path: Path) -> None:
    made = with_target(draft(tmp_path), "colour")
    card = made.card()
    assert (card.target, card.classes, card.target_columns) == (
        "colour",
        ("red", "blue"),
        ("colour_red", "colour_blue"),
    )
    assert read_table(tmp_path / "things.csv", card).y.tolist() == [0, 1, 1]
    turned = replace(made, classes=("blue", "red")).card()
    assert turned.target_columns == ("colour_blue", "colour_red")
    assert read_table(tmp_path / "things.csv", turned).y.tolist() == [1, 0, 0]


def test_a_number_with_many_values_is_a_target_without_classes(tmp_path: Path) -> None:
    made = replace(with_target(draft(tmp_path), "size"), target_unit="mm")
    assert made.classes == ()
    card = made.card()
    assert (card.task, card.target_unit) == ("regression", "mm")
    assert read_table(tmp_path / "things.csv", card).y.tolist() == [1.5, 2.5, 3.75]


def test_everything_that_can_be_predicted_is_offered(tmp_path: Path) -> None:
    assert targets(draft(tmp_path).guess) == ("colour", "size", "colour_red", "colour_blue", "shape", "class")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"low": "one"}, "low", "“one” is no number"),
        ({"high": "inf"}, "high", "finite"),
        ({"step": "-1"}, "step", "zero or more"),
        ({"price": "-0.5"}, "price", "zero or more"),
        ({"low": "2"}, "high", "more than 2"),
        ({"holds_numbers": False}, "kind", "can only be a category"),
        ({"kind": "category"}, "levels", "two or more levels"),
        ({"kind": "category", "levels": "a | b | a"}, "levels", "twice"),
        ({"kind": "category", "levels": "a | b | c", "columns": ("x", "y")}, "levels", "2 levels"),
        ({"columns": ("x", "y")}, "kind", "only be a category"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, object], field: str, words: str) -> None:
    wrong = column(**changes)
    assert words in wrong.errors()[field]
    with pytest.raises(InvalidRequest, match="size"):
        wrong.feature()
    assert replace(wrong, use=False).errors() == {}


def test_empty_fields_leave_the_range_to_the_data() -> None:
    feature = column(low="", high="").feature()
    assert (feature.low, feature.high, feature.step) == (None, None, 0.0)


def test_a_draft_without_columns_or_with_one_class_is_no_card(tmp_path: Path) -> None:
    made = draft(tmp_path)
    bare = replace(made, columns=tuple(replace(each, use=False) for each in made.columns))
    assert bare.errors() == ("No column is used. Tick those that a network is fed with.",)
    assert "one class only" in replace(made, classes=("yes",)).errors()[0]
    with pytest.raises(InvalidRequest, match="No column is used"):
        bare.card()


def test_problems_of_the_file_keep_it_from_being_a_card(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="Row 3: not 2 cells"):
        draft(tmp_path, "a,b\n1,2\n3\n4,5\n").card()


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "rows", "width", "task"),
    [
        ("german-credit/germancredit.csv", 1000, 61, "classification"),
        ("credit-modeldata/credit_data.csv", 4039, None, "classification"),
        ("ml-prove/train.csv", 3059, 51, "classification"),
        ("ml-prove/all-data-raw.csv", 6118, 55, "regression"),
    ],
)
def test_real_tables_can_be_read_with_the_card_as_it_was_guessed(
    name: str, rows: int, width: int | None, task: str, tmp_path: Path
) -> None:
    path = realdata_path(name)
    card = draft_card(guess_table(path, JobContext())).card()
    write_feature_card(card, tmp_path / "card.features.toml")
    data = read_table(path, read_feature_card(tmp_path / "card.features.toml"))
    assert (len(data), data.task) == (rows, task)
    assert data.x.shape[1] == (card.width if width is None else width)


def test_the_guessed_range_holds_every_value_however_many_digits_it_has(tmp_path: Path) -> None:
    card = draft(tmp_path, "size,class\n1234567890.12345,yes\n2.5,no\n9876543210.98765,yes\n").card()
    assert (card.features[0].low, card.features[0].high) == (2.5, 9876543210.98765)
