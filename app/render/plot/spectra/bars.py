"""The bars of a spectrum: one item that paints all of them, so that a live update is one repaint."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsSceneHoverEvent

from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    ORANGE,
    SHAPE_CONTRAST,
    SKY_BLUE,
    VERMILLION,
    PlotColours,
    faded,
    legible,
    line_pen,
)
from core.spectrum.spectrum import FloatArray

BAR_WIDTH = 0.68  # of the distance between two ranks
ROOM_FOR_TICKS = 11.0  # pixels between two ranks, below which tick marks would run into one another


@dataclass(frozen=True, eq=False)
class Bars:
    """What is drawn: places along the vertical axis, whichever scale it has."""

    tops: FloatArray = field(default_factory=lambda: np.zeros(0))  # (k,)
    lower: FloatArray = field(default_factory=lambda: np.zeros(0))  # (k,), lower end of the whisker
    upper: FloatArray = field(default_factory=lambda: np.zeros(0))
    verified: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


@dataclass(frozen=True)
class BarColours:
    """Colours of bars on one background."""

    positive: QColor
    negative: QColor
    whisker: QColor
    tick: QColor
    band: QColor  # behind the bar that is pointed at

    @classmethod
    def on(cls, colours: PlotColours) -> "BarColours":
        """Okabe–Ito colours that stand out from that background."""
        base = colours.background
        return cls(
            positive=legible(SKY_BLUE if colours.dark else BLUE, base, SHAPE_CONTRAST),
            negative=legible(ORANGE if colours.dark else VERMILLION, base, SHAPE_CONTRAST),
            whisker=colours.text,
            tick=legible(BLUISH_GREEN, base, SHAPE_CONTRAST),
            band=colours.neutral,
        )


def paint_bar(painter: QPainter, bar: QRectF, colour: QColor, *, negative: bool, verified: bool) -> None:
    """One bar: negative ones are hatched, unverified ones paler and dashed. A bar of height zero is a line."""
    fill = faded(colour, (0.35 if negative else 0.9) if verified else 0.14)
    painter.fillRect(bar, fill)
    if negative:
        painter.fillRect(bar, QBrush(faded(colour, 1.0 if verified else 0.55), Qt.BrushStyle.BDiagPattern))
    dashed = Qt.PenStyle.SolidLine if verified else Qt.PenStyle.CustomDashLine
    pen = line_pen(colour, 1.4, dashed)
    if not verified:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if bar.height() < 1:
        painter.drawLine(bar.topLeft(), bar.topRight())
    else:
        painter.drawRect(bar)


def paint_whisker(painter: QPainter, x: float, ends: tuple[float, float], cap: float, colour: QColor) -> None:
    """A line from end to end with caps, in pixels."""
    painter.setPen(line_pen(colour, 1.4))
    painter.drawLine(QPointF(x, ends[0]), QPointF(x, ends[1]))
    for end in ends:
        painter.drawLine(QPointF(x - cap, end), QPointF(x + cap, end))


def paint_tick(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """The mark of a verified value."""
    painter.setPen(line_pen(colour, 1.9))
    x, y = centre.x(), centre.y()
    painter.drawPolyline(QPolygonF([QPointF(x - 4, y), QPointF(x - 1, y + 3), QPointF(x + 4, y - 4)]))


def paint_negative_mark(painter: QPainter, tip: QPointF, colour: QColor) -> None:
    """A small triangle that points down: a negative value, however short its bar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y = tip.x(), tip.y()
    painter.drawPolygon(QPolygonF([QPointF(x - 4, y - 6), QPointF(x + 4, y - 6), QPointF(x, y)]))


class SpectrumBars(PixelItem):
    """Bars with whiskers and marks, one per rank; says which one is pointed at."""

    pointed_at = Signal(int)  # index of the bar, -1 when the pointer left; only on change

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view, z=10)
        self.bars = Bars()
        self._colours: BarColours | None = None
        self._index = -1
        self.setAcceptHoverEvents(True)

    def set_bars(self, bars: Bars) -> None:
        """Draw these instead, in one repaint."""
        self.bars = bars
        if self._index >= len(bars.tops):
            self.point_at(-1)
        self.update()

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._colours = BarColours.on(colours)
        self.update()

    @property
    def index(self) -> int:
        """The bar that is pointed at, -1 for none."""
        return self._index

    def point_at(self, index: int) -> None:
        """Mark a bar as the one that is read."""
        if index != self._index:
            self._index = index
            self.update()
            self.pointed_at.emit(index)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        rank = round(self.to_data(event.pos())[0])
        self.point_at(rank - 1 if 1 <= rank <= len(self.bars.tops) else -1)

    def hoverLeaveEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        self.point_at(-1)

    def draw(self, painter: QPainter) -> None:
        if self._colours is None:
            return
        slot = self.to_pixels(1, 0).x() - self.to_pixels(0, 0).x()
        if self._index >= 0:
            left = self.to_pixels(self._index + 0.5, 0).x()
            painter.fillRect(QRectF(left, 0, slot, self.boundingRect().height()), self._colours.band)
        for index in range(len(self.bars.tops)):
            if np.isfinite(self.bars.tops[index]):
                self._draw_one(painter, index, slot)
        zero = self.to_pixels(0, 0).y()
        painter.setPen(line_pen(self._colours.whisker))
        painter.drawLine(QPointF(0, zero), QPointF(self.boundingRect().width(), zero))

    def _draw_one(self, painter: QPainter, index: int, slot: float) -> None:
        assert self._colours is not None  # noqa: S101  `draw` has looked
        bars, rank = self.bars, index + 1
        top, zero = self.to_pixels(rank, bars.tops[index]), self.to_pixels(rank, 0).y()
        half = slot * BAR_WIDTH / 2
        negative, verified = bool(bars.tops[index] < 0), bool(bars.verified[index])
        colour = self._colours.negative if negative else self._colours.positive
        bar = QRectF(QPointF(top.x() - half, top.y()), QPointF(top.x() + half, zero)).normalized()
        paint_bar(painter, bar, colour, negative=negative, verified=verified)
        low, high = self.to_pixels(rank, bars.lower[index]).y(), self.to_pixels(rank, bars.upper[index]).y()
        paint_whisker(painter, top.x(), (low, high), min(5.0, half * 0.7), self._colours.whisker)
        if slot < ROOM_FOR_TICKS:
            return
        if negative:
            paint_negative_mark(painter, QPointF(top.x(), max(low, bar.bottom()) + 10), colour)
        if verified:
            paint_tick(painter, QPointF(top.x(), min(high, bar.top()) - 9), self._colours.tick)
