"""Samples for legends: a line, a dot, a colour; and names that fit beside them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.render.plot.legend import Swatch
from app.render.plot.style import line_pen

LONGEST_NAME = 40  # characters in a legend


def line_swatch(colour: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine, width: float = 2.4) -> Swatch:
    """A piece of a line."""

    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setPen(line_pen(colour, width, style))
        middle = place.center().y()
        painter.drawLine(QPointF(place.left(), middle), QPointF(place.right(), middle))

    return paint


def dot_swatch(colour: QColor, outline: QColor, *, filled: bool = True) -> Swatch:
    """A round mark."""

    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setPen(line_pen(outline, 1.2))
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place.center(), 4.5, 4.5)

    return paint


def shortened(name: str) -> str:
    """A name in one line, cut off if it is long."""
    line = " ".join(name.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"
