"""The session as a tree: networks, data, and results under what they are, with a word on their state."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from app.actions.computing import Computations
from app.actions.training import Trainings
from app.actions.wording import tip
from app.state.document_state import DocumentState
from app.state.selection import Selection
from app.theme.icons import icon
from app.views.result_marks import result_mark
from core.exchange.words import count
from core.naming import kind_of
from core.session.document import DatasetItem, Item, NetworkItem, ResultItem, RunItem

GROUPS = (
    ("network", "Networks", "network"),
    ("data", "Data", "data"),
    ("run", "Runs", "training"),
    ("surface", "Surfaces", "surface"),
    ("curve", "Curves", "curve"),
    ("trajectory", "Trajectories", "trajectory"),
    ("convexity", "Convexity maps", "convexity"),
    ("initialisations", "Initialisations", "initialisations"),
    ("spectrum", "Spectra", "spectrum"),
    ("history", "Curvature through training", "history"),
    ("robustness", "Robustness", "robustness"),
    ("complexity", "Size and sharpness", "complexity"),
    ("correction", "Corrections", "correction"),
    ("joint", "Corrections in several features", "correction"),
    ("pairs", "Pairs of features", "pairs"),
    ("cases", "Tables of cases", "correction"),
)
GROUP_PAGES = {
    "Networks": "page:networks",
    "Data": "page:networks",
    "Runs": "page:training",
    "Size and sharpness": "page:sizes",
    "Tables of cases": "page:cases",
}  # by heading
ID = Qt.ItemDataRole.UserRole
MARK, NOTES = 1, 2  # columns


class SessionTree(QTreeWidget):
    """Follows the document and the running computations. Selecting here selects everywhere."""

    opened = Signal(str)  # item id, or id of a fixed page: double click or Enter on a row, or on a heading
    remove_wanted = Signal(str)
    rename_wanted = Signal(str, str)  # item id, new name
    menu_wanted = Signal(str, QPoint)  # item id, place on the screen

    def __init__(
        self,
        state: DocumentState,
        computations: Computations,
        trainings: Trainings,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("session_tree")
        self._state, self._computations, self._selection = state, computations, selection
        self._trainings = trainings
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._sweeps: dict[str, QTreeWidgetItem] = {}  # headings below Runs, by name
        self._open_notes: Mapping[str, int] = {}  # by item id
        self._filling = False
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setAccessibleName("Session")
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of results differ at their ends
        self.setIndentation(12)
        self.setExpandsOnDoubleClick(False)  # a double click on a heading opens its page
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        for column in (MARK, NOTES):
            self.header().setSectionResizeMode(column, self.header().ResizeMode.ResizeToContents)
        self._groups = {kind: self._group(title) for kind, title, _ in GROUPS}
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemActivated.connect(self._on_activated)
        self.itemChanged.connect(self._on_edited)
        self.customContextMenuRequested.connect(self._on_menu)
        state.opened.connect(self.refill)
        state.item_added.connect(self._on_changed)
        state.item_changed.connect(self._on_changed)
        state.item_removed.connect(self._drop)
        for source in (computations, trainings):
            source.submitted.connect(self._on_changed)
            source.ended.connect(self._on_changed)
        selection.changed.connect(self._on_selection_changed)
        self.refill()

    def refill(self) -> None:
        """Make all rows anew: after another document was opened, or the theme has changed."""
        for item_id in list(self._rows):
            self._drop(item_id)
        for item_id in (*self._state.document.items, *self._computations.pending, *self._trainings.pending):
            self._on_changed(item_id)
        self._show_groups()
        self._on_selection_changed()

    def _on_changed(self, item_id: str) -> None:
        item, pending = self._state.document.items.get(item_id), self._computations.pending.get(item_id)
        training = self._trainings.pending.get(item_id)
        on_its_way = pending or training
        if item is None and on_its_way is None:
            self._drop(item_id)
            return
        kind = _kind(item) if item is not None else kind_of(pending.request) if pending is not None else "run"
        name = item.name if item is not None else on_its_way.name if on_its_way is not None else ""
        row = self._rows.get(item_id)
        self._filling = True
        if row is None:
            sweep = item.sweep if isinstance(item, RunItem) else training.sweep if training is not None else ""
            row = QTreeWidgetItem(self._groups[kind] if not sweep else self._sweep(sweep))
            row.setData(0, ID, item_id)
            row.setIcon(0, icon(next(icon_name for group, _, icon_name in GROUPS if group == kind)))
            self._rows[item_id] = row
        row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable if item is not None else row.flags())
        row.setText(0, name)
        row.setToolTip(0, tip(name))
        words = "Being trained, or waits for its turn" if training is not None else "Being computed"
        mark, meaning = ("…", words) if on_its_way is not None else _mark(item)
        row.setText(MARK, mark)
        row.setToolTip(MARK, tip(meaning))
        self._show_notes(item_id, row)
        self._show_groups()
        self._filling = False

    def set_open_notes(self, counts: Mapping[str, int]) -> None:
        """Show at each item how many of its notes are open."""
        before, self._open_notes = self._open_notes, dict(counts)
        self._filling = True
        for item_id in {*before, *counts}:
            if before.get(item_id) != counts.get(item_id) and (row := self._rows.get(item_id)) is not None:
                self._show_notes(item_id, row)
        self._filling = False

    def show_current(self) -> None:
        """Scroll to the selected row."""
        if (row := self._rows.get(self._selection.current_id or "")) is not None:
            self.scrollToItem(row)

    def _show_notes(self, item_id: str, row: QTreeWidgetItem) -> None:
        amount = self._open_notes.get(item_id, 0)
        row.setText(NOTES, str(amount) if amount else "")
        row.setIcon(NOTES, icon("note") if amount else QIcon())
        row.setToolTip(NOTES, f"{count(amount, 'open note')}" if amount else "")

    def _drop(self, item_id: str) -> None:
        if item_id in self._computations.pending or item_id in self._trainings.pending:
            return  # its partial result was removed, or an undo took it away
        if (row := self._rows.pop(item_id, None)) is not None:
            parent = row.parent()
            self._filling = True  # Qt makes a neighbour the current row: nobody has selected that
            if parent is not None:
                parent.removeChild(row)
                self._drop_sweep(parent)
            self._filling = False
            self._show_groups()
            self._on_selection_changed()

    def _sweep(self, name: str) -> QTreeWidgetItem:
        """The heading of a sweep below Runs, made where there is none yet."""
        if name not in self._sweeps:
            heading = QTreeWidgetItem(self._groups["run"], [name])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setToolTip(0, tip(f"Sweep “{name}”"))
            heading.setExpanded(True)
            heading.setFirstColumnSpanned(True)
            self._sweeps[name] = heading
        return self._sweeps[name]

    def _drop_sweep(self, heading: QTreeWidgetItem) -> None:
        """Take away the heading of a sweep that has no runs any more."""
        name = next((name for name, known in self._sweeps.items() if known is heading), None)
        if name is not None and heading.childCount() == 0:
            self._groups["run"].removeChild(self._sweeps.pop(name))

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self, [title])
        group.setToolTip(0, "Double click or Enter shows all of them in a table" if title in GROUP_PAGES else "")
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setExpanded(True)
        group.setFirstColumnSpanned(True)
        return group

    def view_state(self) -> dict[str, object]:
        """Which headings are folded, and how far the tree is scrolled, as plain values."""
        headings = [*self._groups.values(), *self._sweeps.values()]
        folded = [heading.text(0) for heading in headings if heading.childCount() and not heading.isExpanded()]
        return {"folded": folded, "scrolled": self.verticalScrollBar().value()}

    def restore_view(self, state: object) -> None:
        """The inverse of `view_state`; what is missing or makes no sense stays as it is."""
        if not isinstance(state, Mapping):
            return
        if isinstance(folded := state.get("folded"), list | tuple):
            for heading in (*self._groups.values(), *self._sweeps.values()):
                heading.setExpanded(heading.text(0) not in folded)
        if type(scrolled := state.get("scrolled")) is int:
            self.verticalScrollBar().setValue(min(max(scrolled, 0), self.verticalScrollBar().maximum()))

    def _show_groups(self) -> None:
        for group in self._groups.values():
            group.setHidden(group.childCount() == 0)

    def _on_selection_changed(self) -> None:
        row = self._rows.get(self._selection.current_id or "")
        current = self.currentItem()
        if row is not current and (row is not None or current in self._rows.values()):  # a heading may stay current
            following, self._filling = self._filling, True  # what is selected here is known: nothing to tell
            self.setCurrentItem(row)  # type: ignore[arg-type]  # None selects nothing
            self._filling = following

    def _on_current_changed(self, current: QTreeWidgetItem | None) -> None:
        if not self._filling:
            self._selection.select(None if current is None else current.data(0, ID))  # a heading selects nothing

    def _on_activated(self, row: QTreeWidgetItem) -> None:
        if row.data(0, ID) is not None:
            self.opened.emit(row.data(0, ID))
        elif (page := GROUP_PAGES.get(row.text(0))) is not None:
            self.opened.emit(page)

    def _on_edited(self, row: QTreeWidgetItem, column: int) -> None:
        if not self._filling and column == 0 and row.data(0, ID) is not None:
            item_id, name = row.data(0, ID), row.text(0)
            self._on_changed(item_id)  # the old name until the document has the new one
            self.rename_wanted.emit(item_id, name)

    def _on_menu(self, place: QPoint) -> None:
        row = self.itemAt(place)
        if row is not None and row.data(0, ID) is not None:
            self.menu_wanted.emit(row.data(0, ID), self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._selection.current_id is not None:
            self.remove_wanted.emit(self._selection.current_id)
        else:
            super().keyPressEvent(event)


def _kind(item: Item | None) -> str:
    if isinstance(item, NetworkItem):
        return "network"
    if isinstance(item, RunItem):
        return "run"
    return kind_of(item.result) if isinstance(item, ResultItem) else "data"


def _mark(item: Item | None) -> tuple[str, str]:
    """One sign and its meaning; never colour alone."""
    if isinstance(item, DatasetItem):
        return ("", "Kept in the session") if item.data is not None else ("↗", f"Not in the session: {item.origin}")
    if isinstance(item, ResultItem):
        return result_mark(item.result)
    return _run_mark(item) if isinstance(item, RunItem) else ("", "Kept in the session")


def _run_mark(item: RunItem) -> tuple[str, str]:
    run = item.run
    if run.status == "complete":
        return "✓", f"Complete: {run.request.epochs} epochs"
    done = f"after epoch {run.epochs_done} of {run.request.epochs}"
    return ("⚠", f"Ended {done}: {run.ended}") if run.ended else ("◐", f"Partial: stopped {done}, can be resumed")
