"""Tables of cases of all networks side by side: whose boundary is further away, and whose corrections hold."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.render.plot.cases.distances_view import DistancesView, curve_of
from app.state.document_state import DocumentState
from app.views.cell_table import Cells
from app.views.made import chooser
from app.views.pages.networks_table_page import NetworksTablePage, labelled
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


class CasesComparisonPage(NetworksTablePage):
    """A question at a time: tables that ask the same of other networks."""

    icon_name = "compare"
    result_wanted = Signal(str)  # id of a result: its row was activated

    def __init__(self, state: DocumentState, parent: QWidget | None = None) -> None:
        super().__init__(PAGE_ID, state, "cases.networks", "Rejected rows under several networks", parent)
        self._compared: tuple[ComparedCases, ...] = ()
        self._seen: object = None
        self.question = chooser("cases.question")
        self.plot = DistancesView("cases.networks.distances")
        line = QHBoxLayout()
        line.addWidget(labelled("&May change", self.question))
        line.addWidget(self.question, 1)
        self._lay(line, None, self.plot, (190, 420))
        self.question.currentIndexChanged.connect(self._draw)
        self.table.cellActivated.connect(self._on_activated)
        self.plot.hovered.connect(self.hovered)
        self.refresh()

    def refresh(self) -> None:
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
        with QSignalBlocker(self.question):
            self.question.clear()
            self.question.addItems([one.title for one in self._compared])
            self.question.setCurrentIndex(max(0, self.question.findText(before)))
        self._draw()

    @property
    def shown(self) -> ComparedCases | None:
        """The question that is looked at."""
        place = self.question.currentIndex()
        return self._compared[place] if 0 <= place < len(self._compared) else None

    def _draw(self) -> None:
        one = self.shown
        if one is None:
            self._say(NOTHING)
            return
        self._show_table()
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
