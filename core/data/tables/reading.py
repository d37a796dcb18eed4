"""Tables (`.csv`, `.tsv`) with a feature card: every cell checked, categories one-hot encoded."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.mapping import refuse_beyond_memory
from core.data.tables.features import Feature, FeatureCard
from core.data.tables.form import Decimal, Row, TableForm, column_names, number_in, rows_of
from core.errors import DataError

SHOWN = 20  # names in a message before "and so many more"
Cells = list[tuple[int, str]]  # of one column, with the number of the row


@dataclass(frozen=True, kw_only=True)
class _Table:
    """The rows of a file that are taken."""

    path: Path
    places: dict[str, int]  # of the columns
    rows: list[Row]
    decimal: Decimal

    def column(self, name: str) -> Cells:
        place = self.places[name]
        return [(number, row[place].strip()) for number, row in self.rows]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """(n,) the numbers in a column; NaN where there is none."""
        return np.array([number_in(cell, self.decimal) for _, cell in self.column(name)], dtype=np.float64)


def read_table(path: Path, card: FeatureCard) -> Dataset:
    """Read the columns that the card names, in the card's order.

    Rows that lack a value are refused, or left out where the card says which cells stand for nothing; how many were
    left out stands in the source of the data.

    Raises
    ------
    UnreadableFile
        If the file is missing or not text.
    DataError
        If a column is missing, a number is text, or a category has a level the card does not know; the text gives
        the row (counted as in a spreadsheet, the header being row 1) and the column.
    """
    header, rows = _read_rows(path, card.table)
    names = [*(name for feature in card.features for name in feature.file_columns), *card.label_columns]
    counts = Counter(header)
    twice = next((name for name in names if counts[name] > 1), None)
    if twice is not None:
        raise DataError(f'{path}: there are {counts[twice]} columns called "{twice}". Rename all but one.')
    places = {name: index for index, name in enumerate(header)}
    missing = [name for name in names if name not in places]
    if missing:
        raise DataError(f"{path}: there is no column {_listed(missing)}. The columns are: {_listed(header)}.")
    if not rows:
        raise DataError(f"{path}: the table has a header but no rows. Choose a file with at least one row.")
    for number, row in rows:
        if len(row) != len(header):
            raise DataError(
                f"{path}: row {number} has {len(row)} cells, the header has {len(header)}. Repair that row."
            )
    refuse_beyond_memory(path, len(rows) * card.width * 8)
    whole = _whole_rows(path, rows, [places[name] for name in names], card.table)
    table = _Table(path=path, places=places, rows=whole, decimal=card.table.decimal)
    source = card.source or str(path)
    if len(whole) < len(rows):
        source += f"; {len(rows) - len(whole):,} of {len(rows):,} rows left out because they lack a value"
    return Dataset(
        name=card.name or path.stem,
        x=np.concatenate([_encode(table, feature) for feature in card.features], axis=1),
        y=_labels(table, card) if card.classes else _values(table, card.target),
        classes=card.classes,
        targets=(card.target,) if card.task == "regression" else (),
        features=card,
        source=source,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _read_rows(path: Path, form: TableForm) -> tuple[list[str], list[Row]]:
    rows = list(rows_of(path, form))
    if not rows:
        raise DataError(f"{path}: the file is empty. Choose a table with a header row.")
    return column_names(rows[0][1], form), rows[1:] if form.header else rows


def _whole_rows(path: Path, rows: list[Row], places: list[int], form: TableForm) -> list[Row]:
    """The rows in which no column that is used lacks its value, as far as the form says what stands for nothing."""
    if not form.missing:
        return rows
    nothing = set(form.missing)
    whole = [(number, row) for number, row in rows if not any(row[place].strip() in nothing for place in places)]
    if not whole:
        raise DataError(f"{path}: every row lacks a value. Leave the columns out of the card that lack most.")
    return whole


def _encode(table: _Table, feature: Feature) -> npt.NDArray[np.float64]:
    """(n, feature.width): the numbers themselves, or one column of zeros and ones per level."""
    if feature.columns:
        return _one_hot(_exclusive(table, feature.name, feature.columns), len(feature.levels))
    cells = table.column(feature.name)
    if feature.kind == "category":
        return _one_hot(_codes(table.path, feature.name, feature.levels, cells), len(feature.levels))
    return np.array([[_number(table, feature, row, cell)] for row, cell in cells])


def _one_hot(codes: npt.NDArray[np.int64], levels: int) -> npt.NDArray[np.float64]:
    """(n, levels) zeros, with a one in each row."""
    encoded = np.zeros((len(codes), levels))
    encoded[np.arange(len(codes)), codes] = 1.0
    return encoded


def _labels(table: _Table, card: FeatureCard) -> npt.NDArray[np.int64]:
    """(n,) the classes."""
    if card.target_columns:
        return _exclusive(table, card.target, card.target_columns)
    return _codes(table.path, card.target, card.classes, table.column(card.target))


def _exclusive(table: _Table, name: str, columns: Sequence[str]) -> npt.NDArray[np.int64]:
    """(n,) which of the columns is 1, the others being 0, or -1."""
    values = np.stack([table.numbers(column) for column in columns], axis=1)
    wrong = np.flatnonzero(((values == 1).sum(axis=1) != 1) | ~np.isin(values, (-1, 0, 1)).all(axis=1))
    if len(wrong):
        raise DataError(
            f'{table.path}: row {table.rows[wrong[0]][0]}: exactly one of the columns of "{name}" '
            f"({', '.join(columns)}) must be 1, and the others 0 or -1. Correct the row, or take them as numbers."
        )
    found: npt.NDArray[np.int64] = np.argmax(values == 1, axis=1).astype(np.int64)
    return found


def _values(table: _Table, name: str) -> npt.NDArray[np.float64]:
    """(n,) the numbers of the target column."""
    numbers = table.numbers(name)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        row, cell = table.column(name)[wrong[0]]
        raise DataError(
            f'{table.path}: row {row}, column "{name}": "{cell}" is not a number, and the feature card names no '
            "classes. Correct the cell, or list the classes in the card."
        )
    return numbers


def _number(table: _Table, feature: Feature, row: int, cell: str) -> float:
    value = number_in(cell, table.decimal)
    if not math.isfinite(value):
        raise DataError(
            f'{table.path}: row {row}, column "{feature.name}": "{cell}" is not a number. '
            "Correct the cell, or call the column a category in the feature card."
        )
    if feature.kind == "integer" and not value.is_integer():
        raise DataError(
            f'{table.path}: row {row}, column "{feature.name}": "{cell}" is not a whole number. '
            "Correct the cell, or call the column a number in the feature card."
        )
    return value


def _codes(path: Path, name: str, levels: Sequence[str], cells: Cells) -> npt.NDArray[np.int64]:
    places = {level: index for index, level in enumerate(levels)}
    for row, cell in cells:
        if cell not in places:
            raise DataError(
                f'{path}: row {row}, column "{name}": "{cell}" is none of the values the feature card knows '
                f"({', '.join(levels)}). Correct the cell or the card."
            )
    return np.array([places[cell] for _, cell in cells], dtype=np.int64)
