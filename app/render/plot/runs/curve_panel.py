"""One plot of one measure of several runs: lines that grow in place, a logarithmic scale, and a mark to read by."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.runs.run_series import (
    Horizontal,
    Look,
    Measure,
    Series,
    ShownRun,
    predicts_classes,
    rate_drops,
    series_of,
)
from app.render.plot.runs.run_words import AXES, HORIZONTAL
from app.render.plot.style import (
    PlainAxis,
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.exchange.words import number
from core.training.run import FloatArray

NEAR = 28.0  # pixels from a point within which it is pointed at
FEW = 60  # points of a line up to which each is marked
STYLES = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "faint": Qt.PenStyle.SolidLine,
    "dotted": Qt.PenStyle.DotLine,
}


class LossAxis(PlainAxis):
    """The vertical axis, linear, or with powers of ten where the plot holds logarithms."""

    logarithmic = False

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logarithmic:
            found: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
            return found
        factors = (1, 2, 5) if high - low < 2.5 else (1,)
        decades = range(math.floor(low) - 1, math.ceil(high) + 1)
        every = max(1, math.ceil((high - low) / 8))
        ticks = [decade + math.log10(factor) for decade in decades if decade % every == 0 for factor in factors]
        inside = [tick for tick in ticks if low <= tick <= high]
        return [(1.0, inside)] if inside else super().tickValues(low, high, size)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if not self.logarithmic:
            return super().tickStrings(values, scale, spacing)
        return [number(10.0**value, 3) for value in values]


class CurvePanel(QWidget):
    """A plot of one measure. Lines are kept by run, so that a growing run costs one line."""

    pointed_at = Signal(str, int)  # id of a run, row of it; "" and -1 when nothing is near

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"curves.{measure}")
        self.measure = measure
        self._horizontal: Horizontal = "epoch"
        self._logarithmic = False
        self._runs: tuple[ShownRun, ...] = ()
        self._colours: Mapping[int, QColor] = {}
        self._lines: dict[tuple[str, Look], pg.PlotDataItem] = {}
        self._drops: list[pg.InfiniteLine] = []
        self._axis = LossAxis("left")
        self._plot = make_plot(self, left=self._axis)
        self._plot.setMinimumHeight(110)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName(AXES[measure][0])
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        self._dot = pg.ScatterPlotItem(size=9)
        for item in (self._mark, self._dot):
            item.setZValue(50)
            item.hide()
            self._plot.addItem(item, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.installEventFilter(self)
        self._plot.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._frame = self._restyle()

    @property
    def line_count(self) -> int:
        """How many lines have points."""
        return sum(len(line.xData) > 0 for line in self._lines.values() if line.xData is not None)

    def show_runs(
        self, runs: Sequence[ShownRun], colours: Mapping[int, QColor], horizontal: Horizontal, *, logarithmic: bool
    ) -> None:
        """Draw these runs, each in its colour."""
        rescaled = (horizontal, logarithmic) != (self._horizontal, self._logarithmic)
        self._runs, self._colours = tuple(runs), colours
        self._horizontal, self._logarithmic = horizontal, logarithmic
        self._axis.logarithmic = logarithmic
        set_axis_label(self._plot, "bottom", *HORIZONTAL[horizontal][1:])
        name, unit, short = AXES[self.measure]
        if self.measure == "loss" and not any(predicts_classes(shown.run) for shown in runs):
            unit = ""  # of numbers it is in the square of their own unit
        set_axis_label(self._plot, "left", name, unit, short=short)
        used = set()
        for shown in runs:
            for series in series_of(shown.run, self.measure, horizontal):
                self._draw_line(shown, series)
                used.add((shown.id, series.look))
        for key in [key for key in self._lines if key not in used]:
            self._plot.removeItem(self._lines.pop(key))
        self._draw_drops()
        if rescaled:
            self.reset_view()

    def point_at(self, run_id: str, row: int) -> None:
        """Mark a row of a run; a row of −1 takes the mark away."""
        shown = next((shown for shown in self._runs if shown.id == run_id), None)
        found = None if shown is None or row < 0 else self._point(shown, row)
        for item in (self._mark, self._dot):
            item.setVisible(found is not None)
        if shown is not None and found is not None:
            self._mark.setPos(found[0])
            self._dot.setData([found[0]], [found[1]], brush=self._colours[shown.colour], pen=line_pen(self._frame.text))

    def reset_view(self) -> None:
        """Show all of the lines again, after the user has zoomed."""
        self._plot.enableAutoRange()

    def _draw_line(self, shown: ShownRun, series: Series) -> None:
        key = shown.id, series.look
        if key not in self._lines:
            line = self._lines[key] = pg.PlotDataItem(connect="all")
            line.setZValue(5 if series.look == "faint" else 20)
            self._plot.addItem(line, ignoreBounds=series.look == "faint")
        x, y = self._placed(series)
        colour = self._colours[shown.colour]
        faint = series.look == "faint"
        pen = line_pen(faded(colour, 0.28) if faint else colour, 1.0 if faint else 2.0, STYLES[series.look])
        marked = not faint and len(x) <= FEW
        brush = colour if series.look == "solid" else self._frame.background
        self._lines[key].setData(
            x, y, pen=pen, symbol="o" if marked else None, symbolSize=5, symbolPen=line_pen(colour), symbolBrush=brush
        )

    def _placed(self, series: Series) -> tuple[FloatArray, FloatArray]:
        if not self._logarithmic:
            return series.x, series.y
        positive = series.y > 0
        return series.x[positive], np.log10(series.y[positive])

    def _draw_drops(self) -> None:
        for line in self._drops:
            self._plot.removeItem(line)
        places = {float(x) for shown in self._runs for x in rate_drops(shown.run, self._horizontal)}
        pen = line_pen(self._frame.muted, 1.0, Qt.PenStyle.DotLine)
        self._drops = [pg.InfiniteLine(pos=x, angle=90, movable=False, pen=pen) for x in sorted(places)]
        for line in self._drops:
            line.setZValue(-10)
            line.setToolTip("The learning rate drops here")
            self._plot.addItem(line, ignoreBounds=True)

    def _point(self, shown: ShownRun, row: int) -> tuple[float, float] | None:
        """Where a row is drawn: on the line of the training set, or of the test set where that has no value."""
        x = float(getattr(shown.run, self._horizontal)[row])
        for series in series_of(shown.run, self.measure, self._horizontal):
            xs, ys = self._placed(series)
            at = np.flatnonzero(xs == x)
            if series.look != "faint" and len(at):
                return x, float(ys[at[0]])
        return None

    def _on_moved(self, place: QPointF) -> None:
        view = self._plot.getViewBox()
        if not view.sceneBoundingRect().contains(place):
            self.pointed_at.emit("", -1)
            return
        best: tuple[float, str, float] | None = None
        pixel = view.viewPixelSize()
        here = view.mapSceneToView(place)
        for shown in self._runs:
            for series in series_of(shown.run, self.measure, self._horizontal):
                xs, ys = self._placed(series)
                if series.look == "faint" or not len(xs):
                    continue
                distances = np.hypot((xs - here.x()) / pixel[0], (ys - here.y()) / pixel[1])
                nearest = int(np.argmin(distances))
                if best is None or distances[nearest] < best[0]:
                    best = float(distances[nearest]), shown.id, float(xs[nearest])
        if best is None or best[0] > NEAR:
            self.pointed_at.emit("", -1)
        else:
            self.pointed_at.emit(best[1], self._row_at(best[1], best[2]))

    def _row_at(self, run_id: str, x: float) -> int:
        run = next(shown.run for shown in self._runs if shown.id == run_id)
        return int(np.argmin(np.abs(getattr(run, self._horizontal) - x)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.pointed_at.emit("", -1)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._frame = self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette())
        self._mark.setPen(line_pen(colours.muted))
        return colours
