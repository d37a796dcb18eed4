"""The bars of a spectrum: one item that paints all of them, so that a live update is one repaint."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from app.render.plot.pixel_item import PixelItem
from app.render.plot.spectra.paint import (
    BarColours,
    paint_bar,
    paint_chosen,
    paint_diamond,
    paint_negative_mark,
    paint_spread,
    paint_tick,
    paint_whisker,
)
from app.render.plot.style import PlotColours, line_pen
from core.spectrum.spectrum import FloatArray

BAR_WIDTH = 0.68  # of the distance between two ranks
ROOM_FOR_TICKS = 11.0  # pixels between two ranks, below which tick marks would run into one another
APART = 0.24  # of a bar's width: how far the whiskers of the two errors stand from its middle
WIDEST_SPREAD = 3.2  # pixels of the whisker of sampling


def nothing() -> FloatArray:
    """No values."""
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class Bars:
    """What is drawn: places along the vertical axis, whichever scale it has."""

    tops: FloatArray = field(default_factory=nothing)  # (k,)
    lower: FloatArray = field(default_factory=nothing)  # (k,), lower end of the solver's whisker
    upper: FloatArray = field(default_factory=nothing)
    verified: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    sampled_lower: FloatArray = field(default_factory=nothing)  # (k,) or none: the whisker of sampling; NaN: unknown
    sampled_upper: FloatArray = field(default_factory=nothing)
    over_all: FloatArray = field(default_factory=nothing)  # (k,) or none: over all samples at hand; NaN: unknown


class SpectrumBars(PixelItem):
    """Bars with whiskers and marks, one per rank; says which one is pointed at, and which are chosen."""

    pointed_at = Signal(int)  # index of the bar, -1 when the pointer left; only on change
    clicked = Signal(int, bool)  # index of a bar, -1 beside them, and whether it is to join those that are chosen

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view, z=10)
        self.bars = Bars()
        self.chosen: tuple[int, ...] = ()
        self._colours: BarColours | None = None
        self._index = -1
        self.setAcceptHoverEvents(True)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)

    def set_bars(self, bars: Bars) -> None:
        """Draw these instead, in one repaint."""
        self.bars = bars
        if self._index >= len(bars.tops):
            self.point_at(-1)
        self.update()

    def set_chosen(self, chosen: tuple[int, ...]) -> None:
        """Frame these bars."""
        self.chosen = chosen
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
        self.point_at(self._bar_at(event.pos()))

    def hoverLeaveEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        self.point_at(-1)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        more = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self.clicked.emit(self._bar_at(event.pos()), bool(event.modifiers() & more))
        event.accept()

    def draw(self, painter: QPainter) -> None:
        if self._colours is None:
            return
        slot = self.to_pixels(1, 0).x() - self.to_pixels(0, 0).x()
        if self._index >= 0:
            painter.fillRect(self._slot(self._index, slot), self._colours.band)
        for index in self.chosen:
            paint_chosen(painter, self._slot(index, slot), self._colours.whisker)
        for index in range(len(self.bars.tops)):
            if np.isfinite(self.bars.tops[index]):
                self._draw_one(painter, index, slot, self._colours)
        zero = self.to_pixels(0, 0).y()
        painter.setPen(line_pen(self._colours.whisker))
        painter.drawLine(QPointF(0, zero), QPointF(self.boundingRect().width(), zero))

    def _bar_at(self, place: QPointF) -> int:
        rank = round(self.to_data(place)[0])
        return rank - 1 if 1 <= rank <= len(self.bars.tops) else -1

    def _slot(self, index: int, slot: float) -> QRectF:
        return QRectF(self.to_pixels(index + 0.5, 0).x(), 0, slot, self.boundingRect().height())

    def _draw_one(self, painter: QPainter, index: int, slot: float, colours: BarColours) -> None:
        bars, rank = self.bars, index + 1
        top, zero = self.to_pixels(rank, bars.tops[index]), self.to_pixels(rank, 0).y()
        half = slot * BAR_WIDTH / 2
        negative, verified = bool(bars.tops[index] < 0), bool(bars.verified[index])
        colour = colours.negative if negative else colours.positive
        bar = QRectF(QPointF(top.x() - half, top.y()), QPointF(top.x() + half, zero)).normalized()
        paint_bar(painter, bar, colour, negative=negative, verified=verified)
        reach = bar.united(self._draw_errors(painter, index, top.x(), half, colours))
        if slot < ROOM_FOR_TICKS:
            return
        if negative:
            paint_negative_mark(painter, QPointF(top.x(), reach.bottom() + 10), colour)
        if verified:
            paint_tick(painter, QPointF(top.x(), reach.top() - 9), colours.tick)

    def _draw_errors(self, painter: QPainter, index: int, x: float, half: float, colours: BarColours) -> QRectF:
        """The two whiskers side by side where both are known; returns what they cover."""
        bars = self.bars
        covered: list[float] = []
        both = index < len(bars.sampled_lower) and np.isfinite(bars.sampled_lower[index])
        apart = APART * 2 * half if both else 0.0
        if both:
            ends = self._pixels(bars.sampled_lower[index]), self._pixels(bars.sampled_upper[index])
            paint_spread(painter, x + apart, ends, colours, min(WIDEST_SPREAD, max(1.0, half / 2)))
            covered += ends
        if index < len(bars.over_all) and np.isfinite(bars.over_all[index]):
            place = self._pixels(bars.over_all[index])
            paint_diamond(painter, QPointF(x + apart, place), colours)
            covered += [place - 5, place + 5]
        ends = self._pixels(bars.lower[index]), self._pixels(bars.upper[index])
        paint_whisker(painter, x - apart, ends, min(5.0, half * (0.4 if both else 0.7)), colours.whisker)
        covered += ends
        return QRectF(QPointF(x - half, min(covered)), QPointF(x + half, max(covered)))

    def _pixels(self, place: float) -> float:
        return self.to_pixels(0, float(place)).y()
