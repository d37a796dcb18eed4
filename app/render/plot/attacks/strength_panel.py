"""The plot of what is left of a network against the strength of attacks: a curve with its interval for each."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.pins.ground import PinGround
from app.render.plot.attacks.attack_words import (
    SYMBOLS,
    attack_colour,
    attack_dashes,
    judges,
    measured,
    measured_clean,
)
from app.render.plot.attacks.strength_axes import StrengthAxis
from app.render.plot.pin_ground import PlotGround
from app.render.plot.runs.curve_panel import NEAR
from app.render.plot.style import PlotColours, apply_style, changes_colours, faded, line_pen, make_plot, set_axis_label
from core.review.note import Anchor, BarAnchor
from core.robustness.kinds import ALONG_GRADIENT, Attack
from core.robustness.robustness import FloatArray, Robustness

BAND = 0.12  # how solid an interval is


class StrengthPanel(QWidget):
    """Draws one robustness result; tells which attack and strength the pointer is on."""

    pointed_at = Signal(int, int)  # attack and strength; −1 and −1 when nothing is near

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attacks.plot")
        self._found: Robustness | None = None
        self._logarithmic = False
        self._axis, self._above = StrengthAxis("bottom"), StrengthAxis("top")
        self._plot = make_plot(self, bottom=self._axis)
        self._plot.getPlotItem().setAxisItems({"top": self._above})
        self._plot.setMinimumHeight(190)  # of which the axes take half
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName("Accuracy against the strength of attacks")
        self._items: list[pg.GraphicsObject] = []
        self._clean = pg.InfiniteLine(angle=0, movable=False)
        self._dot = pg.ScatterPlotItem(size=12)
        for item, depth in ((self._clean, 1), (self._dot, 50)):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._frame = self._restyle()

    @property
    def curve_count(self) -> int:
        """How many attacks have points."""
        return sum(isinstance(item, pg.PlotDataItem) and item.name() is not None for item in self._items)

    def show_result(self, found: Robustness | None, *, logarithmic: bool) -> None:
        """Draw this result; strengths on a logarithmic scale if that is wanted."""
        rescaled = logarithmic != self._logarithmic or _strengths(found) != _strengths(self._found)
        self._found, self._logarithmic = found, logarithmic
        self._axis.logarithmic = self._above.logarithmic = logarithmic
        for item in self._items:
            self._plot.removeItem(item)
        self._items = []
        if found is None:
            return
        for row, kind in enumerate(found.request.attacks):
            self._draw_curve(found, row, kind)
        self._label(found)
        self._clean.setPos(measured_clean(found))
        self._clean.setVisible(bool(np.isfinite(measured_clean(found))))
        if rescaled:
            self.reset_view()

    def point_at(self, row: int, column: int) -> None:
        """Mark a point of a curve; −1 takes the mark away."""
        found = self._found
        there = found is not None and row >= 0 and np.isfinite(measured(found)[row, column])
        self._dot.setVisible(bool(there))
        if found is not None and there:
            colour = attack_colour(found.request.attacks[row], self._frame)
            x, y = self._places(found.epsilon)[column], measured(found)[row, column]
            self._dot.setData([x], [y], brush=colour, pen=line_pen(self._frame.text, 1.5))

    def pin_ground(self) -> PinGround:
        """A new ground for pins on the strengths. Whoever keeps it asks once."""
        return PlotGround(self._plot, self._pin_place, self._pin_anchor, self.reset_view)

    def _pin_place(self, anchor: Anchor) -> tuple[float, float] | None:
        """On the highest curve at that strength."""
        found = self._found
        if found is None or not isinstance(anchor, BarAnchor) or anchor.index >= len(found.epsilon):
            return None
        values = measured(found)[:, anchor.index]
        values = values[np.isfinite(values)]
        return (float(self._places(found.epsilon)[anchor.index]), float(values.max())) if values.size else None

    def _pin_anchor(self, x: float, _y: float) -> Anchor | None:
        if self._found is None:
            return None
        return BarAnchor(index=int(np.argmin(np.abs(self._places(self._found.epsilon) - x))))

    def reset_view(self) -> None:
        """Show all strengths, and accuracies from 0 to 100 %."""
        if self._found is None:
            return
        x = self._places(self._found.epsilon)
        room = 0.06 * (x[-1] - x[0]) if len(x) > 1 and self._logarithmic else 0.03 * abs(x[-1]) or 0.1
        self._plot.setXRange(x[0] - room if self._logarithmic else 0.0, x[-1] + room, padding=0)
        if judges(self._found):
            self._plot.setYRange(0, 100, padding=0.03)
        else:
            self._plot.enableAutoRange(axis="y")

    def _draw_curve(self, found: Robustness, row: int, kind: Attack) -> None:
        values, colour = measured(found)[row], attack_colour(kind, self._frame)
        known = np.isfinite(values)
        if not known.any():
            return
        x, y = self._places(found.epsilon[known]), values[known]
        if judges(found):
            ends = [pg.PlotCurveItem(x, 100 * end[row][known], pen=None) for end in found.interval]
            band = pg.FillBetweenItem(*ends, brush=faded(colour, BAND))
            band.setZValue(3)
            for item in (*ends, band):
                self._add(item)
        if not self._logarithmic and np.isfinite(measured_clean(found)) and known[0]:
            # From the samples as they are, at no strength; there is no marker, because nothing was attacked there.
            lead = pg.PlotDataItem(
                [0.0, x[0]], [measured_clean(found), y[0]], pen=line_pen(colour, 2.0, attack_dashes(kind))
            )
            lead.setZValue(9)
            self._add(lead)
        curve = pg.PlotDataItem(
            x,
            y,
            name=kind,
            pen=line_pen(colour, 2.0, attack_dashes(kind)),
            symbol=SYMBOLS[kind],
            symbolSize=7,
            symbolPen=line_pen(colour),
            symbolBrush=colour,
        )
        curve.setZValue(10)
        self._add(curve)

    def _add(self, item: pg.GraphicsObject) -> None:
        self._plot.addItem(item, ignoreBounds=judges(self._found) if self._found is not None else False)
        self._items.append(item)

    def _places(self, strengths: FloatArray) -> FloatArray:
        placed: FloatArray = np.log10(strengths) if self._logarithmic else strengths
        return placed

    def _label(self, found: Robustness) -> None:
        set_axis_label(
            self._plot, "bottom", "ε: largest change of one number (range of the data = 1)", short="ε (range = 1)"
        )
        if judges(found):
            set_axis_label(self._plot, "left", "accuracy", "%")
        else:
            set_axis_label(self._plot, "left", "mean loss", found.loss_unit)
        lengths = bool(ALONG_GRADIENT & set(found.request.attacks))
        self._plot.showAxis("top", show=lengths)
        if lengths:
            self._above.set_ratio(float(found.length[0] / found.epsilon[0]))
            self._above.set_labels(["L2 length of a change along a gradient (dashed curves)", "L2 length (dashed)"])

    def _on_moved(self, place: QPointF) -> None:
        view, found = self._plot.getViewBox(), self._found
        if found is None or not view.sceneBoundingRect().contains(place):
            self.pointed_at.emit(-1, -1)
            return
        here, pixel = view.mapSceneToView(place), view.viewPixelSize()
        across = (self._places(found.epsilon) - here.x()) / pixel[0]
        far = np.hypot(across[None, :], (measured(found) - here.y()) / pixel[1])
        far = np.where(np.isfinite(far), far, np.inf)
        row, column = (int(index) for index in np.unravel_index(int(np.argmin(far)), far.shape))
        near = bool(far[row, column] < NEAR)
        self.pointed_at.emit(row if near else -1, column if near else -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.pointed_at.emit(-1, -1)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._frame = self._restyle()
            self.show_result(self._found, logarithmic=self._logarithmic)
        super().changeEvent(event)

    def _restyle(self) -> PlotColours:
        colours = apply_style(self._plot, self.palette())
        self._clean.setPen(line_pen(colours.muted, 1.4, Qt.PenStyle.DotLine))
        above, font = self._above, self._plot.font()
        above.setPen(line_pen(colours.grid))
        above.setTextPen(line_pen(colours.muted))
        above.setTickPen(line_pen(colours.grid))
        above.setTickFont(font)
        above.label.setFont(font)
        above.label.setDefaultTextColor(colours.text)
        above.setStyle(tickLength=-4, tickTextOffset=4)
        above.setGrid(False)
        return colours


def _strengths(found: Robustness | None) -> tuple[float, ...]:
    return () if found is None else tuple(found.epsilon.tolist())
