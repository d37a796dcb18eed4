"""Minimal against stable: the distance of the nearest correction over the stability, to pick one's point on it."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.figure_view import figure_label, write_quietly
from app.render.plot.picking import NEAR, Picker
from app.render.plot.slices.correction_words import SliceWords
from app.render.plot.slices.tradeoff_words import HINT, TradeoffWords
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    apply_style,
    changes_colours,
    legible,
    line_pen,
    make_plot,
)
from core.corrections.records.correction import Box
from core.corrections.records.tradeoff import Tradeoff

BEFORE = 0.012  # of an axis before zero, so that its number is seen
BEYOND = 1.06  # how far the axis goes on beyond the largest stability, to show that there is an end
ABOVE = 0.10  # of the distances, left free above the curve
STEP, BIG_STEP = 0.01, 0.10  # of the largest stability


@dataclass(frozen=True)
class Stabilities:
    """All from none to the largest that can be had."""

    largest: float
    asked: float  # what one begins at

    def near(self, x: float, near: float) -> float:
        """Under the pointer, beyond the largest too; what was asked for exactly if that is near."""
        return self.asked if abs(x - self.asked) < near else max(x, 0.0)

    def at(self, x: float, near: float) -> float:
        return min(self.near(x, near), self.largest)

    def beside(self, place: float | None, step: int, *, far: bool) -> float:
        start = self.asked if place is None else place
        return min(max(start + step * (BIG_STEP if far else STEP) * self.largest, 0.0), self.largest)

    def end(self, *, last: bool) -> float:
        return self.largest if last else 0.0


class TradeoffView(QWidget):
    """The curve of one correction. A stability that is picked is told; the document decides about the box."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tradeoff")
        self.setAccessibleName("Minimal against stable")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tradeoff: Tradeoff | None = None
        self._words: TradeoffWords | None = None
        self._plot = make_plot(self)
        self._plot.setMinimumHeight(110)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setObjectName("tradeoff.plot")
        self._plot.setToolTip(HINT)
        self._plot.getViewBox().setMouseEnabled(x=False, y=False)
        self._reading = figure_label("tradeoff.reading")
        self._none = pg.LinearRegionItem(movable=False)
        self._curve, self._end, self._dot = pg.PlotDataItem(), pg.ScatterPlotItem(size=6), pg.ScatterPlotItem(size=11)
        self._asked = pg.InfiniteLine(movable=False, label="asked for", labelOpts={"position": 0.1, "movable": False})
        self._cursor, self._hover = pg.InfiniteLine(movable=False), pg.InfiniteLine(movable=False)
        self._hover.hide()
        items = (self._none, self._asked, self._hover, self._curve, self._end, self._cursor, self._dot)
        for depth, item in enumerate(items):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self._plot.viewport().installEventFilter(self)
        self.picker: Picker[float] = Picker(self, self._plot)
        self.picker.moved.connect(self._on_moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        layout.setSpacing(4)
        layout.addWidget(self._plot, 1)
        layout.addWidget(self._reading)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._restyle()

    # ---- what is shown

    @property
    def tradeoff(self) -> Tradeoff | None:
        """The curve on screen."""
        return self._tradeoff

    @property
    def at(self) -> float | None:
        """The stability of the box, if its half-widths are those of a place on the axis."""
        return self.picker.at

    @property
    def reading(self) -> str:
        """The line below the plot."""
        return self._reading.text()

    def set_tradeoff(self, tradeoff: Tradeoff | None, words: SliceWords) -> None:
        """Show this curve in the names and units of its slice."""
        self.picker.let_go()
        self._tradeoff, self._words = tradeoff, None if tradeoff is None else TradeoffWords(tradeoff, words)
        self.picker.places = self._places()
        self._draw()

    def set_box(self, box: Box | None) -> None:
        """Mark the stability of this box."""
        tradeoff = self._tradeoff
        self.picker.put(None if box is None or tradeoff is None else tradeoff.stability_of(box.half_width))

    # ---- the pointer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._point_at(event)
        elif event.type() is QEvent.Type.Leave:
            self._hover.hide()
            self._read(None)
        return super().eventFilter(watched, event)

    def _point_at(self, event: QMouseEvent) -> None:
        """Read the stability under the pointer."""
        places = self._places()
        if places is not None:
            pixel = float(self._plot.getViewBox().viewPixelSize()[0])
            stability = places.near(self.picker.x_of(event.position()), NEAR * pixel)
            self._hover.setPos(stability)
            self._hover.show()
            self._read(stability)

    def _on_moved(self) -> None:
        self._hover.hide()
        self._mark()
        self._read(self.picker.at if self.picker.held else None)

    def _places(self) -> Stabilities | None:
        """What can be picked, if there is anything."""
        largest = None if self._tradeoff is None else self._tradeoff.largest
        return None if largest is None else Stabilities(largest, self._asked_for())

    def _asked_for(self) -> float:
        return 1.0 if self._tradeoff is not None and self._tradeoff.asked else 0.0

    # ---- drawing

    def _draw(self) -> None:
        tradeoff, words = self._tradeoff, self._words
        self._plot.setVisible(self.picker.places is not None)
        if tradeoff is None or words is None or tradeoff.largest is None:
            self._read(None)
            return
        low, high = float(tradeoff.distance[0]), float(tradeoff.distance[-1])
        low = 0.0 if low < 0.6 * high else low
        room = ABOVE * ((high - low) or high or 1.0)
        end = BEYOND * max(tradeoff.none_beyond, self._asked_for())
        self._plot.setXRange(-BEFORE * end, end, padding=0)
        self._plot.setYRange(low - (BEFORE * high if low == 0 else room), high + room, padding=0)
        self._none.setRegion((tradeoff.none_beyond, 2 * end))
        self._curve.setData(tradeoff.stability, tradeoff.distance)
        self._end.setData([tradeoff.largest], [high])
        self._asked.setPos(self._asked_for())
        self._asked.setVisible(tradeoff.asked)
        self._plot.getAxis("bottom").set_labels(words.axis())
        self._plot.getAxis("left").set_labels(("distance",))
        self._mark()
        self._read(None)
        self.setAccessibleDescription(f"{words.summary()} {HINT}")

    def _mark(self) -> None:
        """Where the box is on the curve."""
        tradeoff, at = self._tradeoff, self.picker.at
        distance = None if tradeoff is None or at is None else tradeoff.distance_at(at)
        self._cursor.setVisible(at is not None and tradeoff is not None)
        if at is not None:
            self._cursor.setPos(at)
        self._dot.setData([] if distance is None else [at], [] if distance is None else [distance])

    def _read(self, stability: float | None) -> None:
        """Tell of the stability that is pointed at or held; else of the whole curve, and how to use it if that fits."""
        if self._words is None:
            self._reading.setText("")
            return
        if stability is not None:
            self._reading.setText(self._words.at(stability))
            self.hovered.emit(self._reading.text())
            return
        summary = self._words.summary()
        both, room = f"{summary} {HINT}", 2 * (self.width() - 24)
        fits = self.picker.places is not None and self._reading.fontMetrics().horizontalAdvance(both) <= room
        self._reading.setText(both if fits else summary)
        self.hovered.emit("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._read(self.picker.at if self.picker.held else None)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self) and hasattr(self, "_reading"):  # Qt may call before __init__ is done
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        colours = apply_style(self._plot, self.palette())
        blue, green = (legible(colour, colours.background, SHAPE_CONTRAST) for colour in (BLUE, BLUISH_GREEN))
        self._curve.setPen(line_pen(blue, 2.0))
        self._end.setBrush(blue)
        self._end.setPen(line_pen(blue))
        self._asked.setPen(line_pen(colours.muted, 1.2, Qt.PenStyle.DashLine))
        self._asked.label.setColor(colours.muted)
        self._hover.setPen(line_pen(colours.muted, 1.0))
        self._cursor.setPen(line_pen(green, 1.6))
        self._dot.setBrush(green)
        self._dot.setPen(line_pen(colours.text, 1.5))
        self._none.setBrush(QColor(colours.neutral))
        for line in self._none.lines:
            line.setPen(line_pen(colours.grid))
        write_quietly(colours, self._reading)
