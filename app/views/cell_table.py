"""A table to read and to copy: cells in their order, numbers to the right, the clipboard with every digit."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.actions.wording import tip
from core.exchange.tables.rows import Row, csv_text

SHARE = Qt.ItemDataRole.UserRole  # of a bar behind a cell, 0 to 1
BAR = 0.22  # how solid it is
WIDEST, NARROWEST = 340, 120  # pixels of a column; of the first one, of words, where there is little room


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What is seen, and what is copied."""

    heads: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    copied: tuple[Row, ...]  # heads first, numbers with every digit
    words: int = 1  # columns of words at the left; the others hold numbers
    tips: Sequence[Sequence[str]] = ()  # of the cells; empty: none
    head_tips: Sequence[str] = ()
    shares: dict[tuple[int, int], float] = field(default_factory=dict)  # bars behind cells, by row and column


class _Bars(QStyledItemDelegate):
    """Draws a bar of a cell's share behind its text."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        share = index.data(SHARE)
        if isinstance(share, float) and share > 0:
            colour = option.palette.color(QPalette.ColorRole.Highlight)
            colour.setAlphaF(BAR)
            place = QRect(option.rect).adjusted(1, 2, -1, -2)
            place.setLeft(place.right() - round(share * place.width()))
            painter.fillRect(place, colour)
        super().paint(painter, option, index)


class CellTable(QTableWidget):
    """Ctrl+C and the menu copy all of it as CSV."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._cells: Cells | None = None
        self._first = 0  # pixels that the first column would like; 0: somebody has drawn it as wide as it is
        self._fitting = False
        self.horizontalHeader().sectionResized.connect(self._on_resized)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of columns differ at their ends
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setHighlightSections(False)
        self.setItemDelegate(_Bars(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    @property
    def cells(self) -> Cells | None:
        """What is in the table."""
        return self._cells

    def set_cells(self, cells: Cells | None) -> None:
        """Show these; the current cell stays where it was."""
        before, self._cells = (self.currentRow(), self.currentColumn()), cells
        blocked = self.blockSignals(True)  # noqa: FBT003  Qt takes no keyword
        other = cells is not None and [self._head(place) for place in range(self.columnCount())] != list(cells.heads)
        if cells is None:
            self.setRowCount(0)
        else:
            self._fill(cells)
            self._fit(len(cells.heads), grow_only=not other)
            if before[0] >= 0:
                self.setCurrentCell(*before)
        self.blockSignals(blocked)

    def as_csv(self) -> str:
        """The table with its headings; "" where there is nothing."""
        return "" if self._cells is None else csv_text(self._cells.copied)

    def copy_csv(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_csv())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_csv()
        else:
            super().keyPressEvent(event)

    def _fill(self, cells: Cells) -> None:
        self.setColumnCount(len(cells.heads))
        self.setRowCount(len(cells.rows))
        for column, head in enumerate(cells.heads):
            item = QTableWidgetItem(head)
            item.setTextAlignment(_side(column, cells))
            if cells.head_tips:
                item.setToolTip(tip(cells.head_tips[column]))
            self.setHorizontalHeaderItem(column, item)
        for row, texts in enumerate(cells.rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_side(column, cells))
                item.setToolTip(tip(cells.tips[row][column] if cells.tips else text))
                if (share := cells.shares.get((row, column))) is not None:
                    item.setData(SHARE, share)
                self.setItem(row, column, item)

    def _fit(self, columns: int, *, grow_only: bool) -> None:
        """Give columns the width that their cells need: a number must be read whole, and columns must not dance."""
        self._fitting = True
        for column in range(columns):
            needed = max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column)) + 12
            width = min(needed, WIDEST)
            if column == 0 and (self._first or not grow_only):
                self._first = width = max(width, self._first) if grow_only else width
            self.setColumnWidth(column, max(width, self.columnWidth(column)) if grow_only else width)
        self._fitting = False
        self._make_room()

    def _make_room(self) -> None:
        """Words at the left are cut short where numbers beside them would not be seen."""
        if self._cells is None or not self._cells.words or not self._first:
            return
        others = sum(self.columnWidth(column) for column in range(1, self.columnCount()))
        self._fitting = True
        self.setColumnWidth(0, max(min(self._first, NARROWEST), min(self._first, self.viewport().width() - others)))
        self._fitting = False

    def _on_resized(self, column: int, *_widths: int) -> None:
        if column == 0 and not self._fitting:
            self._first = 0  # by hand: it stays as it is

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _head(self, column: int) -> str:
        item = self.horizontalHeaderItem(column)
        return "" if item is None else item.text()

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy table as CSV").triggered.connect(self.copy_csv)
        menu.popup(self.viewport().mapToGlobal(place))


def _side(column: int, cells: Cells) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column < cells.words else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
