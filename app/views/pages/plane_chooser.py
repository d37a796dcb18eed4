"""Which surface of a plane lies under a picture, where the session has more than one, or none at all."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.actions.wording import short
from app.views.made import chooser
from app.views.pages.neighbours import Beside
from core.landscape.surface import Surface


class PlaneChooser(QWidget):
    """A box with the surfaces of the plane; the best one is chosen until the user chooses another."""

    changed = Signal()

    def __init__(self, name: str, text: str = "S&urface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surfaces: tuple[Beside[Surface], ...] = ()
        self._wanted = ""  # id that the user chose, or that the session remembers
        self.box = chooser(name, self)
        self.box.setMinimumContentsLength(14)
        label = QLabel(text)
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.box)
        self.box.currentIndexChanged.connect(self._on_changed)
        self.hide()

    @property
    def surface(self) -> Surface | None:
        """The chosen one."""
        return next((each.result for each in self._surfaces if each.id == self.chosen), None)

    @property
    def chosen(self) -> str:
        """Its item id; "" if there is none."""
        return str(self.box.currentData() or "")

    @property
    def wanted(self) -> str:
        """The item id that was asked for, there or not; "" for the best one."""
        return self._wanted

    def offer(self, surfaces: Sequence[Beside[Surface]]) -> None:
        """Offer these, the best match first. What was chosen stays chosen while it is there."""
        self._surfaces = tuple(surfaces)
        blocker = QSignalBlocker(self.box)
        self.box.clear()
        for each in surfaces:
            self.box.addItem(short(each.name), each.id)
        self.box.setCurrentIndex(max(0, self.box.findData(self._wanted)) if surfaces else -1)
        blocker.unblock()
        self.setVisible(len(surfaces) > 1)

    def choose(self, item_id: str) -> None:
        """Choose that surface now, or when it comes."""
        self._wanted = item_id
        if (index := self.box.findData(item_id)) >= 0:
            self.box.setCurrentIndex(index)

    def _on_changed(self) -> None:
        self._wanted = self.chosen
        self.changed.emit()
