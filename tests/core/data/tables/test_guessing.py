from pathlib import Path

import pytest

from core.data.tables.columns import ColumnFacts, ColumnGuess
from core.data.tables.form import TableForm, number_in
from core.data.tables.form_guess import guess_form
from core.data.tables.guessing import TableGuess, guess_table
from core.errors import Cancelled, DataError, UnreadableFile
from core.job import JobContext
from tests.realdata import realdata_path


def guess(folder: Path, text: str | bytes, name: str = "table.csv") -> TableGuess:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return guess_table(path, JobContext())


def column(cells: list[str], name: str = "a", decimal: str = ".") -> ColumnGuess:
    facts = ColumnFacts(name, decimal)
    for row, cell in enumerate(cells, start=2):
        facts.add(row, cell)
    return facts.guess()


# The form of the file.


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabulators"), ("|", "bars")])
def test_another_delimiter_is_noticed_and_told(tmp_path: Path, delimiter: str, word: str) -> None:
    found = guess(tmp_path, delimiter.join("abc") + "\n" + "\n".join(delimiter.join("123") for _ in range(5)))
    assert found.form.delimiter == delimiter
    assert found.names == ("a", "b", "c")
    assert f"Its cells are separated by {word}." in found.notes


def test_commas_inside_quotes_do_not_count(tmp_path: Path) -> None:
    found = guess(tmp_path, 'name;note\n"x, y, z";"a, b, c"\n"u, v, w";"d, e, f"\n')
    assert found.form.delimiter == ";"


def test_a_tsv_has_tabulators_without_a_word(tmp_path: Path) -> None:
    found = guess(tmp_path, "a\tb\n1\t2\n3\t4\n", "table.tsv")
    assert found.form.delimiter == ""
    assert found.notes == ()


def test_a_decimal_comma_is_noticed_explained_and_read(tmp_path: Path) -> None:
    found = guess(tmp_path, "size;weight;class\n1,5;1.250,75;yes\n2,5;900;no\n3,25;10,5;no\n2,0;1,1;yes\n")
    assert found.form == TableForm(delimiter=";", decimal=",")
    assert "Its numbers have a decimal comma: 1,5 is one and a half." in found.notes
    assert (found.column("size").low, found.column("size").high) == (1.5, 3.25)
    assert found.column("weight").high == 1250.75


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,5", 1.5), ("1.234,5", 1234.5), ("-1.234.567", -1234567.0), ("3", 3.0), ("1e3", 1000.0)],
)
def test_numbers_with_a_decimal_comma_are_read(cell: str, value: float) -> None:
    assert number_in(cell, ",") == value


@pytest.mark.parametrize("cell", ["1.5", "12.34,5", "1,2,3", "", "x", "1_000", "١"])
def test_what_is_no_number_with_a_decimal_comma_is_none(cell: str) -> None:
    assert number_in(cell, ",") != number_in(cell, ",")


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    found = guess(tmp_path, "\ufeffsize,class\n1,a\n2,b\n3,a\n".encode())
    assert found.names == ("size", "class")
    assert found.notes == ()


def test_latin_1_is_read_with_a_word(tmp_path: Path) -> None:
    found = guess(tmp_path, "größe,farbe\n1,grün\n2,rot\n3,grün\n4,rot\n".encode("latin-1"))
    assert found.form.encoding == "latin-1"
    assert found.names == ("größe", "farbe")
    assert any("read as Latin-1" in note for note in found.notes)


def test_utf_16_is_read(tmp_path: Path) -> None:
    found = guess(tmp_path, "größe\tfarbe\n1\tgrün\n2\trot\n".encode("utf-16"), "table.tsv")
    assert found.form.encoding == "utf-16"
    assert found.names == ("größe", "farbe")


def test_a_letter_cut_in_half_at_the_end_of_the_look_is_no_latin_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(("größe,farbe\n" + "1,grün\n" * 40).encode())
    for length in range(60, 80):
        monkeypatch.setattr("core.data.tables.form_guess.LOOKED_AT", length)
        assert guess_form(path)[0].encoding == "utf-8"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("size,class\n1,a\n2,b\n", True),
        ("1,a\n2,b\n3,a\n", False),
        ("name,colour\nx,red\ny,blue\n", True),
        ("red,a\nred,b\nblue,b\nblue,a\n", False),
        ("size,year\n", True),
        (",1999,2000\nx,1,2\n", False),
    ],
)
def test_a_header_is_told_from_a_row(tmp_path: Path, text: str, *, header: bool) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert guess_form(path)[0].header is header


