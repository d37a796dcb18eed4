"""The heading of a row, written upwards along its left side."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget


class TurnedLabel(QWidget):
    """Bold text that reads from below."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().height() + 4, 60)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().height() + 4, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.translate(0, self.height())
        painter.rotate(-90)
        text = QFontMetrics(self.font()).elidedText(self.text, Qt.TextElideMode.ElideRight, self.height())
        painter.drawText(QRectF(0, 0, self.height(), self.width()), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
