"""The pairs that are worth a look, the nearest first."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.actions.wording import tip
from app.views.made import named
from app.views.pairs.pictures import sentence
from core.corrections.records.pairs import Pairs
from core.exchange.pair_words import PROOF_MARKS, pair_change_words, pair_name
from core.exchange.subject import Subject
from core.exchange.words import number

HEADS = ("Distance", "Features", "What changes")
TIPS = ("Weighted, with a mark: ✓ proved, ? not proved", "Pairs that need both, and features alone", "From, to")
FEATURES = 0.54  # share of the room that names take beside what changes
PAIR = Qt.ItemDataRole.UserRole


class RankedList(QTreeWidget):
    """Features alone, and those pairs that are nearer than either of their features alone."""

    chosen = Signal(int, int)  # places of two features
    opened = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setAccessibleName("Pairs of features, the nearest first")
        self.setColumnCount(len(HEADS))
        self.setHeaderLabels(HEADS)
        for column, text in enumerate(TIPS):
            self.headerItem().setToolTip(column, text)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.currentItemChanged.connect(self._on_current)
        self.itemActivated.connect(lambda item: self.opened.emit(*item.data(0, PAIR)))

    def set_pairs(self, pairs: Pairs | None, subject: Subject) -> None:
        """Show these; what is current stays so."""
        before = self._current()
        with QSignalBlocker(self):
            self.clear()
            if pairs is not None:
                for pair in pairs.ranked():
                    if pair[0] == pair[1] or pairs.needs_both(*pair):
                        self._add(pairs, pair, subject)
            if before is not None:
                self.choose(*before)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        room = self.viewport().width() - self.columnWidth(0)
        self.setColumnWidth(1, round(FEATURES * room))

    def choose(self, first: int, second: int) -> None:
        """Make a pair current, if it is listed; without a signal."""
        wanted = sorted((first, second))
        with QSignalBlocker(self):
            for place in range(self.topLevelItemCount()):
                item = self.topLevelItem(place)
                if item is not None and sorted(item.data(0, PAIR)) == wanted:
                    self.setCurrentItem(item)
                    return
            self.setCurrentIndex(QModelIndex())

    def _add(self, pairs: Pairs, pair: tuple[int, int], subject: Subject) -> None:
        distance = f"{number(float(pairs.distance[pair]), 4)} {PROOF_MARKS[pairs.proof_of(*pair)]}"
        texts = [distance, pair_name(pairs.request, *pair, 60), pair_change_words(pairs, subject, *pair, names=False)]
        item = QTreeWidgetItem(self, texts)
        item.setData(0, PAIR, pair)
        item.setTextAlignment(0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = tip(sentence(pairs, subject, *pair))
        for column in range(len(HEADS)):
            item.setToolTip(column, words)

    def _current(self) -> tuple[int, int] | None:
        item = self.currentItem()
        return None if item is None else tuple(item.data(0, PAIR))

    def _on_current(self) -> None:
        if (pair := self._current()) is not None:
            self.chosen.emit(*pair)
