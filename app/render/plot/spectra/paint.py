"""How one bar of a spectrum and its marks are painted, in the picture and in its legend alike."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPolygonF

from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    ORANGE,
    REDDISH_PURPLE,
    SHAPE_CONTRAST,
    SKY_BLUE,
    VERMILLION,
    PlotColours,
    faded,
    legible,
    line_pen,
)


@dataclass(frozen=True)
class BarColours:
    """Colours of bars on one background."""

    positive: QColor
    negative: QColor
    whisker: QColor
    sampling: QColor  # whiskers of the error of sampling, and the mark of all samples at hand
    tick: QColor
    band: QColor  # behind the bar that is pointed at
    background: QColor

    @classmethod
    def on(cls, colours: PlotColours) -> "BarColours":
        """Okabe–Ito colours that stand out from that background."""
        base = colours.background
        return cls(
            positive=legible(SKY_BLUE if colours.dark else BLUE, base, SHAPE_CONTRAST),
            negative=legible(ORANGE if colours.dark else VERMILLION, base, SHAPE_CONTRAST),
            whisker=colours.text,
            sampling=legible(REDDISH_PURPLE, base, SHAPE_CONTRAST),
            tick=legible(BLUISH_GREEN, base, SHAPE_CONTRAST),
            band=colours.neutral,
            background=base,
        )


def paint_bar(painter: QPainter, bar: QRectF, colour: QColor, *, negative: bool, verified: bool) -> None:
    """One bar: negative ones are hatched, unverified ones paler and dashed. A bar of height zero is a line."""
    fill = faded(colour, (0.35 if negative else 0.9) if verified else 0.14)
    painter.fillRect(bar, fill)
    if negative:
        painter.fillRect(bar, QBrush(faded(colour, 1.0 if verified else 0.55), Qt.BrushStyle.BDiagPattern))
    dashed = Qt.PenStyle.SolidLine if verified else Qt.PenStyle.CustomDashLine
    pen = line_pen(colour, 1.4, dashed)
    if not verified:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if bar.height() < 1:
        painter.drawLine(bar.topLeft(), bar.topRight())
    else:
        painter.drawRect(bar)


def paint_whisker(painter: QPainter, x: float, ends: tuple[float, float], cap: float, colour: QColor) -> None:
    """A line from end to end with caps, in pixels."""
    painter.setPen(line_pen(colour, 1.4))
    painter.drawLine(QPointF(x, ends[0]), QPointF(x, ends[1]))
    for end in ends:
        painter.drawLine(QPointF(x - cap, end), QPointF(x + cap, end))


def paint_spread(painter: QPainter, x: float, ends: tuple[float, float], colours: BarColours, width: float) -> None:
    """The whisker of another error: thick, without caps, with an outline that keeps it apart from the bar."""
    low, high = max(ends), min(ends)  # pixels count downwards
    painter.setPen(line_pen(colours.background, width + 2))
    painter.drawLine(QPointF(x, low + 1), QPointF(x, high - 1))
    painter.setPen(line_pen(colours.sampling, width))
    painter.drawLine(QPointF(x, low), QPointF(x, high))


def paint_diamond(painter: QPainter, centre: QPointF, colours: BarColours) -> None:
    """The value over all samples at hand."""
    x, y = centre.x(), centre.y()
    painter.setPen(line_pen(colours.sampling, 1.6))
    painter.setBrush(colours.background)
    corners = (QPointF(x, y - 4.5), QPointF(x + 4.5, y), QPointF(x, y + 4.5), QPointF(x - 4.5, y))
    painter.drawPolygon(QPolygonF(corners))


def paint_tick(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """The mark of a verified value."""
    painter.setPen(line_pen(colour, 1.9))
    x, y = centre.x(), centre.y()
    painter.drawPolyline(QPolygonF([QPointF(x - 4, y), QPointF(x - 1, y + 3), QPointF(x + 4, y - 4)]))


def paint_negative_mark(painter: QPainter, tip: QPointF, colour: QColor) -> None:
    """A small triangle that points down: a negative value, however short its bar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y = tip.x(), tip.y()
    painter.drawPolygon(QPolygonF([QPointF(x - 4, y - 6), QPointF(x + 4, y - 6), QPointF(x, y)]))


def paint_chosen(painter: QPainter, slot: QRectF, colour: QColor) -> None:
    """The frame around a bar that is selected."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line_pen(colour, 1.2))
    painter.drawRoundedRect(slot.adjusted(1, 1, -1, -1), 3, 3)
