"""A table of items that sorts by value, filters by text and copies itself as CSV."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.actions.wording import tip
from app.views.made import named
from core.exchange.tables.rows import csv_text

Index = QModelIndex | QPersistentModelIndex
SORTED_BY = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()
WIDEST = 200  # pixels of a column that nobody has widened


class Row(Protocol):
    """What a table shows: at least an id."""

    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, kw_only=True)
class Column(Generic[R]):
    """One column: what it says of a row, and by what it sorts."""

    title: str
    text: Callable[[R], str]
    key: Callable[[R], float | str] | None = None  # None: by its text
    tooltip: str = ""  # of the heading
    hint: Callable[[R], str] | None = None  # tooltip of a cell; None: its text

    @property
    def is_number(self) -> bool:
        return self.key is not None

    def sorted_by(self, row: R) -> float | str:
        """What a row is sorted by in this column."""
        return self.text(row).casefold() if self.key is None else self.key(row)


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows as a table for Qt, of which those that match a text are seen, in the order of a column.

    A key or text is asked for once per row: a proxy of Qt's would ask for two at every comparison, which takes
    seconds for ten thousand rows. A row that equals an earlier one of its id has the same texts, which are not asked
    for again: a filtered table that grows asks for those of its new rows.
    """

    def __init__(self, columns: Sequence[Column[R]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[R, ...] = ()  # all of them, as in the document
        self.seen: tuple[R, ...] = ()
        self._sorted_by = -1  # column; -1: as in the document
        self._descending = False
        self._filter = ""
        self._texts: dict[str, tuple[R, str]] = {}  # rows and what they say, by id, to look for the filter in

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows. Where only their content is another, selection and scrolling stay."""
        before = [row.id for row in self.seen]
        self.rows = tuple(rows)
        seen = self._arranged()
        if [row.id for row in seen] == before:
            self.seen = seen
            if seen:
                self.dataChanged.emit(self.index(0, 0), self.index(len(seen) - 1, len(self.columns) - 1))
        elif sorted(before) == sorted(row.id for row in seen):
            self._reorder(seen)
        else:
            self._replace(seen)

    def set_filter(self, text: str) -> None:
        """See only rows in which this text occurs somewhere, in whatever case."""
        self._filter = text.casefold()
        self._replace(self._arranged())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See the rows in the order of a column; -1: as in the document."""
        asked = column, order is Qt.SortOrder.DescendingOrder
        if asked == (self._sorted_by, self._descending):
            return  # the view asks twice
        self._sorted_by, self._descending = asked
        self._reorder(self._arranged())

    def place_of(self, row_id: str | None) -> int | None:
        """Where a row is seen; None if it is not."""
        return next((place for place, row in enumerate(self.seen) if row.id == row_id), None)

    def _reorder(self, seen: tuple[R, ...]) -> None:
        """The same rows in another order: what is selected moves along."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        ids = [self.seen[index.row()].id for index in held]
        self.seen = seen
        places = {row.id: place for place, row in enumerate(self.seen)}
        moved = [self.index(places[row_id], index.column()) for row_id, index in zip(ids, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _replace(self, seen: tuple[R, ...]) -> None:
        self.beginResetModel()
        self.seen = seen
        self.endResetModel()

    def _arranged(self) -> tuple[R, ...]:
        found = list(self.rows)
        if self._filter:
            self._texts = {row.id: (row, self._text(row)) for row in self.rows}
            found = [row for row, text in self._texts.values() if self._filter in text]
        if 0 <= self._sorted_by < len(self.columns):
            column = self.columns[self._sorted_by]
            found.sort(key=lambda row: _orderly(column.sorted_by(row)), reverse=self._descending)
        return tuple(found)

    def _text(self, row: R) -> str:
        """All that is said of a row."""
        known = self._texts.get(row.id)
        if known is not None and known[0] == row:
            return known[1]
        return "\n".join(column.text(row) for column in self.columns).casefold()

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Another set of columns, without rows."""
        self.beginResetModel()
        self.columns, self.rows, self.seen, self._texts = tuple(columns), (), (), {}
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.seen)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column, row = self.columns[index.column()], self.seen[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == SORTED_BY:
            return column.sorted_by(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip((column.hint or column.text)(row))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip or column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _orderly(key: float | str) -> tuple[bool, float, str]:
    """Numbers before texts; what is no number behind all numbers, or nothing would be in order."""
    if isinstance(key, str):
        return True, 0.0, key
    return False, math.inf if math.isnan(key) else key, ""


class ItemTable(QTableView, Generic[R]):
    """The view: one row can be selected, headings sort, Ctrl+C copies what is seen as CSV."""

    chosen = Signal(str)  # id of the row that was selected by mouse or keys
    activated_row = Signal(str)  # id; double click or Enter
    remove_wanted = Signal(str)  # id; Delete

    def __init__(self, name: str, title: str, columns: Sequence[Column[R]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setAccessibleName(title)
        self.model_of_rows: RowModel[R] = RowModel(columns, self)
        self.setModel(self.model_of_rows)
        self._following = False
        self._sized = False
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # as in the document, until pressed
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(lambda index: self.activated_row.emit(self._id_at(index)))

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows; the selected one stays selected if it is still there."""
        current = self.current_id
        self._following = True
        self.model_of_rows.set_rows(rows)
        self.select_id(current)
        self._following = False
        if rows and not self._sized:
            self._sized = True
            self.fit_columns()

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns, without rows."""
        self.model_of_rows.set_columns(columns)

    def fit_columns(self) -> None:
        """Make each column as wide as it needs, within limits."""
        self.resizeColumnsToContents()
        for column in range(len(self.model_of_rows.columns)):
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, WIDEST))

    def set_filter(self, text: str) -> None:
        """Show only rows in which this text occurs somewhere."""
        current = self.current_id
        self.model_of_rows.set_filter(text)
        self.select_id(current)

    @property
    def current_id(self) -> str | None:
        """Id of the selected row."""
        index = self.currentIndex()
        return self._id_at(index) if index.isValid() else None

    def select_id(self, item_id: str | None) -> None:
        """Select the row of that id without telling anybody; none if it is not shown."""
        following, self._following = self._following, True
        place = self.model_of_rows.place_of(item_id)
        if place is None:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.model_of_rows.index(place, 0))
        self._following = following

    def as_csv(self) -> str:
        """What is seen, with its headings, in the order in which it is seen."""
        columns = self.model_of_rows.columns
        rows = [[column.text(row) for column in columns] for row in self.seen_rows()]
        return csv_text([[column.title for column in columns], *rows])

    def seen_rows(self) -> list[R]:
        """The rows that are seen, in that order."""
        return list(self.model_of_rows.seen)

    def copy_csv(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_csv())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_csv()
        elif event.key() == Qt.Key.Key_Delete and self.current_id is not None:
            self.remove_wanted.emit(self.current_id)
        else:
            super().keyPressEvent(event)

    def _id_at(self, index: Index) -> str:
        return self.model_of_rows.seen[index.row()].id

    def _on_current(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.chosen.emit(self._id_at(current))

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy table as CSV").triggered.connect(self.copy_csv)
        menu.popup(self.viewport().mapToGlobal(place))
