"""A widget as a picture."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget


def picture_of(widget: QWidget, scale: float = 2.0) -> QImage:
    """Paint a widget at a multiple of its resolution on the screen. Not for widgets that hold OpenGL."""
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image
