"""What spreadsheets make of cells: text that they would run is guarded, numbers are left alone."""

import csv
import io

import numpy as np
import pytest

from core.exchange.tables.rows import Cell, csv_text, guarded, write_rows


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(A1)", "+cmd|x", "-2+3+cmd|'/C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "-log p", "+1a"]
)
def test_text_that_begins_like_a_formula_is_marked_as_text(text: str) -> None:
    assert guarded(["a", text]) == ["a", f"'{text}"]


@pytest.mark.parametrize(
    "cell", [-1.5, 3, np.float64(-2), "-1.5", "+12 %", "+1\u202f000", "-1e-05", "-inf", "−3", "-", "", "a=b", " = "]
)
def test_numbers_and_other_text_stay_as_they_are(cell: Cell) -> None:
    assert guarded([cell]) == [cell]


def test_files_and_the_clipboard_have_the_same_guarded_rows_headings_included() -> None:
    rows: list[tuple[Cell, ...]] = [("=name", "value"), ("a,b", -0.1), ("@x", float("nan"))]
    file = io.BytesIO()
    write_rows(rows, file)
    text = file.getvalue().decode()
    assert text == csv_text(rows)
    assert list(csv.reader(io.StringIO(text))) == [["'=name", "value"], ["a,b", "-0.1"], ["'@x", "nan"]]
