"""The open session beside another one: a sentence, a table grouped by item, and both together in a picture."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.actions.comparing import UNTITLED, SessionComparing
from app.state.document_state import DocumentState
from app.theme.theme import Theme
from app.views.made import named, text_label, with_icon
from app.views.pages.page import Page
from app.views.two_sessions.model import DIFFERENCE, IN_A, IN_B, VERDICT, WHAT, ComparisonModel
from app.views.two_sessions.picture import NO_PICTURE, PairPicture
from core.exchange.tables.rows import csv_text
from core.review.comparison.record import Pair
from core.review.comparison.words import summary_sentence
from core.review.comparison.writing import comparison_rows

PAGE_ID = "page:sessions"
NOTHING = (
    "Compare the open session with another one, such as last year's: which items belong together, and what differs in "
    "numbers, requests, networks and how they were made. Neither session is changed."
)
HINT = "Double-click an item to open it. Ctrl+C copies the table as CSV."
STALE = "The open session was changed since: compare again to see what holds now."
ALL_ALIKE = "Nothing to list: no item differs. Untick “Only differences” to see every line."
MOST_EXPANDED = 6  # branches that are open at once when a comparison comes
LEAST_WHAT, LEAST_NUMBER = 130, 90  # pixels of columns in a narrow page
BESIDE = 24  # pixels for the bar that scrolls, and frames
WIDTHS = {WHAT: 230, VERDICT: 185, IN_A: 120, IN_B: 120, DIFFERENCE: 120}


class SessionsPage(Page):
    """Follows a comparison; it changes nothing."""

    icon_name = "compare"
    open_wanted = Signal(str)  # item id of the open session
    choose_wanted = Signal()
    again_wanted = Signal()
    export_wanted = Signal()

    def __init__(
        self, state: DocumentState, comparing: SessionComparing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(PAGE_ID, parent)
        self._state, self._comparing, self._theme = state, comparing, theme
        self.summary = text_label("", "two_sessions.summary")
        self.sides = text_label("", "two_sessions.sides")
        self.note = text_label(HINT, "two_sessions.note")
        self.only = named(QCheckBox("Only differe&nces"), "two_sessions.only")
        self.only.setChecked(True)
        self.choose = named(with_icon(QPushButton("Co&mpare with session…"), "open"), "two_sessions.choose")
        self.again = named(with_icon(QPushButton("Compare a&gain"), "compare"), "two_sessions.again")
        self.stop = named(with_icon(QPushButton("S&top"), "stop"), "two_sessions.stop")
        self.copy = named(QPushButton("Cop&y as CSV"), "two_sessions.copy")
        self.export = named(with_icon(QPushButton("E&xport…"), "export"), "two_sessions.export")
        self.model = ComparisonModel(self)
        self.tree = named(QTreeView(), "two_sessions.tree")
        self.picture = PairPicture()
        self._fitting = self._moved_columns = False
        self.empty = text_label(NOTHING, "two_sessions.empty")
        self._build()
        self._connect()
        self._refresh()

    @property
    def current(self) -> Pair | None:
        """The pair that the current line belongs to."""
        return self.model.pair_of(self.tree.currentIndex())

    def as_csv(self) -> str:
        """What is listed, with its heads."""
        found = self._comparing.found
        rows = () if found is None else comparison_rows(found, only_differences=self.only.isChecked())
        return csv_text(rows)

    def copy_csv(self) -> None:
        """Put what is listed on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_csv())
        self.note.setText("Copied as CSV.")

    def view_state(self) -> dict[str, object]:
        return {"only_differences": self.only.isChecked()}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(only := state.get("only_differences"), bool):
            self.only.setChecked(only)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_csv()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tree.hasFocus():
            self._open(self.tree.currentIndex())
        else:
            super().keyPressEvent(event)

    # ---- what is shown

    def _refresh(self) -> None:
        found, path = self._comparing.found, self._comparing.under_way
        busy = path is not None
        self.choose.setEnabled(not busy)
        self.stop.setVisible(busy)
        for button in (self.again, self.copy, self.export, self.only):
            button.setVisible(found is not None)
            button.setEnabled(not busy)
        self._body.setCurrentWidget(self._split if found is not None else self.empty)
        self.model.show_comparison(found, only_differences=self.only.isChecked(), colours=self._theme.colours)
        if found is None:
            self.summary.setText("" if path is None else _reading(path))
            self.sides.setText("")
            self.note.setText("")
            self.picture.show_pair(None, None)
            return
        self.summary.setText(summary_sentence(found) if path is None else _reading(path))
        self.sides.setText(_sides(found.a.name, found.b.name))
        self.tree.setAccessibleDescription(self.summary.text())
        self._expand_first()
        self._say_stale()

    def _say_stale(self) -> None:
        nothing = self._comparing.found is not None and not self.model.rowCount()
        self.note.setText(STALE if self._comparing.stale else ALL_ALIKE if nothing else HINT)

    def _expand_first(self) -> None:
        """Open the first branches, as long as they are short: what differs most must be seen at once."""
        if self.model.rowCount():
            self.tree.setCurrentIndex(self.model.index(0, WHAT))
        else:
            self.picture.show_pair(None, None)
        if self.model.rowCount() <= MOST_EXPANDED:
            self.tree.expandAll()

    def _on_current(self, now: QModelIndex, before: QModelIndex) -> None:
        pair = self.model.pair_of(now)
        if now.parent().isValid():  # a line: columns are narrow
            self.note.setText(self.model.sentence_of(now))
        elif not self._comparing.stale:
            self.note.setText(HINT)
        if pair is not None and pair is not self.model.pair_of(before):
            mine, other = self._comparing.mine, self._comparing.other
            one = mine.items.get(pair.a_id) if mine is not None else None
            two = other.items.get(pair.b_id) if other is not None else None
            if one is None and two is None:  # the notes: they are of no item
                self.picture.say(NO_PICTURE)
            else:
                self.picture.show_pair(one, two)

    def _open(self, index: QModelIndex) -> None:
        pair = self.model.pair_of(index)
        if pair is None or not (pair.a_id or pair.b_id):
            return
        if pair.a_id in self._state.document.items:
            self.open_wanted.emit(pair.a_id)
        elif pair.a_id:
            self.note.setText(f"“{pair.a_name}” is no longer in the open session.")
        else:
            self.note.setText(f"“{pair.b_name}” is only in B. Open that session to see it.")

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy table as CSV").triggered.connect(self.copy_csv)
        menu.addAction("Open this item").triggered.connect(lambda: self._open(self.tree.currentIndex()))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _fit_columns(self) -> None:
        """Let no column lie beyond the edge as long as nobody has moved one: what differs stands in the last."""
        if self._moved_columns:
            return
        room = self.width() - BESIDE - WIDTHS[VERDICT]
        numbers = (IN_A, IN_B, DIFFERENCE)
        what = max(LEAST_WHAT, min(WIDTHS[WHAT], room - sum(WIDTHS[column] for column in numbers)))
        self._fitting = True
        self.tree.setColumnWidth(VERDICT, WIDTHS[VERDICT])
        self.tree.setColumnWidth(WHAT, what)
        for column in numbers:
            self.tree.setColumnWidth(column, max(LEAST_NUMBER, min(WIDTHS[column], (room - what) // len(numbers))))
        self._fitting = False

    def _on_column(self, column: int) -> None:
        if not self._fitting and column != DIFFERENCE:  # the last one stretches by itself
            self._moved_columns = True

    def _on_document(self) -> None:
        if self._comparing.found is not None:
            self._say_stale()

    # ---- how it is put together

    def _build(self) -> None:
        font = self.summary.font()
        font.setBold(True)
        self.summary.setFont(font)
        buttons = QHBoxLayout()
        for button in (self.choose, self.again, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for widget in (self.only, self.copy, self.export):
            buttons.addWidget(widget)
        self.tree.setModel(self.model)
        self.tree.setAccessibleName("Differences, grouped by item")
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.header().setStretchLastSection(True)
        self.tree.header().sectionResized.connect(self._on_column)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(32, 32, 32, 32)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.tree)
        self._split.addWidget(self.picture)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setSizes([420, 280])
        self._body = QStackedWidget()
        self._body.addWidget(self.empty)
        self._body.addWidget(self._split)
        head = QVBoxLayout()
        head.setContentsMargins(10, 8, 10, 4)
        head.setSpacing(4)
        head.addLayout(buttons)
        head.addWidget(self.summary)
        head.addWidget(self.sides)
        self.note.setContentsMargins(10, 2, 10, 6)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(head)
        page.addWidget(self._body, 1)
        page.addWidget(self.note)

    def _connect(self) -> None:
        self.only.toggled.connect(self._on_only)
        self.choose.clicked.connect(self.choose_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.stop.clicked.connect(self._comparing.stop)
        self.copy.clicked.connect(self.copy_csv)
        self.export.clicked.connect(self.export_wanted)
        self.tree.doubleClicked.connect(self._open)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.customContextMenuRequested.connect(self._show_menu)
        self.picture.hovered.connect(self.hovered)
        self._comparing.changed.connect(self._on_comparison)
        self._state.document_changed.connect(self._on_document)
        self._theme.changed.connect(self._on_comparison)

    def _on_only(self) -> None:
        self._refresh()
        self.view_changed.emit()

    def _on_comparison(self) -> None:
        self._refresh()


def _sides(a: str, b: str) -> str:
    """Which session is which; where both come from one file, that one is as it was saved."""
    return f"A: {a}{'' if a == UNTITLED else ' (open)'} · B: {b}{' (as it was saved)' if a == b else ''}"


def _reading(path: Path) -> str:
    return f"Reading {path.name} and comparing…"
