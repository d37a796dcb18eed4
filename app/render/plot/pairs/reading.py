"""The number of one cell, in letters that can be read, where those in the cells are too small to be drawn."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from app.render.plot.style import PlotColours

NARROWEST = 70.0  # pixels in which a name still says something
LARGER = 1.5  # than the letters of the names: the number


def paint_reading(painter: QPainter, place: QRectF, names: tuple[str, ...], number: str, look: PlotColours) -> None:
    """One or two names below one another and the number below them, at the right of a place; nothing without room."""
    font = painter.font()
    metrics = QFontMetricsF(font)
    large = QFont(font)
    large.setPointSizeF(LARGER * font.pointSizeF())
    large.setBold(True)
    high = metrics.height()
    if place.width() < NARROWEST or place.height() < len(names) * high + QFontMetricsF(large).height():
        return
    top, side = place.top(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    painter.setPen(look.text)
    for count, name in enumerate(names):
        text = name if count == 0 else f"× {name}"
        words = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(QRectF(place.left(), top + count * high, place.width(), high), side, words)
    painter.setFont(large)
    bottom = QRectF(place.left(), top + len(names) * high, place.width(), QFontMetricsF(large).height())
    painter.drawText(bottom, side, number)
    painter.setFont(font)
