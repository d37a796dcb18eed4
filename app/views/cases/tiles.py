"""A few numbers that one looks for first, large, with what they are below them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.views.flow_row import FlowRow
from app.views.made import named

LARGE = 1.45  # of the usual size of letters


class Tiles(QWidget):
    """Tiles side by side, in as many lines as they need."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self._row = FlowRow(self, spacing=6)
        self._labels: list[tuple[QLabel, QLabel]] = []

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Numbers with their words, as they are seen."""
        return [(number.text(), words.text()) for number, words in self._labels]

    def set_tiles(self, tiles: Sequence[tuple[str, str]]) -> None:
        """Show numbers with their words."""
        while len(self._labels) < len(tiles):
            self._labels.append(self._tile())
        for place, (number, words) in enumerate(self._labels):
            there = place < len(tiles)
            frame = number.parentWidget()
            if frame is not None:
                frame.setVisible(there)
            if there:
                number.setText(tiles[place][0])
                words.setText(tiles[place][1])
                words.setToolTip(tiles[place][1])

    def _tile(self) -> tuple[QLabel, QLabel]:
        frame = QFrame()
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        frame.setAutoFillBackground(True)
        frame.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(frame)
        column.setContentsMargins(10, 5, 10, 5)
        column.setSpacing(0)
        number, words = QLabel(), QLabel()
        for label in (number, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        font = number.font()
        font.setPointSizeF(font.pointSizeF() * LARGE)
        font.setBold(True)
        number.setFont(font)
        words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._row.addWidget(frame)
        return number, words
