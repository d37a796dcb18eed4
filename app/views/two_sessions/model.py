"""A comparison as a tree: an item a branch, a line a leaf; made as quickly for a thousand items as for one."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from app.actions.wording import tip
from app.theme.colours import Colours
from core.review.comparison.record import (
    FINDING_WORDS,
    PART_WORDS,
    VERDICT_WORDS,
    Comparison,
    Finding,
    Pair,
    Row,
    Verdict,
)
from core.review.comparison.words import kind_name, pair_sentence, verdict_words

HEADS = ("Item", "Verdict", "A", "B", "Difference")
WHAT, VERDICT, IN_A, IN_B, DIFFERENCE = range(len(HEADS))
Index = QModelIndex | QPersistentModelIndex
_BAD: frozenset[Finding | Verdict] = frozenset({"differ", "only in A", "only in B"})
_DOUBTFUL: frozenset[Finding | Verdict] = frozenset({"not comparable", "unstated"})


@dataclass(frozen=True)
class _Branch:
    pair: Pair
    rows: tuple[Row, ...]


class ComparisonModel(QAbstractItemModel):
    """Shows all of a comparison, or only what is not the same."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._branches: list[_Branch] = []
        self._only_differences = True
        self._colours: Colours | None = None

    @property
    def only_differences(self) -> bool:
        """Whether what is the same is left out."""
        return self._only_differences

    def show_comparison(self, comparison: Comparison | None, *, only_differences: bool, colours: Colours) -> None:
        """Show this one, or nothing."""
        self.beginResetModel()
        self._comparison, self._only_differences, self._colours = comparison, only_differences, colours
        pairs = comparison.pairs if comparison is not None else ()
        if only_differences:
            self._branches = [_Branch(pair, pair.differing) for pair in pairs if pair.verdict != "same"]
        else:
            self._branches = [_Branch(pair, pair.rows) for pair in pairs]
        self.endResetModel()

    def pair_of(self, index: Index) -> Pair | None:
        """The pair that a line belongs to; None for no line."""
        if not index.isValid():
            return None
        return self._branches[index.row() if self._is_branch(index) else index.internalId() - 1].pair

    def sentence_of(self, index: QModelIndex) -> str:
        """All that a line says, for a place where there is room for it."""
        what, verdict, a, b, difference = (index.siblingAtColumn(column).data() for column in range(len(HEADS)))
        sides = f"{a} → {b}" if a or b else ""
        said = difference if difference != sides else ""
        return f"{what}: {'; '.join(filter(None, (sides, said, verdict)))}."

    # ---- what Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008  Qt's signature
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        if not index.isValid() or self._is_branch(index):
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        if not parent.isValid():
            return len(self._branches)
        return len(self._branches[parent.row()].rows) if self._is_branch(parent) and parent.column() == 0 else 0

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        return len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if self._is_branch(index):
            pair = self._branches[index.row()].pair
            finding: Finding | Verdict = pair.verdict
            texts, loud = _branch_texts(pair), bool(pair.loud)
        else:
            row = self._branches[index.internalId() - 1].rows[index.row()]
            texts, finding, loud = _row_texts(row), row.finding, row.loud
        text = texts[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(text)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(finding) if index.column() == VERDICT else None
        return _font(branch=self._is_branch(index), loud=loud) if role == Qt.ItemDataRole.FontRole else None

    def _is_branch(self, index: Index) -> bool:
        return index.internalId() == 0

    def _colour(self, finding: Finding | Verdict) -> QColor | None:
        if self._colours is None:
            return None
        if finding in _BAD:
            return QColor(self._colours.bad)
        if finding in _DOUBTFUL:
            return QColor(self._colours.warning)
        return QColor(self._colours.muted if finding == "noted" else self._colours.good)


def _branch_texts(pair: Pair) -> tuple[str, ...]:
    names = (pair.a_name, pair.b_name) if pair.a_name != pair.b_name else ("", "")
    said = "" if pair.verdict == "same" else pair_sentence(pair)
    verdict = VERDICT_WORDS[pair.verdict] if said == pair.reason else verdict_words(pair)
    return f"{kind_name(pair.kind)}: {pair.name}", verdict, *names, said


def _row_texts(row: Row) -> tuple[str, ...]:
    part = "" if row.part == "found" else f" ({PART_WORDS[row.part].lower()})"
    return f"{row.what}{part}", FINDING_WORDS[row.finding], row.a, row.b, row.difference


def _font(*, branch: bool, loud: bool) -> QFont | None:
    if not (branch or loud):
        return None
    font = QFont()
    font.setBold(True)
    return font
