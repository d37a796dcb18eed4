"""Samples that are no pictures, as rows of numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget

from app.views.networks.item_table import Column, ItemTable
from core.data.tables.features import Feature

MOST_COLUMNS = 60  # of numbers; more help nobody


@dataclass(frozen=True, kw_only=True, eq=False)
class SampleRow:
    """One sample: what it is called, and its numbers."""

    id: str
    label: str
    values: tuple[float | str, ...]  # a text is the level of a category


class SampleRows(ItemTable[SampleRow]):
    """The label first, then the numbers in the units of the data file."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "First samples", _columns((), ()), parent)

    def set_table(self, features: Sequence[Feature], x: npt.NDArray[np.generic], labels: Sequence[str]) -> None:
        """Show rows of a table x (n, encoded columns) as a person wrote them, categories by their levels."""
        shown = features[:MOST_COLUMNS]
        rows: list[list[float | str]] = [[] for _ in x]
        column = 0
        for feature in shown:
            for row, encoded in zip(rows, x[:, column : column + feature.width].astype(np.float64), strict=True):
                row.append(feature.levels[int(encoded.argmax())] if feature.kind == "category" else float(encoded[0]))
            column += feature.width
        titles = [f"{feature.name} ({feature.unit})" if feature.unit else feature.name for feature in shown]
        self._fill(titles, rows, labels)

    def set_samples(self, names: Sequence[str], x: npt.NDArray[np.generic], labels: Sequence[str]) -> None:
        """Show samples x (n, …) with a label each.

        Parameters
        ----------
        names : sequence of str
            Of the numbers of a sample; where they do not fit, the numbers are counted.
        """
        flat = x.reshape(len(x), -1)[:, :MOST_COLUMNS].astype(np.float64)
        width = flat.shape[1]
        called = tuple(names[:width]) if len(names) >= width else tuple(f"{index}" for index in range(width))
        self._fill(called, flat.tolist(), labels)

    def _fill(self, titles: Sequence[str], rows: Sequence[Sequence[float | str]], labels: Sequence[str]) -> None:
        texts = [isinstance(value, str) for value in (rows[0] if rows else ())]
        self.set_columns(_columns(titles, texts))
        self.set_rows(
            [
                SampleRow(id=str(index), label=label, values=tuple(values))
                for index, (label, values) in enumerate(zip(labels, rows, strict=True))
            ]
        )
        self.fit_columns()


def _columns(titles: Sequence[str], texts: Sequence[bool]) -> tuple[Column[SampleRow], ...]:
    values = (
        Column(title=title, text=_text_of(index), key=None if is_text else _value_of(index))
        for index, (title, is_text) in enumerate(zip(titles, texts, strict=True))
    )
    return (Column(title="Label", text=lambda row: row.label), *values)


def _text_of(index: int) -> Callable[[SampleRow], str]:
    def text(row: SampleRow) -> str:
        value = row.values[index]
        return value if isinstance(value, str) else f"{value:.6g}"

    return text


def _value_of(index: int) -> Callable[[SampleRow], float | str]:
    return lambda row: row.values[index]
