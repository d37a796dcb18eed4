"""One panel of a layout: series of several networks on plain or logarithmic axes, read with the pointer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.render.plot.across.look import MARK_SIZE, SYMBOLS, colours_of, symbol_of
from app.render.plot.runs.curve_panel import LossAxis
from app.render.plot.style import (
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.exchange.layouts.picture import SHAPES, Axis, FloatArray, Panel, Picture, Series
from core.exchange.words import number

NEAR = 24.0  # pixels from a point within which it is pointed at
WIDTH_OF_NUMBER = 62.0  # pixels between two numbers of a horizontal axis
SMALLEST = 225  # pixels


class PanelAxis(LossAxis):
    """An axis whose ticks may be given."""

    given: tuple[float, ...] = ()
    silent = False  # nothing is drawn that it could be the scale of

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if self.silent:
            return []
        if not self.given:
            return self._decades(low, high, size) or super().tickValues(low, high, size)
        places = [math.log10(tick) if self.logarithmic else tick for tick in self.given]
        return [(1.0, [place for place in places if low <= place <= high])]

    def _decades(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Powers of ten, so few that their numbers fit beside one another; nothing where there is room for more."""
        room = max(1.0, size / WIDTH_OF_NUMBER)
        if not self.logarithmic or self.orientation != "bottom" or high - low < 0.5 * room:
            return []
        every = max(1, math.ceil((high - low) / room))
        first = math.ceil(low / every) * every
        return [(float(every), [float(decade) for decade in range(first, math.floor(high) + 1, every)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if not self.given:
            return super().tickStrings(values, scale, spacing)
        return [number(10.0**value if self.logarithmic else value, 6) for value in values]


@dataclass(frozen=True, eq=False)
class _Placed:
    """A series as it lies on screen: logarithms where the axes are logarithmic, NaN for what cannot be shown."""

    series: Series
    x: FloatArray
    y: FloatArray


class PanelView(QWidget):
    """Draws one panel anew whenever it is told to."""

    hovered = Signal(str)  # words about the point that is pointed at, "" when there is none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._panel: Panel | None = None
        self._placed: list[_Placed] = []
        self._items: list[pg.GraphicsObject] = []
        self._words = ""
        self.title, self.empty = QLabel(), QLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.setContentsMargins(10, 4, 0, 0)
        self._bottom, self._left = PanelAxis("bottom"), PanelAxis("left")
        self._plot = make_plot(self, bottom=self._bottom, left=self._left)
        self._plot.setMinimumHeight(SMALLEST)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._dot = pg.ScatterPlotItem(size=13)
        self._dot.setZValue(60)
        self._plot.addItem(self._dot, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        self.empty.setParent(self._plot)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self._plot, 1)
        self._frame = self._restyle()

    @property
    def line_count(self) -> int:
        """How many series have a point on screen."""
        return sum(bool(np.isfinite(placed.y).any()) for placed in self._placed)

    def show_panel(self, panel: Panel, picture: Picture) -> None:
        """Draw this panel of that picture."""
        self._panel, self._picture = panel, picture
        self.title.setText(panel.title)
        self._plot.setAccessibleName(f"{panel.title}: {panel.y.name} over {panel.x.name}")
        for axis, asked in ((self._bottom, panel.x), (self._left, panel.y)):
            axis.logarithmic, axis.given = asked.logarithmic, asked.ticks
            axis.silent = bool(panel.empty)
            axis.picture = None
        set_axis_label(self._plot, "bottom", panel.x.name, panel.x.unit)
        set_axis_label(self._plot, "left", panel.y.name, panel.y.unit)
        self._draw()
        self.reset_view()

    def reset_view(self) -> None:
        """Show all there is again, after the user has zoomed."""
        self._plot.enableAutoRange()

    def describe(self, name: str, series: Series, index: int) -> str:
        """A point in words."""
        if self._panel is None:
            return ""
        x, y = self._panel.x, self._panel.y
        of = f"{name}, {series.label}" if series.label else name
        error = math.nan if series.error is None else float(series.error[index])
        sign = -1 if series.hollow is not None and series.hollow[index] and y.logarithmic else 1
        value = number(sign * float(series.y[index]))
        more = f" ± {number(error, 2)}" if math.isfinite(error) else ""
        return f"{of}: {x.name} {number(float(series.x[index]))}, {y.name} {value}{more} {y.unit}".rstrip()

    # ---- drawing

    def _draw(self) -> None:
        for item in self._items:
            self._plot.removeItem(item)
        self._items, self._placed = [], []
        self._dot.setData([])
        panel, picture = self._panel, self._picture
        if panel is None or picture is None:
            return
        self.empty.setText(panel.empty)
        self.empty.setVisible(bool(panel.empty))
        colours = colours_of(picture, self._frame)
        for series in panel.series:
            placed = _Placed(series, _on(series.x, panel.x), _on(series.y, panel.y))
            colour = self._frame.muted if series.group < 0 else colours[series.group]
            self._placed.append(placed)
            self._draw_line(placed, colour)
            self._draw_whiskers(placed, colour, logarithmic=panel.y.logarithmic)
            self._draw_marks(placed, colour, len(picture.names))

    def _add(self, item: pg.GraphicsObject, height: float, *, counts: bool = True) -> None:
        item.setZValue(height)
        self._plot.addItem(item, ignoreBounds=not counts)
        self._items.append(item)

    def _draw_line(self, placed: _Placed, colour: QColor) -> None:
        if not placed.series.joined or not np.isfinite(placed.y).any():
            return
        style = Qt.PenStyle.DashLine if placed.series.dashed else Qt.PenStyle.SolidLine
        width = 1.2 if placed.series.group < 0 else 1.8
        line = pg.PlotDataItem(placed.x, placed.y, connect="finite", pen=line_pen(colour, width, style))
        self._add(line, 10)

    def _draw_whiskers(self, placed: _Placed, colour: QColor, *, logarithmic: bool) -> None:
        series = placed.series
        if series.error is None:
            return
        shown = np.isfinite(placed.x) & np.isfinite(placed.y) & np.isfinite(series.error) & (series.error > 0)
        if not shown.any():
            return
        y, error = series.y[shown], series.error[shown]
        low, high = y - error, y + error
        if logarithmic:
            low, high = np.log10(np.maximum(low, 0.02 * y)), np.log10(high)
        at = placed.y[shown]
        bars = pg.ErrorBarItem(
            x=placed.x[shown], y=at, top=high - at, bottom=at - low, beam=0.0, pen=line_pen(faded(colour, 0.7), 1.2)
        )
        self._add(bars, 8, counts=False)

    def _draw_marks(self, placed: _Placed, colour: QColor, count: int) -> None:
        series = placed.series
        if not series.every or series.group < 0:
            return
        shown = np.isfinite(placed.x) & np.isfinite(placed.y) & (np.arange(len(placed.x)) % series.every == 0)
        hollow = np.zeros(len(placed.x), dtype=bool) if series.hollow is None else series.hollow
        symbol = symbol_of(series.group, count) if series.mark is None else SYMBOLS[SHAPES[series.mark]]
        places = np.flatnonzero(shown)
        brushes = [pg.mkBrush(self._frame.background if hollow[place] else colour) for place in places]
        pen = line_pen(colour, 1.2)
        marks = pg.ScatterPlotItem(
            placed.x[places], placed.y[places], symbol=symbol, size=MARK_SIZE, pen=pen, brush=brushes
        )
        self._add(marks, 20)

    # ---- reading a point

    def _on_moved(self, place: QPointF) -> None:
        view = self._plot.getViewBox()
        if self._picture is None or not view.sceneBoundingRect().contains(place):
            self._point_at(None, -1)
            return
        pixel, here = view.viewPixelSize(), view.mapSceneToView(place)
        best: tuple[float, _Placed | None, int] = (NEAR, None, -1)
        for placed in self._placed:
            distances = np.hypot((placed.x - here.x()) / pixel[0], (placed.y - here.y()) / pixel[1])
            if placed.series.group >= 0 and np.isfinite(distances).any():
                nearest = int(np.nanargmin(distances))
                if distances[nearest] < best[0]:
                    best = float(distances[nearest]), placed, nearest
        self._point_at(best[1], best[2])

    def _point_at(self, placed: _Placed | None, index: int) -> None:
        words = ""
        if placed is not None and self._picture is not None:
            words = self.describe(self._picture.names[placed.series.group], placed.series, index)
            x, y = float(placed.x[index]), float(placed.y[index])
            self._dot.setData([x], [y], brush=pg.mkBrush(None), pen=line_pen(self._frame.text, 1.4))
        else:
            self._dot.setData([])
        if words != self._words:
            self._words = words
            self.hovered.emit(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._point_at(None, -1)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        elif event.type() is QEvent.Type.Resize:
            self.empty.setGeometry(self._plot.rect())
        elif event.type() is QEvent.Type.Wheel:
            return self._scroll_around(event)
        return super().eventFilter(watched, event)

    def _scroll_around(self, event: QEvent) -> bool:
        """The page scrolls; whoever wants to look closer drags with the right button. Whether there is such a page."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        return around is not None and QCoreApplication.sendEvent(around.viewport(), event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._frame = self._restyle()
            self._draw()

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette())
        self.empty.setStyleSheet(f"color: {colours.muted.name()}; background: transparent")
        return colours


def _on(values: FloatArray, axis: Axis) -> FloatArray:
    """Where values lie on an axis; NaN where they cannot."""
    finite = np.where(np.isfinite(values), values, np.nan)
    if not axis.logarithmic:
        return finite
    with np.errstate(invalid="ignore"):
        return np.log10(np.where(finite > 0, finite, np.nan))
