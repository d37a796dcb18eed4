"""A proved lower bound and the best that was found, as two curves: over the seconds, or over the stability."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from app.render.plot.figure_view import FigureView, reading_label, write_quietly
from app.render.plot.legend import LegendEntry
from app.render.plot.number_text import significant
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    apply_style,
    faded,
    legible,
    line_pen,
    make_plot,
    plot_colours,
)
from app.render.plot.swatches import line_swatch
from core.exchange.words import rounded_down

FloatArray = npt.NDArray[np.float64]
ABOVE = 1.12  # of the largest distance, left free above the curves


@dataclass(frozen=True)
class Axis:
    """What is counted from left to right."""

    labels: tuple[str, ...]  # the longest first
    reading: str  # ``{x}`` stands for the value
    steps: bool  # a value holds until the next one


SECONDS = Axis(("seconds of the search", "seconds"), "after {x} s", steps=True)
STABILITY = Axis(
    ("stability, times the ± that was asked for", "stability, times what was asked for", "stability, × asked for"),
    "stable for {x} times the ± that was asked for",
    steps=False,
)


class BracketPlot(FigureView):
    """Between the curves nobody knows; where they meet the distance is proved to be the least."""

    def __init__(self, name: str, axis: Axis, empty: str) -> None:
        super().__init__(name)
        self._axis = axis
        self._rows: FloatArray = np.zeros((0, 3))
        self._plot = make_plot(self)
        self._plot.setMinimumHeight(90)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.getViewBox().setMouseEnabled(x=False, y=False)
        self._plot.viewport().installEventFilter(self)
        self._lower, self._best = pg.PlotDataItem(), pg.PlotDataItem()
        self._between = pg.FillBetweenItem(self._lower, self._best)
        self._points = pg.ScatterPlotItem(size=5)
        self._cursor = pg.InfiniteLine(movable=False)
        self._cursor.hide()
        for depth, item in enumerate((self._between, self._cursor, self._lower, self._best, self._points)):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self._reading = reading_label(f"{name}.reading", "")
        self._arrange(empty, (), (self._plot,), (self._legend, self._reading))

    @property
    def rows(self) -> FloatArray:
        """(n, 3): where, lower bound, distance."""
        return self._rows

    @property
    def reading(self) -> str:
        """The line below the plot."""
        return self._reading.text()

    def set_rows(self, rows: FloatArray) -> None:
        """Show rows (n, 3) of where, lower bound and distance; infinite where none exists, or none is known."""
        self._rows = rows
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._point_at(event.position())
        elif event.type() is QEvent.Type.Leave:
            self._cursor.hide()
            self._read(None)
        return super().eventFilter(watched, event)

    def _point_at(self, place: QPointF) -> None:
        if len(self._rows):
            x = float(self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(place.toPoint())).x())
            at = self._place_of(x)
            self._cursor.setPos(float(self._rows[at, 0]))
            self._cursor.show()
            self._read(at)

    def _place_of(self, x: float) -> int:
        """The row that holds at x, or is the nearest one."""
        places = self._rows[:, 0]
        if self._axis.steps:
            return max(0, int(np.searchsorted(places, x, side="right")) - 1)
        return int(np.abs(places - x).argmin())

    def _read(self, at: int | None) -> None:
        self._reading.setText(self._sentence(at))

    def _sentence(self, at: int | None) -> str:
        """Of the place that is pointed at, else of the last one where the axis is time."""
        if not len(self._rows) or (at is None and not self._axis.steps):
            return "" if not len(self._rows) else "Point at the curve to read it."
        x, lower, best = self._rows[-1 if at is None else at].tolist()
        where = self._axis.reading.format(x=significant(x, 3))
        return f"{where[:1].upper()}{where[1:]}: {bracket_text(lower, best)}"

    def _draw(self) -> None:
        frame = apply_style(self._plot, self.palette())
        write_quietly(frame, self._reading)
        rows = self._rows
        self._show_figure(something=bool(len(rows)))
        if not len(rows):
            return
        proved, found = (legible(colour, frame.background, SHAPE_CONTRAST) for colour in (BLUISH_GREEN, BLUE))
        x, lower, best = (np.where(np.isfinite(column), column, np.nan) for column in rows.T)
        if self._axis.steps:
            x = np.repeat(x, 2)[1:]
            lower, best = (np.repeat(values, 2)[:-1] for values in (lower, best))
        self._lower.setData(x, lower, connect="finite")
        self._best.setData(x, best, connect="finite")
        self._points.setData(rows[:, 0], np.where(np.isfinite(rows[:, 2]), rows[:, 2], np.nan))
        self._lower.setPen(line_pen(proved, 2.0))
        self._best.setPen(line_pen(found, 2.0))
        self._points.setBrush(found)
        self._points.setPen(line_pen(found))
        both = np.isfinite(lower) & np.isfinite(best)
        self._between.setVisible(bool(both.all()))
        self._between.setBrush(faded(found, 0.15))
        self._cursor.setPen(line_pen(frame.muted, 1.0))
        self._plot.getAxis("bottom").set_labels(self._axis.labels)
        self._plot.getAxis("left").set_labels(("distance",))
        high = float(np.nanmax([*lower, *best, 0.0])) or 1.0
        self._plot.setXRange(0.0, float(rows[-1, 0]) or 1.0, padding=0.02)
        self._plot.setYRange(0.0, ABOVE * high, padding=0.0)
        self._legend.set_entries(self._entries(), plot_colours(self.palette()).text)
        self._read(None)

    def _entries(self) -> list[LegendEntry]:
        """What the lines stand for."""
        background = plot_colours(self.palette()).background
        proved, found = (legible(colour, background, SHAPE_CONTRAST) for colour in (BLUISH_GREEN, BLUE))
        return [
            LegendEntry("best found", line_swatch(found)),
            LegendEntry("none below, proved", line_swatch(proved)),
        ]


def bracket_text(lower: float, best: float) -> str:
    """What is known at a place of the curves."""
    if np.isinf(lower):
        return "provably none exists"
    if np.isinf(best):
        return (
            f"none found, none nearer than {significant(rounded_down(lower, 3), 3)}" if lower > 0 else "none found yet"
        )
    return f"best {significant(best, 4)}, none nearer than {significant(rounded_down(lower, 4), 4)}"
