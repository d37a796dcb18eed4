"""The columns of a card draft as a table that can be edited, with what is wrong at the end of each row."""

from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from app.actions.wording import tip
from core.data.tables.card_draft import CHANGES, KINDS, NUMBERS, CardDraft, ColumnDraft, Field

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()  # of a table, which has no other parent


class Heading(NamedTuple):
    """A column of the editor."""

    field: Field | None  # None: not to be edited
    title: str
    tip: str


HEADINGS = (
    Heading("use", "Use", "Whether the network is fed with this column"),
    Heading(None, "Column", "Its name in the file"),
    Heading(None, "To look at", "What is wrong, or unusual"),
    Heading("kind", "Kind", "Number, whole number, or category"),
    Heading("unit", "Unit", "As it shall stand in figures and rules"),
    Heading("low", "Low", "Where the sensible range begins"),
    Heading("high", "High", "Where the sensible range ends"),
    Heading("step", "Step", "The smallest sensible change; empty: any"),
    Heading("levels", "Levels", "Of a category, in the order of the network's inputs, with | between them"),
    Heading("change", "May change", "Whether a correction may change it: freely, only up, only down, or not at all"),
    Heading("price", "Price", "What a change by one unit costs; empty: one over the whole range"),
    Heading("half_width", "± Stable", "How far the value may be off, in its unit, without changing the verdict"),
)
USE, NAME, REMARK, LAST = 0, 1, 2, len(HEADINGS) - 1
KIND_WORDS = {"number": "number", "integer": "whole number", "category": "category"}
CHANGE_WORDS = {"may": "freely", "up": "only up", "down": "only down", "fixed": "not at all"}
CHOICES: dict[Field, dict[str, str]] = {
    "kind": {kind: KIND_WORDS[kind] for kind in KINDS},
    "change": {change: CHANGE_WORDS[change] for change in CHANGES},
}


class ColumnsModel(QAbstractTableModel):
    """Rows are the columns of the file without the target."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft: CardDraft | None = None
        self.bad, self.muted = QColor("red"), QColor("grey")

    @property
    def draft(self) -> CardDraft | None:
        """The draft as it was edited."""
        return self._draft

    def show_draft(self, draft: CardDraft) -> None:
        """Show another draft."""
        self.beginResetModel()
        self._draft = draft
        self.endResetModel()

    def use_all(self, *, use: bool) -> None:
        """Tick all columns that there is sense in using, or none."""
        if self._draft is not None:
            columns = tuple(replace(column, use=use and column.suggested) for column in self._draft.columns)
            self._change(replace(self._draft, columns=columns))
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, LAST))

    def column_at(self, row: int) -> ColumnDraft | None:
        """The column of the file in a row."""
        return None if self._draft is None else self._draft.columns[row]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if self._draft is None or parent.isValid() else len(self._draft.columns)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADINGS[section].title
            if role == Qt.ItemDataRole.ToolTipRole:
                return HEADINGS[section].tip
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        column, field = self.column_at(index.row()), HEADINGS[index.column()].field
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if column is None or field is None or self._is_target(column):
            return flags
        if field == "use":
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if column.use and column.applies(field) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.column_at(index.row())
        field = HEADINGS[index.column()].field
        answer: Any = None
        if column is None:
            return answer
        if role == Qt.ItemDataRole.CheckStateRole and field == "use":
            ticked = column.use and not self._is_target(column)
            answer = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        elif role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            answer = self._text(column, index.column(), editing=role == Qt.ItemDataRole.EditRole)
        elif role == Qt.ItemDataRole.ForegroundRole:
            answer = self._colour(column, index.column())
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = tip(self._text(column, index.column(), editing=False)) or None
        elif role == Qt.ItemDataRole.TextAlignmentRole and field in NUMBERS:
            answer = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return answer

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        column, field = self.column_at(index.row()), HEADINGS[index.column()].field
        if column is None or field is None or self._draft is None or self._is_target(column):
            return False
        if field == "use":
            if role != Qt.ItemDataRole.CheckStateRole:
                return False
            value = Qt.CheckState(value) is Qt.CheckState.Checked
        elif role != Qt.ItemDataRole.EditRole:
            return False
        columns = list(self._draft.columns)
        columns[index.row()] = replace(column, **{field: value})
        self._change(replace(self._draft, columns=tuple(columns)))
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), LAST))
        return True

    def _change(self, draft: CardDraft) -> None:
        self._draft = draft
        self.edited.emit()

    def _is_target(self, column: ColumnDraft) -> bool:
        if self._draft is None:
            return False
        taken = {self._draft.target, *self._draft.target_columns}
        return bool(taken & {column.name, *column.columns})

    def _errors(self, column: ColumnDraft) -> dict[Field, str]:
        return {} if self._is_target(column) else column.errors()

    def _text(self, column: ColumnDraft, section: int, *, editing: bool) -> str:
        field = HEADINGS[section].field
        if section == NAME:
            return column.name
        if section == REMARK:
            return "It is what is predicted." if self._is_target(column) else _remark(column, self._errors(column))
        if field is None or field == "use" or not (editing or column.applies(field)):
            return ""
        value = str(getattr(column, field))
        return value if editing else CHOICES.get(field, {}).get(value, value)

    def _colour(self, column: ColumnDraft, section: int) -> QColor | None:
        errors = self._errors(column)
        if errors and (section == REMARK or HEADINGS[section].field in errors):
            return self.bad
        return self.muted if not column.use or self._is_target(column) or section == REMARK else None


def _remark(column: ColumnDraft, errors: dict[Field, str]) -> str:
    """The errors with their fields, or else the note."""
    titles = {heading.field: heading.title for heading in HEADINGS}
    return " ".join(f"{titles[field]}: {why}" for field, why in errors.items()) or column.note
