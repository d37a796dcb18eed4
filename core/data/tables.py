"""Tables (`.csv`, `.tsv`) with a feature card: every cell checked, categories one-hot encoded."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.features import Feature, FeatureCard
from core.errors import DataError, UnreadableFile

Rows = list[list[str]]


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
    missing = [name for name in names if name not in places]
    if missing:
        raise DataError(f"{path}: there is no column {', '.join(missing)}. The columns are: {', '.join(header)}.")
    if not rows:
        raise DataError(f"{path}: the table has a header but no rows. Choose a file with at least one row.")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(
                f"{path}: row {number} has {len(row)} cells, the header has {len(header)}. Repair that row."
            )
    blocks = [_encode(path, feature, _column(rows, places[feature.name])) for feature in card.features]
    labels = _classes(path, card, _column(rows, places[card.target]))
    return Dataset(
        name=card.name or path.stem,
        x=np.concatenate(blocks, axis=1),
        y=labels,
        classes=card.classes,
        features=card,
        source=card.source or str(path),
    )


def _read_rows(path: Path) -> tuple[list[str], Rows]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            dialect = csv.excel_tab if path.suffix == ".tsv" else csv.excel
            rows = [row for row in csv.reader(file, dialect) if row]
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(path, f"It is not a text table ({error}).", "Save it as UTF-8 .csv.") from error
    if not rows:
        raise DataError(f"{path}: the file is empty. Choose a table with a header row.")
    return [name.strip() for name in rows[0]], rows[1:]


def _column(rows: Rows, place: int) -> list[str]:
    return [row[place].strip() for row in rows]


def _encode(path: Path, feature: Feature, cells: Sequence[str]) -> npt.NDArray[np.float64]:
    """(n, feature.width): the numbers themselves, or one column of zeros and ones per level."""
    if feature.kind == "category":
        codes = _codes(path, feature.name, feature.levels, cells)
        return np.eye(len(feature.levels))[codes]
    values = np.empty((len(cells), 1))
    for number, cell in enumerate(cells):
        try:
            values[number, 0] = float(cell)
        except ValueError:
            values[number, 0] = np.nan
        if not np.isfinite(values[number, 0]):
            raise DataError(
                f'{path}: row {number + 2}, column "{feature.name}": "{cell}" is not a number. '
                "Correct the cell, or call the column a category in the feature card."
            )
    return values


def _codes(path: Path, name: str, levels: Sequence[str], cells: Sequence[str]) -> npt.NDArray[np.int64]:
    places = {level: index for index, level in enumerate(levels)}
    codes = np.empty(len(cells), dtype=np.int64)
    for number, cell in enumerate(cells):
        if cell not in places:
            raise DataError(
                f'{path}: row {number + 2}, column "{name}": "{cell}" is none of the values the feature card knows '
                f"({', '.join(levels)}). Correct the cell or the card."
            )
        codes[number] = places[cell]
    return codes


def _classes(path: Path, card: FeatureCard, cells: Sequence[str]) -> npt.NDArray[np.int64]:
    return _codes(path, card.target, card.classes, cells)