def test_columns_without_a_header_get_numbers(tmp_path: Path) -> None:
    found = guess(tmp_path, "1.5,0\n2.5,1\n3.5,0\n")
    assert found.names == ("column 1", "column 2")
    assert found.rows == 3
    assert any("no header" in note for note in found.notes)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no text table"):
        guess(tmp_path, b"PK\x03\x04\x00\x00,,,\n\x00")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "is empty"), ("\n\n", "is empty"), ("alone\n1\n2\n", "one column only"), ("a,b\n", "no rows")],
)
def test_a_table_with_nothing_to_guess_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        guess(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere.csv: There is no such file"):
        guess_table(tmp_path / "nowhere.csv", JobContext())


@pytest.mark.parametrize("form", [{"delimiter": ";;"}, {"delimiter": ",", "decimal": ","}, {"delimiter": '"'}])
def test_a_form_that_contradicts_itself_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="delimiter"):
        TableForm(**form)


# One column.


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1.5", "2.25", "1e3"], "number"),
        (["1", "5", "3", "5"], "integer"),
        (["1.0", "5.0", "5.0"], "integer"),
        (["red", "blue", "red", "blue"], "category"),
        (["yes", "no"], "category"),
        (["7", "7", "7"], "constant"),
        (["", "", ""], "constant"),
        (["2024-01-31", "2023-12-24", "2023-12-24"], "date"),
        (["31.01.2024", "24.12.2023"], "date"),
        (["a1", "a2", "a3", "a4", "a5"], "identifier"),
        (["1", "2", "3", "4"], "identifier"),
    ],
)
def test_the_kind_of_a_column_is_seen_in_its_cells(cells: list[str], kind: str) -> None:
    assert column(cells).kind == kind


def test_numbers_in_any_order_are_identifiers_only_by_name() -> None:
    assert column(["9", "4", "7"], "amount").kind == "integer"
    assert column(["9", "4", "7"], "customer_id").kind == "identifier"


def test_many_different_texts_are_no_category() -> None:
    cells = [f"word {number % 400}" for number in range(1000)]
    found = column(cells)
    assert (found.kind, found.usable) == ("text", False)
    assert "400 different texts" in found.note


def test_range_and_step_are_those_of_the_cells() -> None:
    found = column(["100", "250", "500", "250"])
    assert (found.low, found.high, found.step) == (100, 500, 50)
    assert column(["0.25", "1.5", "0.75"]).step == 0.25
    assert column(["0.123", "1.5"]).step == 0
    assert column(["3", "5", "8", "5"]).step == 0


def test_levels_are_sorted_as_numbers_or_words_with_their_frequencies() -> None:
    assert column(["10", "9", "10"]).levels == (("9", 1), ("10", 2))
    assert column(["b", "a", "b", "a", "b"]).levels == (("a", 2), ("b", 3))


def test_missing_cells_are_counted_and_their_rows_listed() -> None:
    found = column(["1", "", "NA", "5", "?", "5"])
    assert (found.kind, found.missing, found.missing_rows) == ("integer", 3, (3, 4, 6))


# The whole table.


def test_missing_values_are_told_with_what_happens_to_their_rows(tmp_path: Path) -> None:
    found = guess(tmp_path, "size,weight,class\n1,2,a\n,3,b\n4,NA,a\n5,6,b\n5,6,b\n")
    assert found.incomplete_rows == 2
    assert found.form.missing == ("", "NA")
    assert '2 of 5 rows lack a value (an empty cell, "NA" stands for nothing)' in found.notes[-1]


