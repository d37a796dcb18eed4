"""A strip of the colours of changes, with its ends in numbers."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.render.plot.style import line_pen, plot_colours
from core.exchange.words import number, signed

WIDTH, HEIGHT = 90, 12
GAP = 6


class ColourScale(QWidget):
    """From less over no change to more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examples.scale")
        self._reach = 1.0
        self._colours: tuple[QColor, ...] = ()

    def set_scale(self, reach: float, colours: tuple[QColor, QColor, QColor]) -> None:
        """Show these colours from −reach to reach."""
        self._reach, self._colours = reach, colours
        self.setAccessibleName(f"Changes from {number(-reach, 3)} to {number(reach, 3)} of the data's range")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = sum(self.fontMetrics().horizontalAdvance(text) for text in self._ends())
        return QSize(WIDTH + words + 2 * GAP + 2, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  all of it is painted
        if not self._colours:
            return
        painter, frame = QPainter(self), plot_colours(self.palette())
        low, high = self._ends()
        left = self.fontMetrics().horizontalAdvance(low) + GAP
        place = QRect(left, (self.height() - HEIGHT) // 2, WIDTH, HEIGHT)
        gradient = QLinearGradient(place.topLeft(), place.topRight())
        for share, colour in zip((0.0, 0.5, 1.0), self._colours, strict=True):
            gradient.setColorAt(share, colour)
        painter.fillRect(place, gradient)
        painter.setPen(line_pen(frame.grid))
        painter.drawRect(place)
        painter.setPen(frame.muted)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, 0, left, self.height()), flags, low)
        painter.drawText(QRect(place.right() + GAP, 0, 200, self.height()), flags, high)
        painter.end()

    def _ends(self) -> tuple[str, str]:
        return number(-self._reach, 3), signed(self._reach, 3)
