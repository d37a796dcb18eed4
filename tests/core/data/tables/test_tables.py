"""Tables with feature cards: every cell is checked, and what is wrong is named by row and column."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.loading import open_dataset
from core.data.tables.features import Feature, FeatureCard, write_feature_card
from core.data.tables.form import TableForm
from core.data.tables.reading import read_table
from core.errors import DataError, UnreadableFile

CARD = FeatureCard(
    features=(
        Feature(name="Age", kind="integer", unit="years"),
        Feature(name="Housing", kind="category", levels=("rent", "own", "free")),
        Feature(name="Amount", unit="DM"),
    ),
    target="Credit",
    classes=("denied", "granted"),
)
GOOD = "Amount,Credit,Age,Housing,Notes\n1200.5,granted,33,own,first\n-3e2,denied,51,rent,second\n"
X = [[33, 0, 1, 0, 1200.5], [51, 1, 0, 0, -300]]


def table(folder: Path, content: str | bytes, suffix: str = ".csv") -> Path:
    path = folder / f"people{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_columns_come_in_the_order_of_the_card_and_categories_one_hot(tmp_path: Path) -> None:
    data = read_table(table(tmp_path, GOOD), CARD)
    assert data.x.tolist() == X
    assert data.y.tolist() == [1, 0]
    assert data.classes == ("denied", "granted")
    assert data.features == CARD
    assert data.x.shape[1] == CARD.width


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),  # as Excel writes it
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\n\n"),
        GOOD.rstrip("\n"),
        GOOD.replace(",", " , "),
        GOOD.replace("first", '"fi""rst,\nsecond line"'),
        GOOD.replace("Age", '"Age"').replace("33", '"33"'),
    ],
)
def test_the_usual_varieties_of_csv_are_read_the_same(tmp_path: Path, content: str | bytes) -> None:
    assert read_table(table(tmp_path, content), CARD).x.tolist() == X


def test_tabs_separate_the_cells_of_a_tsv(tmp_path: Path) -> None:
    assert read_table(table(tmp_path, GOOD.replace(",", "\t"), ".tsv"), CARD).x.tolist() == X


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1200.5", "much", 'row 2, column "Amount": "much" is not a number'),
        ("-3e2", "", 'row 3, column "Amount": "" is not a number'),
        ("-3e2", "nan", 'row 3, column "Amount": "nan" is not a number'),
        ("-3e2", "inf", 'row 3, column "Amount": "inf" is not a number'),
        ("-3e2", "1_000", 'row 3, column "Amount": "1_000" is not a number'),
        ("-3e2", "٣", 'row 3, column "Amount": "٣" is not a number'),
        ("51", "51.5", 'row 3, column "Age": "51.5" is not a whole number'),
        ("rent", "boat", 'row 3, column "Housing": "boat" is none of the values .*rent, own, free'),
        ("denied", "maybe", 'row 3, column "Credit": "maybe" is none of the values .*denied, granted'),
        ("33,own,first", "33,own", "row 2 has 4 cells, the header has 5"),
        ("-3e2", "-3,2", "row 3 has 6 cells"),
        ("Housing", "House", "no column Housing. The columns are: Amount, Credit, Age, House, Notes"),
        ("Credit", "Result", "no column Credit"),
        ("Notes", "Age", '2 columns called "Age"'),
        ("Amount,Credit,Age,Housing,Notes", "Amount;Credit;Age", "no column Age, Housing, Amount, Credit"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    path = table(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(DataError, match=words) as refusal:
        read_table(path, CARD)
    assert str(path) in str(refusal.value)


def test_rows_are_counted_as_in_a_spreadsheet_with_its_empty_ones(tmp_path: Path) -> None:
    content = GOOD.replace("-3e2", "much").replace("first\n", '"first,\nof two lines"\n\n\n')
    with pytest.raises(DataError, match='row 5, column "Amount"'):
        read_table(table(tmp_path, content), CARD)


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "the file is empty"), ("\n\n", "the file is empty"), ("Amount,Credit,Age,Housing\n", "no rows")],
)
def test_a_table_without_rows_is_refused(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_table(table(tmp_path, content), CARD)


@pytest.mark.parametrize("content", [GOOD.encode("utf-16"), b"\xff\xd8\xff\xe0", "Größe\n1".encode("latin-1")])
def test_a_file_that_is_no_utf8_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"people\.csv.*UTF-8"):
        read_table(table(tmp_path, content), CARD)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_table(tmp_path / "people.csv", CARD)


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize("opened", ["table", "card"])
def test_a_table_and_its_card_are_found_beside_each_other(tmp_path: Path, suffix: str, opened: str) -> None:
    path = table(tmp_path, GOOD.replace(",", "\t") if suffix == ".tsv" else GOOD, suffix)
    card = tmp_path / "people.features.toml"
    write_feature_card(CARD, card)
    data = open_dataset(path if opened == "table" else card)
    assert data.x.tolist() == X
    assert data.name == "people"


def test_a_table_without_its_card_and_a_card_without_its_table_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD)
    with pytest.raises(UnreadableFile, match=r"people\.features\.toml is missing"):
        open_dataset(path)
    path.unlink()
    write_feature_card(CARD, tmp_path / "people.features.toml")
    with pytest.raises(UnreadableFile, match=r"no table people\.csv"):
        open_dataset(tmp_path / "people.features.toml")


def test_other_kinds_of_files_are_refused_with_those_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").touch()
    with pytest.raises(UnreadableFile, match=r"\.xlsx.*\.npz, \.csv, \.tsv"):
        open_dataset(tmp_path / "people.xlsx")
    with pytest.raises(UnreadableFile, match=r"no such file.*digits, german-credit"):
        open_dataset("digitz")


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.sampled_from(("rent", "own", "free")),
            st.floats(allow_nan=False, allow_infinity=False, width=64),
            st.sampled_from(("denied", "granted")),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, float, str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["Age", "Housing", "Amount", "Credit"], *rows])
    data = read_table(table(tmp_path_factory.mktemp("table"), text.getvalue()), CARD)
    for (age, housing, amount, credit), x, y in zip(rows, data.x, data.y, strict=True):
        assert [x[0], x[4]] == [age, amount]
        assert CARD.features[1].levels[int(np.flatnonzero(x[1:4])[0])] == housing
        assert x[1:4].sum() == 1
        assert CARD.classes[y] == credit


# Tables that are written otherwise.


def card_of(**changes: object) -> FeatureCard:
    start = {"features": (Feature(name="a"),), "target": "b", "classes": ("no", "yes")}
    return FeatureCard(**{**start, **changes})


def test_a_table_with_semicolons_and_decimal_commas_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,5;no\n1.250,25;yes\n")
    form = TableForm(delimiter=";", decimal=",")
    assert read_table(path, card_of(table=form)).x.ravel().tolist() == [1.5, 1250.25]


def test_a_table_in_latin_1_without_a_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("1,größer\n2,kleiner\n".encode("latin-1"))
    form = TableForm(encoding="latin-1", header=False)
    card = FeatureCard(
        features=(Feature(name="column 1"),), target="column 2", classes=("größer", "kleiner"), table=form
    )
    data = read_table(path, card)
    assert (data.x.ravel().tolist(), data.y.tolist()) == ([1, 2], [0, 1])


def test_rows_that_lack_a_value_are_left_out_and_counted_if_the_card_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,no,\n,yes,1\n3,yes,2\nNA,no,3\n")
    data = read_table(path, card_of(table=TableForm(missing=("", "NA")), source="A friend"))
    assert data.x.ravel().tolist() == [1, 3]  # a gap in a column that is not used does not matter
    assert data.source == "A friend; 2 of 4 rows left out because they lack a value"
    with pytest.raises(DataError, match='row 3, column "a": "" is not a number'):
        read_table(path, card_of())


def test_a_table_in_which_every_row_lacks_a_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n,no\n,yes\n")
    with pytest.raises(DataError, match="every row lacks a value"):
        read_table(path, card_of(table=TableForm(missing=("",))))


def one_hot_card() -> FeatureCard:
    feature = Feature(name="colour", kind="category", levels=("red", "blue"), columns=("c_red", "c_blue"))
    return FeatureCard(
        features=(Feature(name="a"), feature), target="verdict", classes=("no", "yes"), target_columns=("n", "y")
    )


def test_one_hot_columns_of_the_file_are_a_category_and_a_target(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n,y,c_blue,a,c_red\n1,-1,0,5,1\n-1,1,1,6,0\n")
    data = read_table(path, one_hot_card())
    assert data.x.tolist() == [[5, 1, 0], [6, 0, 1]]
    assert data.y.tolist() == [0, 1]


@pytest.mark.parametrize("cells", ["1,1", "0,0", "0.5,1", "x,1", ",1"])
def test_columns_that_do_not_exclude_one_another_are_refused_with_the_row(tmp_path: Path, cells: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"n,y,a,c_red,c_blue\n1,0,5,1,0\n0,1,6,{cells}\n")
    with pytest.raises(DataError, match=r'row 3: exactly one of the columns of "colour" \(c_red, c_blue\) must be 1'):
        read_table(path, one_hot_card())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": "a"}, 'target "a" cannot also be a feature'),
        ({"target_columns": ("x",)}, "1 columns for 2 classes"),
        ({"target_columns": ("x", "x")}, "a column twice"),
        (
            {
                "features": (
                    Feature(name="a"),
                    Feature(name="z", kind="category", levels=("0", "1"), columns=("a", "q")),
                )
            },
            'Two features take the column "a"',
        ),
    ],
)
def test_a_card_that_uses_a_column_twice_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        card_of(**changes)
