"""The marks on sliders and levels: the input, the nearest stable correction, and a point that is rejected."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.render.plot.legend import LegendEntry, Swatch
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    VERMILLION,
    PlotColours,
    faded,
    legible,
    line_pen,
)

RADIUS = 5.0  # pixels
BAND = 0.30  # how solid the stable ± is
Answer = str  # "proved", "refuted", "undecided", or "asking" while nobody knows yet


def answer_colour(answer: Answer, colours: PlotColours) -> QColor:
    """Of a box: green where it is proved, vermillion where it is refuted, else blue."""
    colour = {"proved": BLUISH_GREEN, "refuted": VERMILLION}.get(answer, BLUE)
    return legible(colour, colours.background, SHAPE_CONTRAST)


def paint_input(painter: QPainter, middle: QPointF, colours: PlotColours) -> None:
    """A ring with a cross: where the input is."""
    colour = legible(VERMILLION, colours.background, SHAPE_CONTRAST)
    painter.setPen(line_pen(colour, 1.8))
    painter.setBrush(colours.background)
    painter.drawEllipse(middle, RADIUS, RADIUS)
    _paint_cross(painter, middle, 0.5 * RADIUS)


def paint_correction(painter: QPainter, middle: QPointF, colours: PlotColours, *, small: bool = False) -> None:
    """A filled diamond: the nearest stable correction; small where it lies in the ring of the input."""
    reach = RADIUS - 1.5 if small else RADIUS + 1
    corners = [QPointF(0, -1), QPointF(1, 0), QPointF(0, 1), QPointF(-1, 0)]
    painter.setPen(line_pen(colours.background, 1.2))
    painter.setBrush(colours.text)
    painter.drawPolygon(QPolygonF([middle + corner * reach for corner in corners]))


def paint_rejected(painter: QPainter, middle: QPointF, colours: PlotColours) -> None:
    """A cross: a point of the box that is rejected."""
    for colour, width in ((colours.background, 4.5), (colours.text, 2.2)):
        painter.setPen(line_pen(colour, width))
        _paint_cross(painter, middle, RADIUS + 0.5)


def band_colour(colours: PlotColours) -> QColor:
    """Of the stable ± around the nearest correction."""
    return faded(legible(BLUISH_GREEN, colours.background, SHAPE_CONTRAST), BAND)


def legend_entries(answer: Answer, colours: PlotColours) -> list[LegendEntry]:
    """What the marks stand for, the box in the colour of what is known of it."""
    entries = [
        LegendEntry("the input, rejected", _mark(paint_input, colours)),
        LegendEntry("nearest stable correction", _mark(paint_correction, colours)),
        LegendEntry("stable within", _bar(band_colour(colours), 12)),
        LegendEntry("box", _bar(answer_colour(answer, colours), 5)),
    ]
    if answer == "refuted":
        entries.append(LegendEntry("rejected point of the box", _mark(paint_rejected, colours)))
    return entries


def _mark(paint: Callable[[QPainter, QPointF, PlotColours], None], colours: PlotColours) -> Swatch:
    def swatch(painter: QPainter, place: QRectF) -> None:
        paint(painter, place.center(), colours)

    return swatch


def _bar(colour: QColor, height: float) -> Swatch:
    def swatch(painter: QPainter, place: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(place.x(), place.center().y() - height / 2, place.width(), height), 2, 2)

    return swatch


def _paint_cross(painter: QPainter, middle: QPointF, reach: float) -> None:
    for x, y in ((reach, reach), (reach, -reach)):
        painter.drawLine(middle - QPointF(x, y), middle + QPointF(x, y))
