"""The items of a session, with a box to tick for those of a report, in the order that the report will have."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.actions.wording import short, tip
from app.theme.icons import icon
from app.views.made import named
from app.views.session_tree import GROUPS
from core.exchange.report.choice import chosen_items
from core.naming import kind_of
from core.session.document import DatasetItem, Document, Item, NetworkItem, RunItem

ID = Qt.ItemDataRole.UserRole
_ICONS = {kind: name for kind, _, name in GROUPS}


class ItemList(QListWidget):
    """Follows a document: what is new is ticked and stands at the end, what is gone disappears."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "report.items").setAccessibleName("Items of the report, in their order")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of results differ at their ends
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(lambda _entry: self.chosen_changed.emit())
        self.model().rowsMoved.connect(lambda *_moved: self.chosen_changed.emit())

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the ticked ones, in the order of the list."""
        return tuple(str(entry.data(ID)) for entry in self._entries() if entry.checkState() is Qt.CheckState.Checked)

    def follow(self, document: Document, *, anew: bool = False) -> None:
        """Show the items of a document: `anew` all of them, ticked and in its order, else what changed."""
        before = {} if anew else {str(entry.data(ID)): entry.checkState() for entry in self._entries()}
        kept = [item_id for item_id in before if item_id in document.items]
        found = chosen_items(document) if document.items else ()
        order = [*kept, *(item.id for item in found if item.id not in before)]
        current = self.currentItem()
        selected = None if current is None else current.data(ID)
        blocker = QSignalBlocker(self)
        self.clear()
        for item_id in order:
            self._add(document.items[item_id], before.get(item_id, Qt.CheckState.Checked))
        rows = [row for row, entry in enumerate(self._entries()) if entry.data(ID) == selected]
        self.setCurrentRow(rows[0] if rows else 0)
        blocker.unblock()
        self.chosen_changed.emit()

    def tick(self, chosen: Sequence[str]) -> None:
        """Tick these and no others."""
        blocker = QSignalBlocker(self)
        for entry in self._entries():
            there = str(entry.data(ID)) in chosen
            entry.setCheckState(Qt.CheckState.Checked if there else Qt.CheckState.Unchecked)
        blocker.unblock()
        self.chosen_changed.emit()

    def tick_all(self) -> None:
        """Tick every one."""
        self.tick([str(entry.data(ID)) for entry in self._entries()])

    def move_current(self, by: int) -> None:
        """Put the selected item so many places further down; nothing where that is no place."""
        row = self.currentRow()
        if row < 0 or not 0 <= row + by < self.count():
            return
        blocker = QSignalBlocker(self)
        entry = self.takeItem(row)
        self.insertItem(row + by, entry)
        self.setCurrentRow(row + by)
        blocker.unblock()
        self.chosen_changed.emit()

    def reload_icons(self, document: Document) -> None:
        """Draw the icons in the colours of the theme."""
        blocker = QSignalBlocker(self)
        for entry in self._entries():
            entry.setIcon(icon(_icon_of(document.items[str(entry.data(ID))])))
        blocker.unblock()

    def _add(self, item: Item, state: Qt.CheckState) -> None:
        entry = QListWidgetItem(icon(_icon_of(item)), short(item.name))
        entry.setToolTip(tip(item.name))
        entry.setData(ID, item.id)
        entry.setFlags((entry.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsDropEnabled)
        entry.setCheckState(state)
        self.addItem(entry)

    def _entries(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]


def _icon_of(item: Item) -> str:
    if isinstance(item, NetworkItem):
        return _ICONS["network"]
    if isinstance(item, DatasetItem):
        return _ICONS["data"]
    return _ICONS["run" if isinstance(item, RunItem) else kind_of(item.result)]
