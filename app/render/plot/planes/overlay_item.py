"""What is laid over a flat picture of a surface: networks, checkpoints, and how each point was obtained."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.render.colormaps import category
from app.render.fields import Picture
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import VERMILLION
from app.render.surface_words import lowest_point, written
from core.landscape.plane import FloatArray
from core.landscape.surface import EVALUATED, SAMPLED, Surface
from core.landscape.trajectory import Trajectory

DARK, WHITE = QColor(15, 15, 15), QColor(255, 255, 255)
NO_BRUSH = QBrush(Qt.BrushStyle.NoBrush)


class OverlayItem(PixelItem):
    """Draws overlays in pixels, words last and never over one another."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._surface: Surface | None = None
        self._overlays = NO_OVERLAYS
        self._font = QFont()
        self._taken: list[QRectF] = []

    def set_overlays(self, picture: Picture, overlays: Overlays) -> None:
        """Lay these over this picture."""
        self._surface, self._overlays = picture.surface, overlays
        self.update()

    def set_font(self, font: QFont) -> None:
        """Write the words in this font."""
        self._font = font
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self._surface is None:
            return
        self._taken = []
        painter.setFont(self._font)
        if self._overlays.show_evaluated:
            self._draw_evaluated(painter, self._surface)
        if (held := self._overlays.held_out) is not None:
            painter.setPen(QPen(DARK, 1.0))
            painter.setBrush(WHITE)
            for place in self._pixels(held.x, held.y):
                painter.drawRect(QRectF(place.x() - 2.5, place.y() - 2.5, 5, 5))
        words: list[tuple[QPointF, str]] = []
        if self._overlays.trajectory is not None:
            words += self._draw_way(painter, self._overlays.trajectory)
        words = self._draw_networks(painter, self._surface) + words
        for place, text in words:
            self._write(painter, place, text)

    def _draw_evaluated(self, painter: QPainter, surface: Surface) -> None:
        """A dot where a point was computed on all samples, a ring where on a part of them."""
        columns, rows = np.meshgrid(surface.x, surface.y)
        known = np.isfinite(surface.loss)
        for kind, radius, brush in ((EVALUATED, 1.5, QBrush(DARK)), (SAMPLED, 2.4, NO_BRUSH)):
            chosen = (surface.evaluated == kind) & known
            painter.setPen(QPen(DARK, 1.0) if kind == SAMPLED else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(brush)
            for place in self._pixels(columns[chosen], rows[chosen]):
                painter.drawEllipse(place, radius, radius)

    def _draw_way(self, painter: QPainter, way: Trajectory) -> list[tuple[QPointF, str]]:
        """The line through the checkpoints; a diamond where the learning rate was lowered."""
        places = self._pixels(way.x, way.y)
        painter.setBrush(NO_BRUSH)
        for colour, width in ((DARK, 3.6), (WHITE, 1.8)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(QPolygonF(places))
        words = [(places[0], f"epoch {way.epoch[0]:g}")] if places else []
        painter.setPen(QPen(DARK, 1.2))
        drops = way.rate_drops
        for index, (place, loss) in enumerate(zip(places, way.loss, strict=True)):
            if index in drops:
                painter.setBrush(VERMILLION)
                painter.drawPolygon(
                    QPolygonF([place + QPointF(*step) * 6.0 for step in ((-1, 0), (0, -1), (1, 0), (0, 1))])
                )
                words.append((place, f"learning rate {written(float(way.learning_rate[index + 1]))}"))
            else:
                painter.setBrush(WHITE if np.isfinite(loss) else NO_BRUSH)
                painter.drawEllipse(place, 2.8, 2.8)
        return words

    def _draw_networks(self, painter: QPainter, surface: Surface) -> list[tuple[QPointF, str]]:
        """The other networks, and this one where it is not the lowest point, which has its own mark."""
        words = []
        painter.setPen(QPen(DARK, 1.6))
        lowest = lowest_point(surface)
        if lowest is None or abs(surface.x[lowest[1]]) > 1e-9 or abs(surface.y[lowest[0]]) > 1e-9:
            place = self.to_pixels(0.0, 0.0)
            painter.setBrush(WHITE)
            painter.drawPolygon(
                QPolygonF([place + QPointF(*step) * 5.5 for step in ((-1, 0), (0, -1), (1, 0), (0, 1))])
            )
            words.append((place, "this network"))
        for index, anchor in enumerate(self._overlays.anchors):
            place = self.to_pixels(anchor.x, anchor.y)
            painter.setBrush(QColor(category(index)))
            painter.drawEllipse(place, 5.0, 5.0)
            words.append((place, anchor.name))
        return words

    def _pixels(self, x: FloatArray, y: FloatArray) -> list[QPointF]:
        transform = self.data_transform()
        return [transform.map(QPointF(a, b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]

    def _write(self, painter: QPainter, place: QPointF, text: str) -> None:
        """A word beside a mark, where it touches no other and stays inside; else it is left out."""
        metrics = QFontMetricsF(self._font)
        width, height = metrics.horizontalAdvance(text) + 10, metrics.height() + 2
        for right, down in ((1, -1), (1, 1), (-1, -1), (-1, 1)):
            rectangle = QRectF(0, 0, width, height)
            rectangle.moveCenter(place + QPointF(right * (width / 2 + 9), down * (height / 2 + 5)))
            free = not any(rectangle.intersects(other) for other in self._taken)
            if free and self.boundingRect().contains(rectangle):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(255, 255, 255, 215))
                painter.drawRoundedRect(rectangle, 3, 3)
                painter.setPen(DARK)
                painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, text)
                self._taken.append(rectangle)
                return
