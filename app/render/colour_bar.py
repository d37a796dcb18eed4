"""The scale beside a picture: which colour stands for which loss, and from where on it is cut off."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.render.colormaps import DEFAULT_LOSS_MAP, colormap, over_colour
from app.render.scales import HeightScale
from app.render.surface_words import written

BAR = 16.0  # width of the colours, logical pixels
TICK = 4.0
GAP = 5.0
EDGE = 8.0
MARK = QColor("#D55E00")  # vermillion, Okabe & Ito 2008
CAP = 11.0  # height of the mark above a clipped scale


class ColourBar(QWidget):
    """A vertical bar of colours with round losses beside it, in the colours and the font of the window."""

    def __init__(self, parent: QWidget | None = None, *, title: str = "loss", unit: str = "nats") -> None:
        super().__init__(parent)
        self.setObjectName("colourBar")
        self._title, self._unit = title, unit
        self._scale: HeightScale | None = None
        self._map: str = DEFAULT_LOSS_MAP
        self._marks: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Colour scale")

    def set_scale(self, scale: HeightScale | None) -> None:
        """Show this scale; None leaves the bar empty."""
        if scale == self._scale:
            return
        self._scale = scale
        if scale is not None:
            clipped = ", cut off above" if scale.clips else ""
            self.setAccessibleDescription(f"{self._title} from {written(scale.low)} to {written(scale.high)}{clipped}")
        self.updateGeometry()
        self.update()

    def set_title(self, title: str, unit: str) -> None:
        """Write this above the bar: what the colours mean, and in which unit; "" for none."""
        if (title, unit) != (self._title, self._unit):
            self._title, self._unit = title, unit
            self.updateGeometry()
            self.update()

    def set_unit(self, unit: str) -> None:
        """Write this unit above the bar."""
        self.set_title(self._title, unit)

    def set_marks(self, losses: Iterable[float]) -> None:
        """Draw a thin line across the bar at each of these."""
        marks = tuple(float(loss) for loss in losses)
        if marks != self._marks:
            self._marks = marks
            self.update()

    def set_colormap(self, name: str) -> None:
        """Use the colours of this map."""
        colormap(name)
        self._map = name
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        ticks = [written(tick) for tick in self._scale.ticks()] if self._scale else []
        longest = max((metrics.horizontalAdvance(text) for text in [*ticks, self._top_text()]), default=0.0)
        beside = BAR + TICK + GAP + max(longest, metrics.horizontalAdvance("0.05"))
        head = max(metrics.horizontalAdvance(text) for text in self._head())
        return QSize(round(max(beside, head) + 2 * EDGE), 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 60)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRectF(self.rect()))
        painter.end()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw the bar into an area: of the widget, or of an exported picture."""
        scale = self._scale
        if scale is None:
            return
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        text = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(text)
        line = metrics.height()
        for row, words in enumerate(self._head()):
            painter.drawText(QPointF(area.left() + EDGE, area.top() + metrics.ascent() + 6 + row * line), words)
        top = area.top() + 2 * line + 16 + (CAP if scale.clips else 0.0)
        bar = QRectF(area.left() + EDGE, top, BAR, max(area.bottom() - top - line, 20.0))
        painter.drawImage(bar, self._gradient())
        frame = QColor(text)
        frame.setAlphaF(0.45)
        painter.setPen(frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        if scale.clips:
            self._paint_cap(painter, bar, frame)
        for mark in self._marks:
            y = bar.bottom() - scale.share(mark) * bar.height()
            for colour, width in ((QColor("white"), 2.6), (MARK, 1.2)):
                painter.setPen(QPen(colour, width))
                painter.drawLine(QPointF(bar.left() - 3, y), QPointF(bar.right() + 1, y))
        self._paint_ticks(painter, bar, text, metrics)

    def _head(self) -> tuple[str, str]:
        return self._title, f"({self._unit})" if self._unit else ""

    def _gradient(self) -> QImage:
        column = np.ascontiguousarray(colormap(self._map)[::-1, None, :])
        return QImage(column.data, 1, 256, 4, QImage.Format.Format_RGBA8888).copy()

    def _paint_cap(self, painter: QPainter, bar: QRectF, frame: QColor) -> None:
        """A pointed end, hatched like the surface above its limit: the bar goes on, the picture does not."""
        tip = QPolygonF([bar.topLeft(), bar.topRight(), QPointF(bar.center().x(), bar.top() - CAP), bar.topLeft()])
        painter.setBrush(QColor(*(int(channel) for channel in over_colour(self._map))))
        painter.drawPolygon(tip)
        painter.setBrush(Qt.BrushStyle.BDiagPattern)
        painter.setPen(frame)
        painter.drawPolygon(tip)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _top_text(self) -> str:
        return f"> {written(self._scale.high)}" if self._scale is not None and self._scale.clips else ""

    def _paint_ticks(self, painter: QPainter, bar: QRectF, text: QColor, metrics: QFontMetricsF) -> None:
        scale = self._scale
        if scale is None:
            return
        left = bar.right() + TICK + GAP
        marks = [(scale.share(tick), written(tick)) for tick in scale.ticks(max(2, min(9, int(bar.height() / 34))))]
        taken: list[float] = []
        if scale.clips:
            y = bar.top() - CAP * 0.55
            painter.setPen(text)
            painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1), self._top_text())
            taken.append(y)
        for share, words in reversed(marks):
            y = bar.bottom() - share * bar.height()
            painter.setPen(text)
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + TICK, y))
            if all(abs(y - other) >= metrics.height() * 0.95 for other in taken):
                painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1), words)
                taken.append(y)
