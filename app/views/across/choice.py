"""Which layout is shown, and which networks or trainings take part."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import short, tip
from app.views.made import chooser, named, text_label
from core.exchange.layouts.members import Member
from core.exchange.layouts.picture import KIND_WORDS, KINDS, Kind

ID = Qt.ItemDataRole.UserRole


class MemberChoice(QWidget):
    """The layouts, and a box to tick for everybody who could take part."""

    changed = Signal()  # other boxes are ticked
    kind_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind_box = chooser("across.kind", self)
        for kind in KINDS:
            self.kind_box.addItem(KIND_WORDS[kind], kind)
        self.list = named(QListWidget(), "across.list")
        self.list.setAccessibleName("Networks and trainings that take part")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # names are cut off instead
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.note = text_label(name="across.note")
        every, none = (
            named(QPushButton(text), f"across.{name}") for text, name in (("&All", "all"), ("&None", "none"))
        )
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("La&yout", self.kind_box)
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
        self.kind_box.activated.connect(lambda _index: self.kind_wanted.emit(self.kind_box.currentData()))
        self.list.itemChanged.connect(lambda _entry: self.changed.emit())

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of those that are ticked."""
        entries = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(entry.data(ID)) for entry in entries if entry.checkState() is Qt.CheckState.Checked)

    def offer(self, kind: Kind, members: Sequence[Member], chosen: Sequence[str], note: str) -> None:
        """Show a layout, who could take part, and who does; a sentence above, "" for none. Tells nobody."""
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
        blocker = QSignalBlocker(self.list)
        current = self.list.currentRow()
        self.list.clear()
        for member in members:
            name = member.name if kind == "twins" else member.label
            entry = QListWidgetItem(short(name))
            entry.setToolTip(tip(name))
            entry.setData(ID, member.id)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked if member.id in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(entry)
        self.list.setCurrentRow(min(max(current, 0), self.list.count() - 1))
        blocker.unblock()
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _tick_all(self, state: Qt.CheckState) -> None:
        blocker = QSignalBlocker(self.list)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        blocker.unblock()
        self.changed.emit()
