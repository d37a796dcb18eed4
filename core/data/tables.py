"""Tables (`.csv`, `.tsv`) with a feature card: every cell checked, categories one-hot encoded."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.features import Feature, FeatureCard
from core.errors import DataError, UnreadableFile

Cells = list[tuple[int, str]]  # of one column, with the number of the row
Rows = list[tuple[int, list[str]]]  # the number of the row in a spreadsheet, and its cells


def read_table(path: Path, card: FeatureCard) -> Dataset:
    """Read the columns that the card names, in the card's order.

    Raises
    ------
    UnreadableFile
        If the file is missing or not text.
    DataError
        If a column is missing, a number is text, or a category has a level the card does not know; the text gives
        the row (counted as in a spreadsheet, the header being row 1) and the column.
    """
    header, rows = _read_rows(path)
    places = {name: index for index, name in enumerate(header)}
    names = [*(feature.name for feature in card.features), card.target]
    twice = next((name for name in names if header.count(name) > 1), None)
    if twice is not None:
        raise DataError(f'{path}: there are {header.count(twice)} columns called "{twice}". Rename all but one.')
    missing = [name for name in names if name not in places]
    if missing:
        raise DataError(f"{path}: there is no column {', '.join(missing)}. The columns are: {', '.join(header)}.")
    if not rows:
        raise DataError(f"{path}: the table has a header but no rows. Choose a file with at least one row.")
    for number, row in rows:
        if len(row) != len(header):
            raise DataError(
                f"{path}: row {number} has {len(row)} cells, the header has {len(header)}. Repair that row."
            )
    blocks = [_encode(path, feature, _column(rows, places[feature.name])) for feature in card.features]
    labels = _column(rows, places[card.target])
    return Dataset(
        name=card.name or path.stem,
        x=np.concatenate(blocks, axis=1),
        y=_codes(path, card.target, card.classes, labels) if card.classes else _values(path, card.target, labels),
        classes=card.classes,
        targets=(card.target,) if card.task == "regression" else (),
        features=card,
        source=card.source or str(path),
    )


def _read_rows(path: Path) -> tuple[list[str], Rows]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            dialect = csv.excel_tab if path.suffix == ".tsv" else csv.excel
            rows = [(number, row) for number, row in enumerate(csv.reader(file, dialect), start=1) if row]
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(path, f"It is not a text table ({error}).", "Save it as UTF-8 .csv.") from error
    if not rows:
        raise DataError(f"{path}: the file is empty. Choose a table with a header row.")
    return [name.strip() for name in rows[0][1]], rows[1:]


def _column(rows: Rows, place: int) -> Cells:
    return [(number, row[place].strip()) for number, row in rows]


def _encode(path: Path, feature: Feature, cells: Cells) -> npt.NDArray[np.float64]:
    """(n, feature.width): the numbers themselves, or one column of zeros and ones per level."""
    if feature.kind == "category":
        codes = _codes(path, feature.name, feature.levels, cells)
        return np.eye(len(feature.levels))[codes]
    return np.array([[_number(path, feature, row, cell)] for row, cell in cells])


def _values(path: Path, name: str, cells: Cells) -> npt.NDArray[np.float64]:
    """(n,) the numbers of the target column."""
    numbers = np.array([_parsed(cell) for _, cell in cells], dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        row, cell = cells[wrong[0]]
        raise DataError(
            f'{path}: row {row}, column "{name}": "{cell}" is not a number, and the feature card names no classes. '
            "Correct the cell, or list the classes in the card."
        )
    return numbers


def _number(path: Path, feature: Feature, row: int, cell: str) -> float:
    value = _parsed(cell)
    if not math.isfinite(value):
        raise DataError(
            f'{path}: row {row}, column "{feature.name}": "{cell}" is not a number. '
            "Correct the cell, or call the column a category in the feature card."
        )
    if feature.kind == "integer" and not value.is_integer():
        raise DataError(
            f'{path}: row {row}, column "{feature.name}": "{cell}" is not a whole number. '
            "Correct the cell, or call the column a number in the feature card."
        )
    return value


def _parsed(cell: str) -> float:
    """The number in a cell; NaN if there is none."""
    try:
        # Python would read 1_000 and digits of other scripts, a spreadsheet would not.
        return float(cell) if "_" not in cell and cell.isascii() else math.nan
    except ValueError:
        return math.nan


def _codes(path: Path, name: str, levels: Sequence[str], cells: Cells) -> npt.NDArray[np.int64]:
    places = {level: index for index, level in enumerate(levels)}
    for row, cell in cells:
        if cell not in places:
            raise DataError(
                f'{path}: row {row}, column "{name}": "{cell}" is none of the values the feature card knows '
                f"({', '.join(levels)}). Correct the cell or the card."
            )
    return np.array([places[cell] for _, cell in cells], dtype=np.int64)
