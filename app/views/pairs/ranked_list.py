"""The pairs that are worth a look, the nearest first."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeView, QWidget

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
LOOKED_AT = 60  # rows, for how wide the distances are
NOWHERE = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class _Ranking(QAbstractTableModel):
    """Writes what is seen, when it is seen: of a thousand pairs the words of twenty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pairs: Pairs | None = None
        self._subject = Subject(title="")
        self.ranked: list[tuple[int, int]] = []

    def set_pairs(self, pairs: Pairs | None, subject: Subject) -> None:
        """Show these."""
        self.beginResetModel()
        self._pairs, self._subject = pairs, subject
        self.ranked = [] if pairs is None else pairs.worth_a_look()
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.ranked)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._pairs is None:
            return None
        pair = self.ranked[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._pairs, pair, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(sentence(self._pairs, self._subject, *pair))
        return RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 0 else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        texts = {int(Qt.ItemDataRole.DisplayRole): HEADS, int(Qt.ItemDataRole.ToolTipRole): TIPS}.get(role)
        return texts[section] if texts is not None and orientation is Qt.Orientation.Horizontal else None

    def _text(self, pairs: Pairs, pair: tuple[int, int], column: int) -> str:
        if column == 0:
            return f"{number(float(pairs.distance[pair]), 4)} {PROOF_MARKS[pairs.proof_of(*pair)]}"
        if column == 1:
            return pair_name(pairs.request, *pair, 60)
        return pair_change_words(pairs, self._subject, *pair, names=False)


class RankedList(QTreeView):
    """Features alone, and those pairs that are nearer than either of their features alone."""

    chosen = Signal(int, int)  # places of two features
    opened = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setAccessibleName("Pairs of features, the nearest first")
        self._following = False  # the current pair, which somebody chose elsewhere
        self._ranking = _Ranking(self)
        self.setModel(self._ranking)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setStretchLastSection(True)
        self.header().setResizeContentsPrecision(LOOKED_AT)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(lambda index: self.opened.emit(*self.pairs[index.row()]))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """What is listed: places of two features, or of one twice."""
        return self._ranking.ranked

    def set_pairs(self, pairs: Pairs | None, subject: Subject) -> None:
        """Show these; what is current stays so, and in its place on the screen as far as it can."""
        before, scrolled = self._current(), self.verticalScrollBar().value()
        self._ranking.set_pairs(pairs, subject)
        if before is not None:
            self.choose(*before)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        room = self.viewport().width() - self.columnWidth(0)
        self.setColumnWidth(1, round(FEATURES * room))

    def choose(self, first: int, second: int) -> None:
        """Make a pair current, if it is listed; without a signal."""
        wanted = min(first, second), max(first, second)
        row = self.pairs.index(wanted) if wanted in self.pairs else -1
        self._following = True
        self.setCurrentIndex(self._ranking.index(row, 0))
        self._following = False

    def _current(self) -> tuple[int, int] | None:
        index = self.currentIndex()
        return self.pairs[index.row()] if index.isValid() else None

    def _on_current(self) -> None:
        if not self._following and (pair := self._current()) is not None:
            self.chosen.emit(*pair)
