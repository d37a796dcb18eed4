"""What the recogniser says of a drawing: a word, and by how much, as a bar to the right or to the left of zero."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.networks.tones import tones
from core.exchange.lesson_words import margin_words

SCALE = 6.0  # logits at which the bar is three quarters full
HEIGHT = 46


class VerdictBar(QWidget):
    """The bar is squeezed at its ends, for leads have no largest value; the number beside it is exact."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tutor.verdict")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lead: float | None = None
        self.words = self.margin = ""

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_lead(self, lead: float | None, words: str) -> None:
        """Show a verdict; without a lead only the words."""
        self.lead, self.words = lead, words
        self.margin = "" if lead is None else f"margin {margin_words(lead)}"
        self.setAccessibleName(f"{words} {self.margin}".rstrip())
        self.setToolTip(
            "By how much the logit of the canonical drawing is above that of another drawing"
            if lead is not None
            else ""
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, lead = tones(self.palette()), self.lead
        colour = QColor(colours.muted if lead is None else colours.good if lead > 0 else colours.bad)
        font = painter.font()
        font.setBold(lead is not None)
        font.setPointSizeF(font.pointSizeF() * 1.12)
        painter.setFont(font)
        painter.setPen(colour)
        line = QRectF(2, 2, self.width() - 4, 26)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self.words)
        if lead is not None:
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, self.margin)
        groove = QRectF(2, 33, self.width() - 4, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.button))
        painter.drawRoundedRect(groove, 3.5, 3.5)
        centre = groove.center().x()
        if lead is not None:
            reach = math.tanh(lead / SCALE) * groove.width() / 2
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(min(centre, centre + reach), groove.top(), abs(reach), 7), 3.5, 3.5)
        painter.setPen(QPen(QColor(colours.text), 1.5))
        painter.drawLine(int(centre), 31, int(centre), 42)
