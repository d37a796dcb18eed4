"""A legend below a plot: swatches with words, in as many rows as the width needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

Swatch = Callable[[QPainter, QRectF], None]  # draws the sample into the rectangle


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend."""

    text: str
    swatch: Swatch


class Legend(QWidget):
    """Says in words what each colour and pattern stands for; reflows when it is narrow."""

    SWATCH_WIDTH = 22
    GAP = 6
    BETWEEN = 18

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self._entries: tuple[LegendEntry, ...] = ()
        self._colour = QColor()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """What is shown, in order."""
        return self._entries

    def set_entries(self, entries: Sequence[LegendEntry], colour: QColor) -> None:
        """Show these, with text of that colour."""
        self._entries, self._colour = tuple(entries), colour
        self.setAccessibleDescription("; ".join(entry.text for entry in entries))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return round(places[-1].y() + self._row_height()) if places else 0

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._row_height() if self._entries else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height()
        for entry, place in zip(self._entries, self._places(self.width()), strict=True):
            painter.save()
            entry.swatch(painter, QRectF(place.x(), place.y() + 3, self.SWATCH_WIDTH, height - 6))
            painter.restore()
            painter.setPen(self._colour)
            left = place.x() + self.SWATCH_WIDTH + self.GAP
            room = max(0, round(self.width() - left))  # an entry that is wider than a whole row is cut off
            text = painter.fontMetrics().elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, place.y(), room, height), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 4

    def _places(self, width: int) -> list[QPointF]:
        places: list[QPointF] = []
        x = y = 0
        for entry in self._entries:
            extent = self.SWATCH_WIDTH + self.GAP + self.fontMetrics().horizontalAdvance(entry.text)
            if x > 0 and x + extent > width:
                x, y = 0, y + self._row_height()
            places.append(QPointF(x, y))
            x += extent + self.BETWEEN
        return places
