"""Which two surfaces are subtracted, and their difference as a map or the reason why there is none."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.actions.wording import short
from app.render.plot.planes.difference_view import DifferenceView
from app.views.made import chooser, named, text_label
from app.views.pages.picture import picture_of
from core.errors import CorrieError
from core.exchange.plane_words import axis_labels
from core.landscape.difference import difference
from core.landscape.surface import Surface

TWO = "Tick at least two surfaces on the left to see where they differ."


class DifferencePanel(QWidget):
    """First less second, at every point of the grid that both have."""

    changed = Signal()
    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surfaces: dict[str, tuple[str, Surface]] = {}  # by item id: name and surface
        self._limit = float("inf")
        self._wanted = ("", "")  # item ids that the user or the session asked for
        self.boxes = (chooser("difference.first", self), chooser("difference.second", self))
        self.logarithmic = named(QCheckBox("of lo&g(loss + 0.1)"), "difference.logarithmic")
        self.logarithmic.setToolTip("Compare the heights that pictures are drawn in; else the loss itself")
        self.logarithmic.setChecked(True)
        self._map: DifferenceView | None = None  # made when there is a difference
        self.reason = text_label(TWO, "difference.reason")
        self.reason.setContentsMargins(24, 24, 24, 24)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.reason)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        for text, box in zip(("&First", "less &second"), self.boxes, strict=True):
            label = QLabel(text)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box, 1)
            box.currentIndexChanged.connect(self._on_changed)
        row.addWidget(self.logarithmic)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        self.logarithmic.toggled.connect(self._on_changed)

    @property
    def map(self) -> DifferenceView:
        """The picture of the difference."""
        if self._map is None:
            self._map = DifferenceView()
            self._map.hovered.connect(self.hovered)
            self._pages.addWidget(self._map)
        return self._map

    @property
    def pair(self) -> tuple[str, str]:
        """Item ids of the first and the second surface; "" where there is none."""
        first, second = (str(box.currentData() or "") for box in self.boxes)
        return first, second

    def choose(self, pair: Sequence[str]) -> None:
        """Subtract these two once they are offered."""
        if len(pair) == 2:
            self._wanted = (str(pair[0]), str(pair[1]))

    def offer(self, surfaces: Sequence[tuple[str, str, Surface]], limit: float) -> None:
        """Offer these: item id, name, surface; clipped at that loss, as in their pictures."""
        self._surfaces = {item_id: (name, surface) for item_id, name, surface in surfaces}
        self._limit = limit
        for place, box in enumerate(self.boxes):
            _fill(box, surfaces, self._wanted[place], place)
        self._draw()

    def image(self) -> QImage:
        """The map, or the page with its reason."""
        return picture_of(self) if self._map is None or self._map.shown is None else self._map.image()

    def _draw(self) -> None:
        chosen = [self._surfaces.get(item_id) for item_id in self.pair]
        first, second = chosen
        if first is None or second is None or self.pair[0] == self.pair[1]:
            self._say(TWO)
            return
        try:
            found = difference(first[1], second[1], logarithmic=self.logarithmic.isChecked(), limit=self._limit)
        except CorrieError as error:
            self._say(str(error))
            return
        self._pages.setCurrentWidget(self.map)
        axes = axis_labels(first[1].request.directions)
        self.map.set_difference(found, (first[0], second[0]), axes, (first[1], second[1]))

    def _say(self, words: str) -> None:
        self.reason.setText(words)
        if self._map is not None:
            self._map.set_difference(None)
        self._pages.setCurrentWidget(self.reason)

    def _on_changed(self) -> None:
        self._wanted = self.pair
        self._draw()
        self.changed.emit()


def _fill(box: QComboBox, surfaces: Sequence[tuple[str, str, Surface]], wanted: str, place: int) -> None:
    blocker = QSignalBlocker(box)
    box.clear()
    for item_id, name, _ in surfaces:
        box.addItem(short(name), item_id)
    found = box.findData(wanted) if wanted else -1
    box.setCurrentIndex(found if found >= 0 else min(place, box.count() - 1))
    blocker.unblock()
