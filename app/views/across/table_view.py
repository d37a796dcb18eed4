"""The numbers of a layout as a table that copies itself as CSV."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.actions.wording import tip
from app.views.made import named
from core.exchange.layouts.picture import Table
from core.exchange.tables.rows import csv_text

WIDEST, WIDEST_OF_NUMBERS = 300, 140  # pixels of the first column, and of the others


class LayoutTable(QTableWidget):
    """As high as its rows: the page around it scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "across.table")
        self.setAccessibleName("Numbers of this layout")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self._table = Table(head=(), rows=())

    def show_table(self, table: Table) -> None:
        """Fill in these rows."""
        self._table = table
        self.clear()
        self.setColumnCount(len(table.head))
        self.setRowCount(len(table.rows))
        for column, head in enumerate(table.head):
            entry = QTableWidgetItem(head)
            entry.setToolTip(tip(head))
            self.setHorizontalHeaderItem(column, entry)
        for row, (cells, values) in enumerate(zip(table.words, table.rows, strict=True)):
            for column, (words, value) in enumerate(zip(cells, values, strict=True)):
                entry = QTableWidgetItem(words)
                entry.setToolTip(tip(words))
                side = Qt.AlignmentFlag.AlignLeft if isinstance(value, str) else Qt.AlignmentFlag.AlignRight
                entry.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, entry)
        self.resizeColumnsToContents()
        self.resizeRowsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, WIDEST_OF_NUMBERS if column else WIDEST))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + bar + 4)

    def as_csv(self) -> str:
        """All of it with its head; numbers with every digit."""
        return csv_text([self._table.head, *self._table.rows])

    def copy_csv(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_csv())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_csv()
        else:
            super().keyPressEvent(event)