def test_rows_of_another_length_are_listed_as_a_problem(tmp_path: Path) -> None:
    found = guess(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3\n1,2,3,4\n")
    assert found.problems == ("Rows 3, 5: not 3 cells as in the first row. Repair them in the file.",)


def test_two_columns_of_one_name_are_a_problem(tmp_path: Path) -> None:
    assert "Several columns are called a." in guess(tmp_path, "a,a,b\n1,2,3\n4,5,6\n").problems[0]


def test_one_hot_columns_with_a_common_beginning_are_one_category(tmp_path: Path) -> None:
    rows = (
        "size,colour_dark_red,colour_blue,colour_green,class\n1,1,0,0,a\n2,0,1,0,b\n3,0,0,1,a\n4,0,1,0,b\n4,0,1,0,b\n"
    )
    (group,) = guess(tmp_path, rows).groups
    assert group.name == "colour"
    assert group.columns == ("colour_dark_red", "colour_blue", "colour_green")
    assert group.levels == (("dark_red", 1), ("blue", 3), ("green", 1))


def test_columns_that_are_not_always_exclusive_are_no_group(tmp_path: Path) -> None:
    rows = "has_car,has_house,size,class\n1,0,3,a\n0,1,4,b\n1,1,5,a\n"
    assert guess(tmp_path, rows).groups == ()


def test_two_groups_side_by_side_are_told_apart_by_their_names(tmp_path: Path) -> None:
    rows = "a_x,a_y,b_x,b_y,size\n1,0,0,1,3\n0,1,0,1,4\n0,1,1,0,9\n1,0,1,0,4\n"
    assert [group.name for group in guess(tmp_path, rows).groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("header", "target"),
    [("size,label,weight", "label"), ("Class,size,weight", "Class"), ("size,weight,is_default", "is_default")],
)
def test_the_target_is_known_by_its_name(tmp_path: Path, header: str, target: str) -> None:
    found = guess(tmp_path, f"{header}\n1,0,1\n0,2,0\n1,0,1\n0,2,0\n")
    assert found.target == target
    assert sum(count for _, count in found.classes) == 4


def test_the_last_column_is_the_target_otherwise_and_a_number_if_it_has_many_values(tmp_path: Path) -> None:
    found = guess(tmp_path, "size,price\n" + "\n".join(f"{n % 7},{n * 1.5}" for n in range(60)))
    assert (found.target, found.classes) == ("price", ())


def test_a_stop_is_heard(tmp_path: Path) -> None:
    class Stopped(JobContext):
        def check(self) -> None:
            raise Cancelled("The job was stopped.")

    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Cancelled):
        guess_table(tmp_path / "t.csv", Stopped())


def test_a_corrected_form_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("red,a\nred,b\nblue,b\nblue,a\n")
    assert guess_table(path, JobContext()).rows == 4
    assert guess_table(path, JobContext(), TableForm(header=True)).names == ("red", "a")


# Real tables.


@pytest.mark.realdata
def test_german_credit_is_understood() -> None:
    found = guess_table(realdata_path("german-credit/germancredit.csv"), JobContext())
    assert (found.target, found.classes) == ("creditability", (("bad", 300), ("good", 700)))
    assert (found.rows, found.incomplete_rows, found.groups, found.notes, found.problems) == (1000, 0, (), (), ())
    assert found.column("duration_in_month").kind == "integer"
    assert (found.column("credit_amount").low, found.column("credit_amount").high) == (250, 18424)
    assert found.column("housing").levels == (("for free", 108), ("own", 713), ("rent", 179))
    assert all(each.usable for each in found.columns)


@pytest.mark.realdata
def test_the_larger_credit_table_is_understood_with_its_gaps() -> None:
    found = guess_table(realdata_path("credit-modeldata/credit_data.csv"), JobContext())
    assert (found.target, found.classes) == ("Status", (("bad", 1254), ("good", 3200)))
    assert found.column("rownames").kind == "identifier"
    assert found.column("Income").missing == 381
    assert found.column("Time").step == 6
    assert found.incomplete_rows == 415


@pytest.mark.realdata
def test_the_proof_table_has_no_header_and_six_exclusive_labels() -> None:
    found = guess_table(realdata_path("ml-prove/train.csv"), JobContext())
    assert (found.form.header, found.rows, len(found.columns)) == (False, 3059, 57)
    (group,) = found.groups
    assert group.columns == tuple(f"column {number}" for number in range(52, 58))
    assert found.target == group.name
    assert [count for _, count in found.classes] == [556, 229, 373, 303, 312, 1286]
    assert {each.kind for each in found.columns[:51]} <= {"number", "integer"}


@pytest.mark.realdata
def test_the_raw_proof_table_predicts_a_number() -> None:
    found = guess_table(realdata_path("ml-prove/all-data-raw.csv"), JobContext())
    assert (found.rows, found.target, found.classes) == (6118, "column 58", ())
    assert found.column("column 5").kind == "constant"
