"""What form a text table is in, guessed from its beginning, with a word about everything that is unusual."""

import csv
import math
import re
from collections import Counter
from pathlib import Path

from core.data.tables.form import GROUPED, Decimal, Encoding, TableForm, number_in
from core.errors import DataError, UnreadableFile

LOOKED_AT = 256 * 2**10  # bytes
ROWS = 200
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_WORDS = {",": "commas", ";": "semicolons", "\t": "tabulators", "|": "bars"}
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+")
MISSING = ("", "?", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null")  # not "none", which is often a level


def guess_form(path: Path) -> tuple[TableForm, tuple[str, ...]]:
    """The form of a table without a card, and sentences about what is not as usual.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, or no text.
    DataError
        If it holds less than one row of two columns.
    """
    text, encoding, notes = _beginning(path)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise DataError(f"{path}: the file is empty. Choose a table with at least one row.")
    delimiter = _delimiter(lines)
    try:
        rows = [row for row in csv.reader(lines[:ROWS], delimiter=delimiter) if row]
    except csv.Error as error:
        raise UnreadableFile(
            path, f"It is not a text table ({error}).", "Look for a quotation mark too many."
        ) from error
    if max(len(row) for row in rows) < 2:
        raise DataError(
            f"{path}: it has one column only, so there is nothing to predict from. Its cells should be separated by "
            "commas, semicolons, tabulators or bars."
        )
    if delimiter != TableForm().delimiter_of(path):
        notes.append(f"Its cells are separated by {DELIMITER_WORDS[delimiter]}.")
    decimal: Decimal = "," if delimiter != "," and _has_decimal_commas(rows) else "."
    if decimal == ",":
        notes.append("Its numbers have a decimal comma: 1,5 is one and a half.")
    header = has_header(rows, decimal)
    if not header:
        notes.append('It has no header, so its columns are called "column 1", "column 2" and so on.')
    unusual = "" if delimiter == TableForm().delimiter_of(path) else delimiter
    form = TableForm(delimiter=unusual, decimal=decimal, encoding=encoding, header=header)
    return form, tuple(notes)


def has_header(rows: list[list[str]], decimal: str = ".") -> bool:
    """Whether the first row names the columns: it holds text where numbers follow, or text that never comes again."""
    first, rest = rows[0], rows[1:]
    if any(not math.isnan(number_in(cell.strip(), decimal)) for cell in first):
        return False
    if not rest or not all(cell.strip() for cell in first[1:]):
        return True
    columns = [[row[place].strip() for row in rest if place < len(row)] for place in range(len(first))]
    if any(_mostly_numbers(column, decimal) for column in columns):
        return True
    return not any(name.strip() in column for name, column in zip(first, columns, strict=True))


def _mostly_numbers(cells: list[str], decimal: str) -> bool:
    said = [cell for cell in cells if cell not in MISSING]
    numbers = sum(not math.isnan(number_in(cell, decimal)) for cell in said)
    return bool(said) and numbers >= 0.9 * len(said)


def _beginning(path: Path) -> tuple[str, Encoding, list[str]]:
    try:
        with path.open("rb") as file:
            raw = file.read(LOOKED_AT)
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error.strerror}).", "Check its permissions.") from error
    cut = len(raw) == LOOKED_AT
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _whole_lines(raw.decode("utf-16", errors="ignore"), cut=cut), "utf-16", ["Its letters are UTF-16."]
    if b"\0" in raw:
        raise UnreadableFile(path, "It is no text table: it holds bytes that no text has.", "Save it as UTF-8 .csv.")
    try:
        # The end may be the first half of a letter.
        return _whole_lines(raw[: -3 if cut else None].decode("utf-8-sig", errors="strict"), cut=cut), "utf-8", []
    except UnicodeDecodeError as error:
        if cut and error.start > len(raw) - 8:
            return _whole_lines(raw[: error.start].decode("utf-8-sig"), cut=True), "utf-8", []
        note = "Its letters are not UTF-8 and are read as Latin-1; look whether accents and umlauts are right."
        return _whole_lines(raw.decode("latin-1"), cut=cut), "latin-1", [note]


def _whole_lines(text: str, *, cut: bool) -> str:
    """Without the last line if the text was cut off in the middle of it."""
    return text.rpartition("\n")[0] or text if cut else text


def _delimiter(lines: list[str]) -> str:
    """The character that divides most rows into the same number of cells, and into as many as can be."""

    def score(delimiter: str) -> tuple[bool, float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines[:ROWS], delimiter=delimiter) if row)
        except csv.Error:
            return False, 0.0, 0
        width, count = widths.most_common(1)[0]
        return width > 1, round(count / widths.total(), 1), width

    return max(DELIMITERS, key=score)


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    cells = [cell.strip() for row in rows for cell in row]
    commas = sum(bool(COMMA_NUMBER.fullmatch(cell) or ("," in cell and GROUPED.fullmatch(cell))) for cell in cells)
    points = sum("." in cell and not math.isnan(number_in(cell)) and not GROUPED.fullmatch(cell) for cell in cells)
    return commas > points
