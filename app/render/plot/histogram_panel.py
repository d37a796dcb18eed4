"""A histogram: how many samples lie where, with marked places, and the bar at the pointer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.lines.place_marks import PlaceMarks
from app.render.plot.runs.curve_panel import LossAxis
from app.render.plot.style import (
    BLUE,
    SHAPE_CONTRAST,
    VERMILLION,
    PlotColours,
    apply_style,
    changes_colours,
    faded,
    legible,
    line_pen,
    make_plot,
    set_axis_label,
)

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bars:
    """n bars between n + 1 edges."""

    edges: FloatArray = field(repr=False)  # (n + 1,), rising; above zero where the axis is logarithmic
    counts: npt.NDArray[np.int64] = field(repr=False)  # (n,)
    hatched: npt.NDArray[np.bool_] = field(repr=False)  # (n,), of another kind
    logarithmic: bool = False


class HistogramPanel(QWidget):
    """Draws bars; says over which of them the pointer is."""

    pointed_at = Signal(int)  # bar; −1 when there is none

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._bars: Bars | None = None
        self._places_said: tuple[tuple[float, str], ...] = ()
        self._axis = LossAxis("bottom")
        self._plot = make_plot(self, bottom=self._axis)
        self._plot.setMinimumHeight(110)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setAccessibleName(title)
        self._items: list[pg.BarGraphItem] = []
        self._places = PlaceMarks(self._plot.getViewBox(), z=20)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._frame = self._restyle()

    @property
    def bars(self) -> Bars | None:
        """What is on screen."""
        return self._bars

    def set_labels(self, bottom: str, left: str, unit: str = "", *, short: str = "") -> None:
        """Label the axes; the unit is that of the horizontal one."""
        set_axis_label(self._plot, "bottom", bottom, unit, short=short)
        set_axis_label(self._plot, "left", left)

    def show_bars(self, bars: Bars | None, places: Sequence[tuple[float, str]] = ()) -> None:
        """Draw these bars, and mark places in the units of the edges."""
        self._bars, self._places_said = bars, tuple(places)
        for item in self._items:
            self._plot.removeItem(item)
        self._items = []
        if bars is None:
            return
        self._axis.logarithmic = bars.logarithmic
        edges = self._placed(bars.edges)
        for hatched, colour in ((False, BLUE), (True, VERMILLION)):
            among = (bars.hatched == hatched) & (bars.counts > 0)
            if among.any():
                self._draw(edges, bars.counts, among, legible(colour, self._frame.background, SHAPE_CONTRAST), hatched)
        self._places.set_places([(float(self._placed(np.array([x]))[0]), words) for x, words in places])
        self._plot.setXRange(edges[0], edges[-1], padding=0.02)
        self._plot.setYRange(0, 1.16 * max(1, int(bars.counts.max(initial=1))), padding=0)

    def _draw(
        self,
        edges: FloatArray,
        counts: npt.NDArray[np.int64],
        among: npt.NDArray[np.bool_],
        colour: QColor,
        hatched: bool,  # noqa: FBT001
    ) -> None:
        pattern = Qt.BrushStyle.BDiagPattern if hatched else Qt.BrushStyle.SolidPattern
        item = pg.BarGraphItem(
            x0=edges[:-1][among],
            x1=edges[1:][among],
            y0=0,
            y1=counts[among],
            pen=line_pen(colour),
            brush=QBrush(faded(colour, 1.0 if hatched else 0.7), pattern),
        )
        item.setZValue(5)
        self._plot.addItem(item)
        self._items.append(item)

    def _placed(self, values: FloatArray) -> FloatArray:
        if self._bars is None or not self._bars.logarithmic:
            return values
        placed: FloatArray = np.log10(values)
        return placed

    def _on_moved(self, place: QPointF) -> None:
        view, bars = self._plot.getViewBox(), self._bars
        if bars is None or not view.sceneBoundingRect().contains(place):
            self.pointed_at.emit(-1)
            return
        bar = int(np.searchsorted(self._placed(bars.edges), view.mapSceneToView(place).x(), side="right")) - 1
        self.pointed_at.emit(bar if 0 <= bar < len(bars.counts) else -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.pointed_at.emit(-1)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._frame = self._restyle()
            self.show_bars(self._bars, self._places_said)
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette())
        self._plot.getAxis("bottom").setGrid(False)
        self._places.set_look(colours, self.font())
        return colours
