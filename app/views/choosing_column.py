"""The column beside what is laid out: which layout, and who takes part."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import short, tip
from app.views.made import chooser, named, text_label

ID = Qt.ItemDataRole.UserRole


class ChoosingColumn(QWidget):
    """A chooser of layouts, and a list with a box to tick for everybody who could take part.

    Parameters
    ----------
    name : str
        Of the page; the parts are named after it.
    layouts : sequence of (str, str)
        Each layout with its words.
    """

    changed = Signal()  # other boxes are ticked

    def __init__(
        self, name: str, box: str, layouts: Iterable[tuple[str, str]], listed: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._box = chooser(f"{name}.{box}", self)
        for layout, words in layouts:
            self._box.addItem(words, layout)
        self.list = named(QListWidget(), f"{name}.list")
        self.list.setAccessibleName(listed)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # names are cut off instead
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.note = text_label(name=f"{name}.note")
        self.note.hide()
        every, none = (named(QPushButton(text), f"{name}.{end}") for text, end in (("&All", "all"), ("&None", "none")))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("La&yout", self._box)
        buttons = QHBoxLayout()
        buttons.addWidget(every)
        buttons.addWidget(none)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 8)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        every.clicked.connect(lambda: self._tick_all(Qt.CheckState.Checked))
        none.clicked.connect(lambda: self._tick_all(Qt.CheckState.Unchecked))
        self.list.itemChanged.connect(lambda _entry: self.changed.emit())

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of those that are ticked, in the order of the list."""
        entries = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(entry.data(ID)) for entry in entries if entry.checkState() is Qt.CheckState.Checked)

    def say(self, words: str) -> None:
        """Show a sentence above the list; "" takes it away."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _fill(self, entries: Iterable[tuple[str, str]], chosen: Sequence[str]) -> None:
        """List these by id and name, with the chosen ones ticked. Tells nobody."""
        blocker = QSignalBlocker(self.list)
        current = self.list.currentRow()
        self.list.clear()
        for item_id, name in entries:
            entry = QListWidgetItem(short(name))
            entry.setToolTip(tip(name))
            entry.setData(ID, item_id)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked if item_id in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(entry)
        self.list.setCurrentRow(min(max(current, 0), self.list.count() - 1))
        blocker.unblock()

    def _tick_all(self, state: Qt.CheckState) -> None:
        blocker = QSignalBlocker(self.list)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        blocker.unblock()
        self.changed.emit()
