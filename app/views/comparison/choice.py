"""Which surfaces are compared, and how they are laid out."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.actions.wording import short, tip
from app.views.comparison.layouts import WAY_WORDS, WAYS, Way
from app.views.made import chooser, named, text_label
from core.session.document import ResultItem

ID = Qt.ItemDataRole.UserRole
NONE_YET = "The session has no surfaces yet. Select a network and compute some in the inspector."
TOO_FEW = (
    "The session has not two surfaces of residual networks that this layout could tell apart. Train or open networks "
    "with and without shortcuts, such as resnet20 and resnet20_noshort, and compute their surfaces."
)


class ChoicePanel(QWidget):
    """A list with a box to tick for every surface, and the layouts."""

    changed = Signal()  # another choice, or another layout
    way_wanted = Signal(str)  # a layout was chosen by hand: it also chooses its surfaces

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way_box = chooser("comparison.way", self)
        for way in WAYS:
            self.way_box.addItem(WAY_WORDS[way], way)
        self.list = named(QListWidget(), "comparison.list")
        self.list.setAccessibleName("Surfaces to compare")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # names are cut off instead
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.note = text_label(name="comparison.note")
        self.note.hide()
        every, none = (
            named(QPushButton(text), f"comparison.{name}") for text, name in (("&All", "all"), ("&None", "none"))
        )
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("La&yout", self.way_box)
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
        self.way_box.activated.connect(lambda _index: self.way_wanted.emit(self.way))
        self.list.itemChanged.connect(lambda _entry: self.changed.emit())

    @property
    def way(self) -> Way:
        """The layout."""
        chosen: Way = self.way_box.currentData()
        return chosen

    def set_way(self, way: str) -> None:
        """Show that layout; another word changes nothing. Tells nobody."""
        if way in WAYS:
            self.way_box.setCurrentIndex(self.way_box.findData(way))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the ticked surfaces, in the order of the list."""
        entries = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(entry.data(ID)) for entry in entries if entry.checkState() is Qt.CheckState.Checked)

    def offer(self, surfaces: Sequence[ResultItem], chosen: Sequence[str]) -> None:
        """Fill the list, with these ticked. Tells nobody."""
        blocker = QSignalBlocker(self.list)
        current = self.list.currentRow()
        self.list.clear()
        for surface in surfaces:
            entry = QListWidgetItem(short(surface.name))
            entry.setToolTip(tip(surface.name))
            entry.setData(ID, surface.id)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked if surface.id in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(entry)
        self.list.setCurrentRow(min(max(current, 0), self.list.count() - 1))
        blocker.unblock()
        if not surfaces:
            self.say(NONE_YET)

    def say(self, words: str) -> None:
        """Show a sentence above the list; "" takes it away."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _tick_all(self, state: Qt.CheckState) -> None:
        blocker = QSignalBlocker(self.list)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        blocker.unblock()
        self.changed.emit()
