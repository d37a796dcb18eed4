"""Levels of a loss across a plot, each with words at its right end, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import PlotColours, faded, line_pen


@dataclass(frozen=True, kw_only=True)
class Level:
    """A loss worth comparing with."""

    words: str
    loss: float
    dashed: bool = False


class LevelMarks(PixelItem):
    """Lines over the whole width; words above their line, moved up where they would touch the one below."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._levels: tuple[tuple[float, Level, QColor], ...] = ()
        self._colours: PlotColours | None = None
        self._font = QFont()

    @property
    def levels(self) -> tuple[Level, ...]:
        """What is marked."""
        return tuple(level for _, level, _ in self._levels)

    def set_levels(self, levels: Sequence[tuple[float, Level, QColor]]) -> None:
        """Mark these: place on the vertical axis, level, colour."""
        self._levels = tuple(sorted(levels, key=lambda each: each[0]))
        self.update()

    def set_look(self, colours: PlotColours, font: QFont) -> None:
        """Follow palette and font."""
        self._colours, self._font = colours, font
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self._colours is None:
            return
        area, metrics = self.boundingRect(), QFontMetricsF(self._font)
        painter.setFont(self._font)
        lowest_free = area.bottom()
        for place, level, colour in self._levels:
            y = self.to_pixels(0.0, place).y()
            if not area.top() <= y <= area.bottom():
                continue
            style = Qt.PenStyle.DashLine if level.dashed else Qt.PenStyle.SolidLine
            painter.setPen(line_pen(colour, 1.4, style))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            text = metrics.elidedText(level.words, Qt.TextElideMode.ElideMiddle, area.width() * 0.48)
            width = metrics.horizontalAdvance(text) + 8
            bottom = min(y - 1, lowest_free)
            box = QRectF(area.right() - width - 4, bottom - metrics.height(), width, metrics.height())
            lowest_free = box.top()
            painter.fillRect(box, faded(self._colours.background, 0.85))
            painter.setPen(colour)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
