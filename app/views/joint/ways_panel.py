"""Different corrections to choose from, how the search went, and what stability costs."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QVBoxLayout, QWidget

from app.render.plot.joint.bracket_plot import SECONDS, STABILITY, BracketPlot
from app.views.cell_table import Cells, CellTable
from app.views.joint.words import way_words
from app.views.made import text_label
from core.corrections.joint import JointCorrection
from core.exchange.subject import Subject
from core.exchange.tables.rows import Row

NO_COURSE = "The search has not begun."
WIDE = 760  # pixels from which on list and curves stand side by side
NARROWEST, LOWEST = 200, 90  # pixels of each
NO_TRADEOFF = "What a more stable correction costs is computed after the search."


class WaysPanel(QWidget):
    """A row that is clicked, or Enter on it, puts the box there."""

    way_chosen = Signal(int)  # 0: the nearest; then the others

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("joint.ways_panel")
        self.ways = _Ways(f"joint.ways.{item_id}", "Different corrections")
        self.ways.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.ways.cellClicked.connect(lambda row, _column: self.way_chosen.emit(row))
        self.ways.entered_on.connect(self.way_chosen)
        self.course = BracketPlot("joint.course", SECONDS, NO_COURSE)
        self.tradeoff = BracketPlot("joint.tradeoff", STABILITY, NO_TRADEOFF)
        self.heading = text_label(name="joint.ways_heading")
        left = QWidget()
        left.setMinimumWidth(NARROWEST)
        left.setAutoFillBackground(True)
        left.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(left)
        column.setContentsMargins(10, 6, 4, 8)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.ways, 1)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        for part, share in ((left, 4), (self.course, 3), (self.tradeoff, 3)):
            part.setMinimumHeight(LOWEST)
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(self._splitter.count() - 1, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room for three, else below one another."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._splitter.orientation() is not orientation:
            self._splitter.setOrientation(orientation)
            room = event.size().width() if wide else event.size().height()
            self._splitter.setSizes([round(share * room) for share in (0.4, 0.3, 0.3)])

    def set_joint(self, joint: JointCorrection, subject: Subject) -> None:
        """Show this."""
        cells = way_cells(joint, subject)
        with QSignalBlocker(self.ways):
            self.ways.set_cells(cells)
        several = "Click one to put the box there." if len(cells.rows) else "None was found."
        self.heading.setText(f"Different corrections, the cheapest first. {several}")
        self.course.set_rows(joint.course)
        self.tradeoff.set_rows(joint.tradeoff)


class _Ways(CellTable):
    """Tells of Enter as of a click."""

    entered_on = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.entered_on.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


def way_cells(joint: JointCorrection, subject: Subject) -> Cells:
    """The nearest correction, then the others."""
    found = [one for one in (joint.nearest, *joint.others) if one.point is not None]
    rows = [(*way_words(joint, one, subject),) for one in found]
    copied: list[Row] = [("what to change", "how far, and how sure")]
    copied += rows
    tips = [(f"{words}\n{sure}",) * 2 for words, sure in rows]
    return Cells(heads=("What to change", "How far, and how sure"), rows=rows, copied=tuple(copied), words=2, tips=tips)
