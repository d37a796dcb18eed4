"""A table of items that sorts by value, filters by text and copies itself as CSV."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.actions.wording import tip
from app.views.made import named

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


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows as a table for Qt."""

    def __init__(self, columns: Sequence[Column[R]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[R, ...] = ()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows. Where only their content is another, selection and scrolling stay."""
        same = [row.id for row in rows] == [row.id for row in self.rows]
        if same:
            self.rows = tuple(rows)
            if self.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        else:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Another set of columns, without rows."""
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), ()
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == SORTED_BY:
            return column.text(row).casefold() if column.key is None else column.key(row)
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
        self._sorter = QSortFilterProxyModel(self)
        self._sorter.setSourceModel(self.model_of_rows)
        self._sorter.setSortRole(SORTED_BY)
        self._sorter.setFilterKeyColumn(-1)
        self._sorter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorter)
        self._following = False
        self._sized = False
        self.setSortingEnabled(True)
        self._sorter.sort(-1)  # as in the document until a heading is pressed
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
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
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
        self._sorter.setFilterFixedString(text)

    @property
    def current_id(self) -> str | None:
        """Id of the selected row."""
        index = self.currentIndex()
        return self._id_at(index) if index.isValid() else None

    def select_id(self, item_id: str | None) -> None:
        """Select the row of that id without telling anybody; none if it is not shown."""
        ids = [row.id for row in self.model_of_rows.rows]
        following, self._following = self._following, True
        if item_id in ids:
            self.setCurrentIndex(self._sorter.mapFromSource(self.model_of_rows.index(ids.index(item_id), 0)))
        else:
            self.selectionModel().clear()
        self._following = following

    def as_csv(self) -> str:
        """What is seen, with its headings, in the order in which it is seen."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        columns = self.model_of_rows.columns
        writer.writerow([column.title for column in columns])
        for row in range(self._sorter.rowCount()):
            writer.writerow([self._sorter.index(row, column).data() for column in range(len(columns))])
        return text.getvalue()

    def seen_rows(self) -> list[R]:
        """The rows that are seen, in that order."""
        places = [self._sorter.mapToSource(self._sorter.index(row, 0)) for row in range(self._sorter.rowCount())]
        return [self.model_of_rows.rows[place.row()] for place in places]

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
        source = self._sorter.mapToSource(index)
        return self.model_of_rows.rows[source.row()].id

    def _on_current(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.chosen.emit(self._id_at(current))

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy table as CSV").triggered.connect(self.copy_csv)
        menu.popup(self.viewport().mapToGlobal(place))
