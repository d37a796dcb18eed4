"""The way of a training over a plane: a line through the checkpoints, each in the colour of its own loss."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.render.colormaps import colours, over_colour
from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import VERMILLION
from app.render.scales import HeightScale
from core.landscape.trajectory import Trajectory

RADIUS = 4.2
HALO, INK = QColor(255, 255, 255, 220), QColor(20, 20, 20)


class TrajectoryItem(PixelItem):
    """Begins with a square, ends with a ring; a red diamond where the learning rate drops."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._trajectory: Trajectory | None = None
        self._scale: HeightScale | None = None
        self._map = ""
        self._chosen: int | None = None
        self._font = QFont()

    def set_trajectory(self, trajectory: Trajectory | None, scale: HeightScale | None, name: str) -> None:
        """Show this way on a scale, in the colours of a map."""
        self._trajectory, self._scale, self._map = trajectory, scale, name
        self.update()

    def set_chosen(self, index: int | None) -> None:
        """Make one checkpoint stand out."""
        if index != self._chosen:
            self._chosen = index
            self.update()

    def set_font(self, font: QFont) -> None:
        """Write the rates in this font."""
        self._font = font
        self.update()

    def nearest(self, place: QPointF) -> tuple[int, float] | None:
        """The checkpoint nearest to a place in pixels of the view box, and how far it is."""
        points = self._pixels()
        if not len(points):
            return None
        distances = np.hypot(points[:, 0] - place.x(), points[:, 1] - place.y())
        index = int(np.argmin(distances))
        return index, float(distances[index])

    def draw(self, painter: QPainter) -> None:
        trajectory, scale = self._trajectory, self._scale
        if trajectory is None or scale is None or not len(trajectory.x):
            return
        points = [QPointF(x, y) for x, y in self._pixels().tolist()]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((HALO, 4.0), (INK, 1.6)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(points)
        painted = colours(self._map, scale.shares(trajectory.loss))
        painted[np.nan_to_num(trajectory.loss, posinf=np.inf) > scale.high] = over_colour(self._map)
        drops = trajectory.rate_drops
        for index in drops:
            _diamond(painter, points[index], RADIUS + 4.5)
        for index, (point, channels) in enumerate(zip(points, painted.tolist(), strict=True)):
            known = channels[3] > 0
            painter.setBrush(QColor(*channels[:3]) if known else QColor("white"))
            for pen in (QPen(HALO, 3.4), QPen(INK, 1.2)):
                painter.setPen(pen)
                self._dot(painter, index, point, len(points))
        self._write_rates(painter, trajectory, points, drops)

    def _dot(self, painter: QPainter, index: int, point: QPointF, total: int) -> None:
        radius = RADIUS + (3.0 if index == self._chosen else 0.0)
        if index == 0:
            painter.drawRect(round(point.x() - radius), round(point.y() - radius), round(2 * radius), round(2 * radius))
            return
        painter.drawEllipse(point, radius, radius)
        if index == total - 1:
            painter.save()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(point, radius + 4, radius + 4)
            painter.restore()

    def _write_rates(
        self, painter: QPainter, trajectory: Trajectory, points: list[QPointF], drops: tuple[int, ...]
    ) -> None:
        """The new rate beside each drop, in white behind black, for every ground."""
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        written: list[QRectF] = []
        for index in drops:
            text = f"rate {trajectory.learning_rate[index + 1]:g}"
            right = points[index].x() + 14 + metrics.horizontalAdvance(text) < self.boundingRect().right()
            left = points[index].x() + (14 if right else -14 - metrics.horizontalAdvance(text))
            place = QPointF(left, points[index].y() - 7)
            room = metrics.boundingRect(text).translated(place)
            while any(room.intersects(other) for other in written):  # drops that follow each other closely
                place += QPointF(0, metrics.height())
                room.translate(0, metrics.height())
            written.append(room)
            painter.setPen(HALO)
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (1, -1), (-1, 1)):
                painter.drawText(place + QPointF(dx, dy), text)
            painter.setPen(QColor(160, 20, 0))
            painter.drawText(place, text)

    def _pixels(self) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        if self._trajectory is None:
            return np.empty((0, 2))
        pairs = zip(self._trajectory.x.tolist(), self._trajectory.y.tolist(), strict=True)
        found = [self.to_pixels(x, y) for x, y in pairs]
        return np.array([[point.x(), point.y()] for point in found]).reshape(-1, 2)


def _diamond(painter: QPainter, middle: QPointF, radius: float) -> None:
    corners = [QPointF(0, -radius), QPointF(radius, 0), QPointF(0, radius), QPointF(-radius, 0)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(HALO, 4.0), QPen(VERMILLION, 2.0)):
        painter.setPen(pen)
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
