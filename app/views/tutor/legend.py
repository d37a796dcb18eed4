"""What the colours and frames on the paper mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.networks.tones import tones

ENTRIES = ("suggested", "all ends at once: proved", "this end alone: proved")
GAP = 16
KEY = 18


class Legend(QWidget):
    """One line, or as many as the width needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tutor.legend")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        policy.setRetainSizeWhenHidden(True)  # the paper must not move under the mouse
        self.setSizePolicy(policy)
        self.setAccessibleName("Green strokes are suggested. Boxes: " + "; ".join(ENTRIES[1:]))

    def sizeHint(self) -> QSize:
        return QSize(300, self._lines(self.width()) * (self.fontMetrics().height() + 3) + 2)

    def heightForWidth(self, width: int) -> int:
        return self._lines(width) * (self.fontMetrics().height() + 3) + 2

    def hasHeightForWidth(self) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, height = tones(self.palette()), self.fontMetrics().height() + 3
        green = QColor(colours.good)
        for place, ((x, line), text) in enumerate(zip(self._places(self.width()), ENTRIES, strict=True)):
            key = QRectF(x, line * height + 3, KEY - 4, height - 7)
            if place == 0:
                painter.setPen(QPen(green, 2.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(key.bottomLeft(), key.topRight())
            else:
                fill = QColor(green)
                fill.setAlpha(52 if place == 1 else 14)
                painter.setBrush(fill)
                style = Qt.PenStyle.SolidLine if place == 1 else Qt.PenStyle.DashLine
                painter.setPen(QPen(green, 1.4, style))
                painter.drawRect(key)
            painter.setPen(QColor(colours.muted))
            where = QRectF(x + KEY + 2, line * height, self.width(), height)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _places(self, width: int) -> list[tuple[int, int]]:
        """x and line of each entry."""
        found, x, line = [], 0, 0
        for text in ENTRIES:
            wide = KEY + self.fontMetrics().horizontalAdvance(text) + GAP
            if x and x + wide > width:
                x, line = 0, line + 1
            found.append((x, line))
            x += wide
        return found

    def _lines(self, width: int) -> int:
        return self._places(max(width, 120))[-1][1] + 1
