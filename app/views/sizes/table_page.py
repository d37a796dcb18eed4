"""Size and sharpness of all measured networks against the generalisation gap: a table, and one measure as a plot."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.render.plot.sizes.gap_view import GapView
from app.state.document_state import DocumentState
from app.views.cell_table import Cells
from app.views.made import chooser, text_label
from app.views.pages.networks_table_page import NetworksTablePage, labelled
from core.exchange.tables.rows import Row
from core.generalisation.complexity import Complexity
from core.job import JobContext
from core.session.document import Document, Item, ResultItem

if TYPE_CHECKING:
    from core.generalisation.table import ComplexityTable

PAGE_ID = "page:sizes"
USUAL = "sharpness"  # the measure that does not change when weights are rescaled
FIRST = 2  # columns of the table before the measures: the network and its gap
NOTHING = (
    "No network of this session has been measured yet. Select a network, turn to “Size” in the inspector, choose a "
    "test set and measure; do so for at least five networks to compare orders."
)
MEASURING = "Comparing the networks of this session…"

Shown = tuple["ComplexityTable", Cells]


class SizesPage(NetworksTablePage):
    """One measure at a time is plotted. Ranks are compared in another thread: that takes longer than a frame."""

    icon_name = "complexity"
    network_wanted = Signal(str)

    def __init__(self, state: DocumentState, parent: QWidget | None = None) -> None:
        super().__init__(PAGE_ID, state, "sizes", "Size and sharpness against the generalisation gap", parent)
        self._table: ComplexityTable | None = None
        self._wanted = USUAL  # measure that is shown once there is a table
        self._seen: tuple[tuple[str, str, object], ...] | None = None  # what was compared last
        self._work = LatestWork(self)
        self.measure = chooser("sizes.measure")
        self.plot = GapView()
        self.notes = text_label(name="sizes.notes")
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._build()
        self.measure.currentIndexChanged.connect(self._on_measure)
        self.table.currentCellChanged.connect(self._on_cell)
        self.plot.hovered.connect(self.hovered)
        self.refresh()

    def refresh(self) -> None:
        seen = _measured(self._state.document)
        if seen == self._seen:
            return
        self._seen = seen
        if not seen:
            self._work.stop()
            self._say(NOTHING)
            return
        if self.table.cells is None:
            self._say(MEASURING)
        document = self._state.document
        self._work.start("the table of networks", lambda job: _compare(document, job), self._show, self._explain)

    def view_state(self) -> dict[str, object]:
        return {"measure": str(self.measure.currentData() or self._wanted)}

    def restore_view(self, state: dict[str, object]) -> None:
        self._wanted = str(state.get("measure") or USUAL)
        if (place := self.measure.findData(self._wanted)) >= 0:
            self.measure.setCurrentIndex(place)

    def _show(self, shown: Shown) -> None:
        table, cells = shown
        self._table = table
        self.table.set_cells(cells)
        self.notes.setText("\n".join(f"• {note}" for note in table.notes))
        wanted = str(self.measure.currentData() or self._wanted)
        with QSignalBlocker(self.measure):
            self.measure.clear()
            for measure in table.measures:
                self.measure.addItem(measure.name, measure.key)
            self.measure.setCurrentIndex(max(0, self.measure.findData(wanted)))
        self._show_table()
        self._draw()

    def _explain(self, failure: JobFailure) -> None:
        self._say(failure.message)

    def _draw(self) -> None:
        if self._table is not None:
            self.plot.set_table(self._table, max(0, self.measure.currentIndex()))

    def _on_measure(self) -> None:
        self._draw()
        self.view_changed.emit()

    def _on_cell(self, _row: int, column: int, *_before: int) -> None:
        """A column of the table is what the plot shows."""
        if column >= FIRST:
            self.measure.setCurrentIndex(column - FIRST)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.addWidget(text_label("Each row a network; the last rows say how a measure orders them beside the gap."), 1)
        header = QHBoxLayout()
        header.setContentsMargins(10, 4, 10, 0)
        header.addWidget(labelled("&Measure", self.measure))
        header.addWidget(self.measure)
        header.addStretch(1)
        below = QWidget()
        plot = QVBoxLayout(below)
        plot.setContentsMargins(0, 0, 0, 0)
        plot.addLayout(header)
        plot.addWidget(self.plot, 1)
        self._lay(line, self.notes, below, (360, 300))


def _measured(document: Document) -> tuple[tuple[str, str, object], ...]:
    """What the table rests on: results with their names, and the networks' names."""
    found = [item for item in document.results if isinstance(item.result, Complexity)]
    return tuple((item.name, _name(document.items.get(item.network_id), item), item.result) for item in found)


def _name(network: Item | None, item: ResultItem) -> str:
    return item.name if network is None else network.name


def _compare(document: Document, job: JobContext) -> Shown:
    """Done in another thread: touches nothing of the page."""
    from core.exchange.complexity_table import session_table  # noqa: PLC0415  imports scipy's statistics
    from core.exchange.tables.complexity import table_columns, table_rows  # noqa: PLC0415  the same

    job.check()
    table = session_table(document)
    heads, rows = table_columns(table)
    tips = ("", "Accuracy lost on the test set, or loss gained, with its standard error")
    return table, Cells(
        heads=heads,
        rows=rows,
        copied=tuple[Row, ...](table_rows(table)),
        head_tips=(*tips, *(f"{measure.name}: {measure.definition} ({measure.source})" for measure in table.measures)),
    )
