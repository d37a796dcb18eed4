"""Different corrections to choose from, how the search went, and what stability costs."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.actions.wording import tip
from app.render.plot.joint.bracket_plot import SECONDS, BracketPlot
from app.render.plot.joint.stability_plot import StabilityPlot
from app.views.cell_table import Cells, CellTable
from app.views.joint.words import stability_words, way_row
from app.views.made import text_label
from core.corrections.live.joint import box_around, same_place
from core.corrections.records.joint import JointBox, JointCorrection
from core.exchange.joint_words import bracket_words, change_words
from core.exchange.subject import Subject
from core.exchange.tables.rows import Row

NO_COURSE = "The search has not begun."
NO_TRADEOFF = "What a more stable correction costs is computed after the search."
WIDE = 760  # pixels from which on list and both curves stand side by side
ROOM = 6  # pixels between rows
NARROWEST, LOWEST = 200, 80  # pixels of the list
HEADS = ("What to change", "Distance", "None below")
HEAD_TIPS = (
    "Every one changes another set of features; all others stay as in the input",
    "From the input, in the norm and the prices that were asked for",
    "Proved: no stable correction of these features is nearer",
)


class WaysPanel(QWidget):
    """A row that is clicked, or Enter on it, puts the box there."""

    way_chosen = Signal(int)  # 0: the nearest; then the others

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("joint.ways_panel")
        self._joint: JointCorrection | None = None
        self.ways = _Ways(f"joint.ways.{item_id}", "Different corrections")
        self.ways.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.ways.cellClicked.connect(lambda row, _column: self.way_chosen.emit(row))
        self.ways.entered_on.connect(self.way_chosen)
        self.course = BracketPlot("joint.course", SECONDS, NO_COURSE)
        self.tradeoff = StabilityPlot("joint.tradeoff", NO_TRADEOFF)
        self.heading = text_label(name="joint.ways_heading")
        left = QWidget()
        left.setMinimumSize(NARROWEST, LOWEST)
        left.setAutoFillBackground(True)
        left.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(left)
        column.setContentsMargins(10, 6, 4, 8)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.ways, 1)
        self._curves = QTabWidget()
        self._curves.setDocumentMode(True)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._curves)
        self._wide: bool | None = None
        self._lay(wide=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room for three; else the curves are tabs below the list."""
        super().resizeEvent(event)
        if (wide := event.size().width() >= WIDE) is not self._wide:
            self._lay(wide=wide)

    def _lay(self, *, wide: bool) -> None:
        self._wide = wide
        for place, (curve, title) in enumerate(((self.course, "Search"), (self.tradeoff, "Minimal against stable"))):
            if wide:
                self._splitter.insertWidget(1 + place, curve)
                curve.show()  # a tab that is not in front is hidden
            else:
                self._curves.insertTab(place, curve, title)
        self._curves.setVisible(not wide)
        self._curves.setCurrentIndex(0)
        self._splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        room = self.width() if wide else self.height()
        shares = (0.4, 0.3, 0.3, 0.0) if wide else (0.35, 0.65)
        self._splitter.setSizes([round(share * room) for share in shares])

    def set_joint(self, joint: JointCorrection, subject: Subject) -> None:
        """Show this."""
        cells = way_cells(joint, subject)
        with QSignalBlocker(self.ways):
            self.ways.set_cells(cells)
        several = "Click one to put the box there." if len(cells.rows) else "None was found yet."
        self.heading.setText(f"Different corrections. {several}")
        self.course.set_rows(joint.course)
        self._joint = joint
        sentences = [stability_words(joint, place, subject) for place in range(len(joint.along))]
        places = [place for place, one in enumerate(joint.along) if one.point is not None]
        changes = [tip(change_words(joint, one, subject)) for one in joint.along]
        self.tradeoff.set_curve(joint.tradeoff, sentences, places, changes)

    def set_box(self, box: JointBox | None) -> None:
        """Mark on the curve where the box stands; where steps make two of its places the same, the one picked last."""
        joint, plot = self._joint, self.tradeoff
        if joint is None or plot.held:
            return
        along = () if box is None else joint.along
        places = sorted(range(len(along)), key=lambda place: place != plot.at)
        boxes = ((place, box_around(joint, along[place])) for place in places)
        plot.set_at(next((place for place, one in boxes if one is not None and same_place(one, box)), None))


class _Ways(CellTable):
    """Tells of Enter as of a click; what is to be changed breaks into lines."""

    entered_on = Signal(int)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title)
        self.setWordWrap(True)

    def set_cells(self, cells: Cells | None) -> None:
        super().set_cells(cells)
        self._make_rows_high()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_rows_high()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.entered_on.emit(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _make_rows_high(self) -> None:
        self.resizeRowsToContents()
        for row in range(self.rowCount()):
            self.setRowHeight(row, self.rowHeight(row) + ROOM)


def way_cells(joint: JointCorrection, subject: Subject) -> Cells:
    """The nearest correction, then the others."""
    found = [one for one in (joint.nearest, *joint.others) if one.point is not None]
    rows = [way_row(joint, one, subject) for one in found]
    copied: list[Row] = [
        HEADS,
        *((row[0], one.distance or 0.0, one.lower_bound) for row, one in zip(rows, found, strict=True)),
    ]
    tips = [(f"{row[0]}\n{bracket_words(one, joint.request.norm)}",) * 3 for row, one in zip(rows, found, strict=True)]
    return Cells(heads=HEADS, rows=rows, copied=tuple(copied), words=1, tips=tips, head_tips=HEAD_TIPS)
