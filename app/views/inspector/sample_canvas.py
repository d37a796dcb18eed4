"""A picture of a sample, enlarged, on which a rectangle of its pixels is drawn with the mouse."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.render.plot.style import BLUE, BLUISH_GREEN, ORANGE

SIDE = 176  # pixels of the longer side on the screen, at most
COLOURS = (BLUE, ORANGE, BLUISH_GREEN)  # of the first, the second and the third rectangle


class SampleCanvas(QWidget):
    """Shows up to three rectangles, each of its own colour; what is drawn goes to the one that is in hand."""

    drawn = Signal(int, QRect)  # which rectangle, in pixels of the sample: while it is drawn
    taken = Signal(int)  # which rectangle was clicked

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._image = QImage()
        self._rectangles: dict[int, QRect] = {}
        self._in_hand: int | None = None
        self._start: QPoint | None = None

    @property
    def rectangles(self) -> dict[int, QRect]:
        """What is shown, by place."""
        return dict(self._rectangles)

    def set_sample(self, image: QImage, words: str) -> None:
        """Show this picture, one pixel for each of the sample's."""
        self._image = image
        self.setAccessibleName(words)
        self.setFixedSize(self._size())
        self.update()

    def set_rectangles(self, rectangles: Mapping[int, QRect], in_hand: int | None) -> None:
        """Show these; `in_hand` is the place of the one that the mouse draws, None for none."""
        self._rectangles, self._in_hand = dict(rectangles), in_hand
        self.setCursor(Qt.CursorShape.ArrowCursor if in_hand is None else Qt.CursorShape.CrossCursor)
        self.update()

    def pixel_at(self, place: QPoint) -> QPoint:
        """The pixel of the sample under a place of the widget; the nearest one where there is none."""
        x, y = (int(value / self._scale()) for value in (place.x() - 1, place.y() - 1))
        return QPoint(min(max(x, 0), self._image.width() - 1), min(max(y, 0), self._image.height() - 1))

    def place_of(self, pixel: QPoint) -> QPoint:
        """The middle of a pixel on the widget."""
        return QRectF(self._on_screen(QRect(pixel, QSize(1, 1)))).center().toPoint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale() < 1)
        painter.drawImage(QRectF(1, 1, self.width() - 2, self.height() - 2), self._image)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for place, rectangle in self._rectangles.items():
            shown = self._on_screen(rectangle)
            for colour, width in ((QColor("white"), 4.0), (COLOURS[place], 2.0)):
                style = Qt.PenStyle.SolidLine if place == self._in_hand else Qt.PenStyle.DashLine
                painter.setPen(QPen(colour, width, style, j=Qt.PenJoinStyle.MiterJoin))
                painter.drawRect(shown)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._in_hand is not None:
            self._start = self.pixel_at(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or self._in_hand is None:
            return
        now = self.pixel_at(event.position().toPoint())
        if now != self._start or self._in_hand not in self._rectangles:
            corner = QPoint(min(now.x(), self._start.x()), min(now.y(), self._start.y()))
            size = QSize(abs(now.x() - self._start.x()) + 1, abs(now.y() - self._start.y()) + 1)
            self.drawn.emit(self._in_hand, QRect(corner, size))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._start = self._start, None
        if start is None or self.pixel_at(event.position().toPoint()) != start:
            return
        others = (place for place, one in self._rectangles.items() if place != self._in_hand and one.contains(start))
        if (place := next(others, None)) is not None:
            self.taken.emit(place)

    def _scale(self) -> float:
        """Pixels of the screen for one of the sample: a whole number of them where it is small."""
        longest = max(self._image.width(), self._image.height(), 1)
        return SIDE // longest if longest <= SIDE else SIDE / longest

    def _size(self) -> QSize:
        width, height = (round(side * self._scale()) for side in (self._image.width(), self._image.height()))
        return QSize(max(1, width) + 2, max(1, height) + 2)

    def _on_screen(self, rectangle: QRect) -> QRectF:
        scale = self._scale()
        corner = 1 + scale * rectangle.left(), 1 + scale * rectangle.top()
        return QRectF(*corner, scale * rectangle.width(), scale * rectangle.height())
