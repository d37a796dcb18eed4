"""The points of a slice: the input, its nearest stable correction with an arrow, and a counterexample."""

import math
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.render.plot.pixel_item import PixelItem
from app.render.plot.slices.box_geometry import Pair
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, VERMILLION, PlotColours, legible, line_pen

RADIUS = 6.5  # of a marker, in pixels
ARROW_HEAD = 10.0


@dataclass(frozen=True)
class Marks:
    """Points in data units."""

    input: Pair
    accepted: bool  # whether the input itself is
    nearest: Pair | None


class SliceMarks(PixelItem):
    """Draws the input, the nearest stable correction and the arrow between them."""

    def __init__(self, view: pg.ViewBox, z: float = 20) -> None:
        super().__init__(view, z)
        self._marks: Marks | None = None
        self._colours: PlotColours | None = None

    def set_marks(self, marks: Marks | None) -> None:
        """Draw these points instead."""
        self._marks = marks
        self.update()

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._colours = colours
        self.update()

    def marker_rect(self, point: Pair) -> QRectF:
        """What a marker covers, in pixels of the view box."""
        middle = self.to_pixels(*point)
        return QRectF(middle.x() - RADIUS, middle.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)

    def arrow_rects(self) -> list[QRectF]:
        """Small rectangles along the arrow, for labels to keep clear of."""
        if self._marks is None or self._marks.nearest is None:
            return []
        start, end = self.to_pixels(*self._marks.input), self.to_pixels(*self._marks.nearest)
        steps = max(2, int(_length(end - start) / 12))
        points = [start + (end - start) * (step / steps) for step in range(steps + 1)]
        return [QRectF(point.x() - 4, point.y() - 4, 8, 8) for point in points]

    def draw(self, painter: QPainter) -> None:
        marks, colours = self._marks, self._colours
        if marks is None or colours is None:
            return
        start = self.to_pixels(*marks.input)
        if marks.nearest is not None:
            end = self.to_pixels(*marks.nearest)
            _draw_arrow(painter, start, end, colours)
            _draw_diamond(painter, end, colours)
        colour = input_colour(colours, accepted=marks.accepted)
        painter.setPen(line_pen(colours.background, 5.0))
        painter.drawEllipse(start, RADIUS, RADIUS)
        painter.setPen(line_pen(colour, 2.4))
        painter.setBrush(colours.background)
        painter.drawEllipse(start, RADIUS, RADIUS)
        if not marks.accepted:
            _draw_cross(painter, start, RADIUS * 0.45)


class CounterexampleMark(PixelItem):
    """A crossed ring at a point of the box that is rejected; moves with every judgement."""

    def __init__(self, view: pg.ViewBox, z: float = 35) -> None:
        super().__init__(view, z)
        self._point: Pair | None = None
        self._colours: PlotColours | None = None

    @property
    def point(self) -> Pair | None:
        """The marked point in data units."""
        return self._point

    def set_point(self, point: Pair | None) -> None:
        """Mark another point, or none."""
        if point != self._point:
            self.prepareGeometryChange()
            self._point = point
            self.update()

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._colours = colours
        self.update()

    def boundingRect(self) -> QRectF:
        if self._point is None:
            return QRectF()
        middle, reach = self.to_pixels(*self._point), RADIUS + 5
        return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)

    def draw(self, painter: QPainter) -> None:
        if self._point is None or self._colours is None:
            return
        middle = self.to_pixels(*self._point)
        for colour, width in ((self._colours.background, 5.0), (self._colours.text, 2.2)):
            painter.setPen(line_pen(colour, width))
            painter.drawEllipse(middle, RADIUS, RADIUS)
            _draw_cross(painter, middle, RADIUS + 3)


def input_colour(colours: PlotColours, *, accepted: bool) -> QColor:
    """Of the input's marker and label: vermillion where it is rejected."""
    return legible(BLUISH_GREEN if accepted else VERMILLION, colours.background, SHAPE_CONTRAST)


def _draw_cross(painter: QPainter, middle: QPointF, reach: float) -> None:
    for x, y in ((reach, reach), (reach, -reach)):
        painter.drawLine(middle - QPointF(x, y), middle + QPointF(x, y))


def _draw_diamond(painter: QPainter, middle: QPointF, colours: PlotColours) -> None:
    corners = [QPointF(0, -1), QPointF(1, 0), QPointF(0, 1), QPointF(-1, 0)]
    painter.setPen(line_pen(colours.background, 2.0))
    painter.setBrush(colours.text)
    painter.drawPolygon(QPolygonF([middle + corner * (RADIUS + 1) for corner in corners]))


def _draw_arrow(painter: QPainter, start: QPointF, end: QPointF, colours: PlotColours) -> None:
    """From marker to marker; nothing where they touch."""
    length = _length(end - start)
    if length < 2 * RADIUS + ARROW_HEAD + 4:
        return
    along = (end - start) / length
    across = QPointF(-along.y(), along.x())
    tip = end - along * (RADIUS + 2)
    neck = tip - along * ARROW_HEAD
    for colour, width in ((colours.background, 4.0), (colours.text, 1.8)):
        painter.setPen(line_pen(colour, width))
        painter.drawLine(start + along * RADIUS, neck)
    painter.setPen(line_pen(colours.background, 1.0))
    painter.setBrush(colours.text)
    painter.drawPolygon(QPolygonF([tip, neck + across * ARROW_HEAD * 0.45, neck - across * ARROW_HEAD * 0.45]))


def _length(vector: QPointF) -> float:
    return math.hypot(vector.x(), vector.y())
