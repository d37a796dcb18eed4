"""Regions of a slice on screen: polygons with holes, filled, outlined or hatched."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPaintEngine, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from app.render.plot.pixel_item import PixelItem
from core.corrections.records.correction import FloatArray, Polygon


def region_path(polygons: Sequence[Polygon]) -> QPainterPath:
    """One path in data units; a point in a hole is outside of it (odd-even rule)."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.holes):
            path.addPolygon(_ring(ring))
            path.closeSubpath()
    return path


def _ring(vertices: FloatArray) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in vertices.tolist()])


class RegionItem(PixelItem):
    """A region with up to two brushes, such as a fill and a hatch above it, and an outline.

    It is painted once and then copied: moving a box above would otherwise fill hundreds of edges again at each step.
    (Qt's own item cache is shared, limited to 10 MB, and therefore useless on a large screen.)
    """

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._path = QPainterPath()  # in data units
        self._brushes: tuple[QBrush, ...] = ()
        self._pen = QPen(Qt.PenStyle.NoPen)
        self._picture: QPixmap | None = None  # None: has to be painted again

    @property
    def path(self) -> QPainterPath:
        """What is drawn, in data units."""
        return self._path

    def contains_pixel(self, point: QPointF) -> bool:
        """Whether a point, in pixels of the view box, lies in the region."""
        return self._path.contains(QPointF(*self.to_data(point)))

    def meets(self, rect: QRectF) -> bool:
        """Whether a rectangle, in pixels of the view box, has a point in common with the region."""
        inverse, _ = self.data_transform().inverted()
        return self._path.intersects(inverse.mapRect(rect))

    def set_polygons(self, polygons: Sequence[Polygon]) -> None:
        """Draw these instead."""
        self._path = region_path(polygons)
        self._repaint()

    def set_look(self, brushes: Sequence[QBrush], pen: QPen) -> None:
        """Fill with each brush in turn, then draw the outline."""
        self._brushes, self._pen = tuple(brushes), pen
        self._repaint()

    def transform_changed(self) -> None:
        self._repaint()

    def draw(self, painter: QPainter) -> None:
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            self._paint_region(painter)  # an exported figure keeps its outlines
            return
        scale = painter.device().devicePixelRatio()
        if self._picture is None or self._picture.devicePixelRatio() != scale:
            self._picture = self._painted(scale)
        painter.drawPixmap(0, 0, self._picture)

    def _painted(self, scale: float) -> QPixmap:
        size = self.boundingRect().size() * scale
        picture = QPixmap(max(1, round(size.width())), max(1, round(size.height())))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_region(painter)
        painter.end()
        return picture

    def _paint_region(self, painter: QPainter) -> None:
        path = self.data_transform().map(self._path)
        for brush in self._brushes:
            painter.fillPath(path, brush)
        painter.strokePath(path, self._pen)

    def _repaint(self) -> None:
        self._picture = None
        self.update()
