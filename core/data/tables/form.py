"""How a text table is written: its delimiter, decimal mark, encoding and header, and what stands for nothing."""

import csv
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from core.errors import InvalidRequest, UnreadableFile

Encoding = Literal["utf-8", "utf-16", "latin-1"]
Decimal = Literal[".", ","]
Row = tuple[int, list[str]]  # number as a spreadsheet counts lines that hold something, and the cells
GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")  # 1.234.567,8


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class TableForm:
    """The form of a table. What a spreadsheet writes as .csv is the default and need not be said."""

    delimiter: str = ""  # "": a tabulator in .tsv, a comma elsewhere
    decimal: Decimal = "."
    encoding: Encoding = "utf-8"  # with or without a byte-order mark
    header: bool = True  # whether the first row names the columns; else they are "column 1", "column 2", …
    missing: tuple[str, ...] = ()  # cells that stand for nothing; rows that hold one are left out

    def __post_init__(self) -> None:
        if len(self.delimiter) > 1 or self.delimiter in ('"', "\n", "\r"):
            raise InvalidRequest(f'The delimiter of a table is one character, not "{self.delimiter}"')
        if self.delimiter == self.decimal:
            raise InvalidRequest(f'The delimiter and the decimal mark cannot both be "{self.decimal}"')

    def delimiter_of(self, path: Path) -> str:
        """The character between two cells of that file."""
        return self.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")


def rows_of(path: Path, form: TableForm) -> Iterator[Row]:
    """The rows that hold something, the header among them, one after the other.

    Raises
    ------
    UnreadableFile
        If the file is missing, or no text of that encoding.
    """
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = _RowLines(file)
            for number, row in enumerate(csv.reader(lines, delimiter=form.delimiter_of(path)), start=1):
                if len(lines.of_row) > 1:
                    _refuse_open_quote(path, number, lines.of_row, form)
                lines.of_row = []
                if row:
                    yield number, row
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, UnicodeError, csv.Error) as error:
        raise UnreadableFile(path, f"It is not a text table ({error}).", "Save it as UTF-8 .csv.") from error


class _RowLines:
    """The lines of a file, and those that were taken since somebody emptied `of_row`."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self.of_row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.of_row.append(line)
        return line


def _refuse_open_quote(path: Path, number: int, lines: list[str], form: TableForm) -> None:
    """Raise `UnreadableFile` for a quotation mark that is never closed: all rows after it would be one cell's text."""
    try:
        list(csv.reader(lines, delimiter=form.delimiter_of(path), strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            reason = f"A quotation mark in row {number} is never closed."
            raise UnreadableFile(path, reason, "Close it or remove it.") from error


def column_names(first: list[str], form: TableForm) -> list[str]:
    """What the columns are called, from the first row."""
    if form.header:
        return [name.strip() for name in first]
    return [f"column {number}" for number in range(1, len(first) + 1)]


def number_in(cell: str, decimal: str = ".") -> float:
    """The number in a cell; NaN if there is none.

    Python would read 1_000 and digits of other scripts, a spreadsheet would not. With a decimal comma, points may
    group thousands.
    """
    if decimal == ",":
        if "." in cell and not GROUPED.fullmatch(cell):
            return math.nan
        cell = cell.replace(".", "").replace(",", ".")
    try:
        return float(cell) if "_" not in cell and cell.isascii() else math.nan
    except ValueError:
        return math.nan
