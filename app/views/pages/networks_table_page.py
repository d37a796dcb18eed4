"""What pages have in common that compare all networks of the session: a table over a plot, or why there is none."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.render.plot.figure_view import empty_label
from app.state.document_state import DocumentState
from app.views.cell_table import CellTable
from app.views.made import named
from app.views.pages.page import Page


class NetworksTablePage(Page):
    """Follows the document by itself: `refresh` is called once, however many items come at a time.

    Parameters
    ----------
    page_id : str
        Of the fixed page.
    name : str
        Its parts are named after it.
    title : str
        What a screen reader calls the table.
    """

    def __init__(
        self, page_id: str, state: DocumentState, name: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(page_id, parent)
        self._state = state
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.table = CellTable(f"{name}.table", title)
        self.copy = named(QPushButton("Copy table as &CSV"), f"{name}.copy")
        self.empty = empty_label(f"{name}.empty", "")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.copy.clicked.connect(self.table.copy_csv)
        for signal in (state.opened, state.item_added, state.item_changed, state.item_removed):
            signal.connect(self._on_document)

    def refresh(self) -> None:
        """Compare again, if anything about what is compared has changed."""
        raise NotImplementedError

    def _on_document(self, *_what: object) -> None:
        self._timer.start(0)

    def _say(self, words: str) -> None:
        """Show a sentence in place of the table."""
        self.empty.setText(words)
        self._pages.setCurrentIndex(0)

    def _show_table(self) -> None:
        self._pages.setCurrentIndex(1)

    def _lay(self, line: QHBoxLayout, notes: QWidget | None, below: QWidget, sizes: tuple[int, int]) -> None:
        """Put the table between a line, which ends in the button to copy it, and its notes; and below that the plot."""
        line.addWidget(self.copy)
        above = QWidget()
        rows = QVBoxLayout(above)
        rows.setContentsMargins(10, 8, 10, 4)
        rows.addLayout(line)
        rows.addWidget(self.table, 1)
        if notes is not None:
            rows.addWidget(notes)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(above)
        splitter.addWidget(below)
        splitter.setSizes(list(sizes))
        self._pages.addWidget(splitter)


def labelled(text: str, field: QComboBox) -> QLabel:
    """The words before a field, whose letter behind ``&`` leads to it."""
    label = QLabel(text)
    label.setBuddy(field)
    return label
