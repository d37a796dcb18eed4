"""Tables of cases of all networks side by side: whose boundary is further away, and whose corrections hold."""

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.render.plot.cases.distances_view import DistancesView, curve_of
from app.state.document_state import DocumentState
from app.views.cell_table import Cells, CellTable
from app.views.made import chooser, named, text_label
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.corrections.records.cases import Cases
from core.exchange.cases_table import ComparedCases, compared_cases, tabulated
from core.exchange.tables.cases_table import FIRST_HELD, head_tips, network_columns, table_rows
from core.exchange.words import in_norm

PAGE_ID = "page:cases"
NOTHING = (
    "No table of cases has been computed yet. Select a network, turn to “Cases” in the inspector, tick what may "
    "change, and correct all rejected rows; do so for several networks to compare them."
)
CORRECTED = 2  # column with a bar


class CasesComparisonPage(Page):
    """Follows the document by itself."""

    icon_name = "compare"
    result_wanted = Signal(str)  # id of a result: its row was activated

    def __init__(self, state: DocumentState, parent: QWidget | None = None) -> None:
        super().__init__(PAGE_ID, parent)
        self._state = state
        self._compared: tuple[ComparedCases, ...] = ()
        self._seen: object = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.question = chooser("cases.question")
        self.table = CellTable("cases.networks", "Rejected rows under several networks")
        self.plot = DistancesView("cases.networks.distances")
        self.copy = named(QPushButton("Copy table as &CSV"), "cases.networks.copy")
        self.empty = text_label(NOTHING, "cases.networks.empty")
        self._lay()
        self.question.currentIndexChanged.connect(self._draw)
        self.copy.clicked.connect(self.table.copy_csv)
        self.table.cellActivated.connect(self._on_activated)
        self.plot.hovered.connect(self.hovered)
        for signal in (state.opened, state.item_added, state.item_changed, state.item_removed):
            signal.connect(self._on_document)
        self.refresh()

    def refresh(self) -> None:
        """Compare again, if anything about the tables or the names of their networks has changed."""
        document = self._state.document
        groups = tabulated(document)
        names = tuple(
            (item.name, getattr(document.items.get(item.network_id), "name", "")) for g in groups for item in g
        )
        seen = groups, names
        if seen == self._seen:
            return
        self._seen = seen
        self._compared = compared_cases(document) if groups else ()
        before = self.question.currentText()
        blocked = self.question.blockSignals(True)  # noqa: FBT003  Qt takes no keyword
        self.question.clear()
        self.question.addItems([one.title for one in self._compared])
        self.question.setCurrentIndex(max(0, self.question.findText(before)))
        self.question.blockSignals(blocked)
        self._draw()

    def image(self) -> QImage:
        return picture_of(self)

    @property
    def shown(self) -> ComparedCases | None:
        """The question that is looked at."""
        place = self.question.currentIndex()
        return self._compared[place] if 0 <= place < len(self._compared) else None

    def _on_document(self, *_what: object) -> None:
        self._timer.start(0)  # once, however many items come at a time

    def _draw(self) -> None:
        one = self.shown
        self._pages.setCurrentIndex(0 if one is None else 1)
        if one is None:
            return
        table = one.table
        heads, rows = network_columns(table)
        shares = {
            (row, CORRECTED): float(table.corrected[row] / max(1, table.rejected[row])) for row in range(len(rows))
        }
        if len(rows) > 1:
            known = np.argwhere(np.isfinite(table.held)).tolist()
            shares |= {(row, FIRST_HELD + column): float(table.held[row, column]) for row, column in known}
        self.table.set_cells(
            Cells(heads=heads, rows=rows, copied=tuple(table_rows(table)), head_tips=head_tips(table), shares=shares)
        )
        results = [item.result for item in one.items]
        curves = [
            curve_of(found, name) for name, found in zip(table.names, results, strict=True) if isinstance(found, Cases)
        ]
        first = results[0]
        self.plot.set_curves(curves, in_norm(first.request.norm) if isinstance(first, Cases) else "")

    def _on_activated(self, row: int, _column: int) -> None:
        if self.shown is not None:
            self.result_wanted.emit(self.shown.items[row].id)

    def _lay(self) -> None:
        label = QLabel("&May change")
        label.setBuddy(self.question)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.question, 1)
        line.addWidget(self.copy)
        above = QWidget()
        rows = QVBoxLayout(above)
        rows.setContentsMargins(10, 8, 10, 4)
        rows.addLayout(line)
        rows.addWidget(self.table, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(above)
        splitter.addWidget(self.plot)
        splitter.setSizes([190, 420])
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
