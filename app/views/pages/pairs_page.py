"""All pairs of features: the matrix of their distances, the nearest as a list, and what is known of the chosen one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.render.plot.figure_view import empty_label
from app.render.plot.pairs.matrix_view import PairMatrix
from app.views.made import named, text_label
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.tabs_with_table import TabsWithTable
from app.views.pairs.details import PairDetails
from app.views.pairs.pictures import has_slice, matrix_picture
from app.views.pairs.ranked_list import RankedList
from core.corrections.records.pairs import Pairs
from core.corrections.requests.slices import pair_request, slice_request
from core.exchange.pair_words import best_words, looked_words, pairs_verdict, pairs_wanted
from core.exchange.subject import Subject
from core.exchange.tables.pairs import pair_rows
from core.exchange.tables.rows import csv_text
from core.session.document import Result
from core.training.run import Run

WAITING = "Nothing has been computed yet. The nearest corrections appear here, the most promising pairs first."
OTHERS = "All other features are taken to be exactly as they are."
SHARES = 480, 320  # of the matrix, and of what is known of the chosen pair
LOW = 36  # lines of a page below which the chosen pair has a tab of its own
HIGH, WIDE = 62, 104  # lines and letters of a page that has room for the list below the matrix, or beside it


class PairsPage(Page):
    """Matrix and list choose the same pair; below is what is known of it."""

    slice_wanted = Signal(str, object)  # item id, CorrectionRequest or JointRequest

    icon_name = "pairs"
    live_interval = 0.2  # a matrix and a list

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._shown: Pairs | None = None
        self._subject = Subject(title="")
        self._chosen: tuple[int, int] | None = None
        self.summary = text_label(name=f"pairs.summary.{item_id}")
        self.matrix = PairMatrix(f"pairs.matrix.{item_id}")
        self.ranked = RankedList(f"pairs.ranked.{item_id}")
        self.details = PairDetails(item_id)
        self.copy = named(QPushButton("Copy as &CSV"), f"pairs.copy.{item_id}")
        self.copy.setToolTip("Every pair, lane and level, with every digit")
        self.tabs = TabsWithTable(
            f"pairs.tabs.{item_id}",
            self.matrix,
            "Matrix",
            self.ranked,
            "Nearest first",
            (420, 200),
            high=HIGH,
            wide=WIDE,
        )
        self.empty = empty_label(f"pairs.empty.{item_id}", WAITING)
        self.body = QSplitter(Qt.Orientation.Vertical)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.details)
        self.body.setStretchFactor(0, 3)
        self.body.setStretchFactor(1, 1)
        self.body.setSizes(list(SHARES))
        self.body.setChildrenCollapsible(False)
        header = QHBoxLayout()
        header.setContentsMargins(10, 8, 10, 2)
        header.addWidget(self.summary, 1)
        header.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.empty)
        layout.addWidget(self.body, 1)
        self.matrix.pointed.connect(self.hovered)
        self.matrix.chosen.connect(self._on_cell)
        self.matrix.opened.connect(self._on_cell_opened)
        self.ranked.chosen.connect(self._choose)
        self.ranked.opened.connect(self._open)
        self.details.slice_wanted.connect(self._open)
        self.copy.clicked.connect(self._copy)
        self.show_result(None)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """Places of the two chosen features."""
        return self._chosen

    def set_surroundings(self, subject: Subject) -> None:
        """Names and units."""
        self._subject = subject

    def show_result(self, result: Result | Run | None) -> None:
        pairs = result if isinstance(result, Pairs) else None
        self._shown = pairs
        for part in (self.body, self.copy, self.summary):
            part.setVisible(pairs is not None)
        self.empty.setVisible(pairs is None)
        if pairs is None:
            return
        self.summary.setText(self._summary(pairs))
        self.matrix.set_picture(matrix_picture(pairs, self._subject))
        self.ranked.set_pairs(pairs, self._subject)
        self._choose(*(self._chosen or pairs.best or pairs.order[0].tolist()), by_hand=self._chosen is not None)

    def image(self) -> QImage:
        return picture_of(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < LOW * self.fontMetrics().lineSpacing()
        if low is not self._apart:
            self._put_details(apart=low)
            if self._shown is not None:
                self.summary.setText(self._summary(self._shown))

    @property
    def _apart(self) -> bool:
        """Whether the chosen pair has a tab of its own."""
        return self.tabs.indexOf(self.details) >= 0

    def _put_details(self, *, apart: bool) -> None:
        """Below the matrix, or in a tab beside it."""
        if apart:
            self.tabs.addTab(self.details, "Chosen pair")
            return
        self.tabs.removeTab(self.tabs.indexOf(self.details))
        self.body.addWidget(self.details)
        self.body.setStretchFactor(1, 1)
        self.details.show()
        self.body.setSizes(list(SHARES))

    def view_state(self) -> dict[str, object]:
        if self._shown is None or self._chosen is None:
            return {}
        return {"chosen": [self._shown.request.features[feature] for feature in self._chosen]}

    def restore_view(self, state: dict[str, object]) -> None:
        chosen = state.get("chosen")
        if self._shown is None or not isinstance(chosen, list) or len(chosen) != 2:
            return
        features = self._shown.request.features
        if all(name in features for name in chosen):
            self._choose(*(features.index(name) for name in chosen))

    def _summary(self, pairs: Pairs) -> str:
        verdict = f"Judged {pairs_verdict(pairs, self._subject)}; wanted is {pairs_wanted(pairs, self._subject)}."
        found, nearest = looked_words(pairs), f"Nearest of all: {best_words(pairs, self._subject)}."
        if self._apart:
            return nearest  # there is little room, and the rest stands in the inspector
        words = f"{verdict} {nearest}\n{found[0].upper()}{found[1:]}."
        return f"{words} More are being looked at." if pairs.status == "partial" else f"{words} {OTHERS}"

    def _choose(self, first: int, second: int, *, by_hand: bool = True) -> None:
        """Show what is known of a pair; one that nobody chose makes way for a nearer one."""
        if self._shown is None:
            return
        pair = first, second
        if by_hand and pair != self._chosen:
            self._chosen = pair
            self.view_changed.emit()
        order = self._shown.promising
        column, row = sorted((order.index(first), order.index(second)))
        self.matrix.set_current((row, column))
        self.ranked.choose(first, second)
        self.details.show_pair(self._shown, pair, self._subject)

    def _features(self, row: int, column: int) -> tuple[int, int]:
        """The features of a cell, the one of the column first."""
        order = self._shown.promising if self._shown is not None else ()
        return order[column], order[row]

    def _on_cell(self, row: int, column: int) -> None:
        self._choose(*self._features(row, column))

    def _on_cell_opened(self, row: int, column: int) -> None:
        self._open(*self._features(row, column))

    def _open(self, first: int, second: int) -> None:
        pairs = self._shown
        if pairs is not None and first != second:
            ask = slice_request if has_slice(pairs, first, second) else pair_request
            self.slice_wanted.emit(self.item_id, ask(pairs.request, first, second))
        elif self._apart:
            self.tabs.setCurrentWidget(self.details)

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(csv_text(pair_rows(self._shown)))
