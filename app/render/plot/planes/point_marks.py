"""Marks on single points of a plane: the lowest one, and the one that is pointed at."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.render.plot.pixel_item import PixelItem

Place = tuple[float, float]


class PointMarks(PixelItem):
    """A ring at the lowest point and a crosshair through the point that is read; white and black, for every ground."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._lowest: Place | None = None
        self._pointed: Place | None = None

    @property
    def pointed(self) -> Place | None:
        """Where the crosshair is, in data units."""
        return self._pointed

    def set_lowest(self, place: Place | None) -> None:
        """Mark the lowest point there."""
        self._lowest = place
        self.update()

    def set_pointed(self, place: Place | None) -> None:
        """Put the crosshair there, or take it away."""
        if place != self._pointed:
            self._pointed = place
            self.update()

    def draw(self, painter: QPainter) -> None:
        if self._lowest is not None:
            painter.setPen(QPen(QColor(20, 20, 20), 2.0))
            painter.setBrush(QColor("white"))
            painter.drawEllipse(self.to_pixels(*self._lowest), 4.5, 4.5)
        if self._pointed is not None:
            place, area = self.to_pixels(*self._pointed), self.boundingRect()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((QColor(255, 255, 255, 190), 2.6), (QColor(0, 0, 0, 200), 1.0)):
                painter.setPen(QPen(colour, width))
                painter.drawLine(QPointF(area.left(), place.y()), QPointF(area.right(), place.y()))
                painter.drawLine(QPointF(place.x(), area.top()), QPointF(place.x(), area.bottom()))
