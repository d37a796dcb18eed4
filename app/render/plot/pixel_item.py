"""Base of what we draw in a plot ourselves: placed in data units, drawn and hit in pixels."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget


class PixelItem(QGraphicsObject):
    """An item over the whole view box, in the view box's own pixels.

    pyqtgraph's items live in data units, where a hatch, a handle or a text of so many pixels is stretched with the
    data. Here only positions are mapped (`to_pixels`, `to_data`); everything else is in pixels to begin with.
    """

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view)
        self.view = view
        self.setZValue(z)
        view.sigTransformChanged.connect(self._on_transform_changed)
        view.sigResized.connect(self._on_transform_changed)

    def to_pixels(self, x: float, y: float) -> QPointF:
        """Where a point of the data lies in the view box."""
        return self.data_transform().map(QPointF(x, y))

    def to_data(self, point: QPointF) -> tuple[float, float]:
        """Inverse of `to_pixels`."""
        inverse, _ = self.data_transform().inverted()
        mapped = inverse.map(point)
        return mapped.x(), mapped.y()

    def data_transform(self) -> QTransform:
        """From data units to pixels of the view box."""
        transform: QTransform = self.view.childTransform()
        return transform

    def boundingRect(self) -> QRectF:
        rectangle: QRectF = self.view.boundingRect()
        return rectangle

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Draw the item in pixels of the view box. Every kind of item has its own."""
        raise NotImplementedError

    def transform_changed(self) -> None:
        """Called after data units were mapped to other pixels: zoomed, or resized."""
        self.update()

    def _on_transform_changed(self) -> None:
        self.prepareGeometryChange()
        self.transform_changed()
