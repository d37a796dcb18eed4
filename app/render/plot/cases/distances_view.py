"""How far away corrections are: the share of the rejected rows that is corrected within a distance."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QWidget

from app.render.plot.figure_view import FigureView, figure_label, write_quietly
from app.render.plot.legend import LegendEntry
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    ORANGE,
    REDDISH_PURPLE,
    SHAPE_CONTRAST,
    SKY_BLUE,
    VERMILLION,
    apply_style,
    legible,
    line_pen,
    make_plot,
    set_axis_label,
)
from app.render.plot.swatches import line_swatch
from core.corrections.records.cases import HOLDS, Cases
from core.exchange.shown_names import shown
from core.exchange.words import in_norm, number, whole

FloatArray = npt.NDArray[np.float64]
EMPTY = "No row is corrected yet."
HINT = "Point at a curve to read it: so many rows are corrected by changes up to that distance."
MARGIN = 1.05
COLOURS = (BLUE, BLUISH_GREEN, VERMILLION, REDDISH_PURPLE, ORANGE, SKY_BLUE)
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Distances (n,), rising, of so many rows in all."""

    name: str
    distances: FloatArray = field(repr=False)
    of: int

    def count(self, distance: float) -> int:
        """Rows that are corrected within a distance."""
        return int(np.searchsorted(self.distances, distance, side="right"))

    def steps(self, end: float) -> tuple[FloatArray, FloatArray]:
        """Corners of the staircase from zero to `end`."""
        x = np.concatenate([[0.0], np.repeat(self.distances, 2), [end]])
        y = 100.0 * np.repeat(np.arange(len(self.distances) + 1), 2) / max(1, self.of)
        return x, y


class DistancesView(FigureView):
    """Staircases: by the smallest change of each row and by the nearest rule, or one for each network."""

    def __init__(self, name: str = "cases.distances", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._curves: tuple[Curve, ...] = ()
        self._norm_words = ""
        self._plot = make_plot(self)
        self._plot.setMinimumHeight(110)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setAccessibleName("Share of the rejected rows that is corrected within a distance")
        self._lines: list[pg.PlotCurveItem] = []
        self._at = pg.InfiniteLine(angle=90)
        self._at.hide()
        self._plot.addItem(self._at)
        self._reading = figure_label(f"{name}.reading", HINT)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        self._arrange(EMPTY, [], [self._plot], [self._legend, self._reading])

    @property
    def reading(self) -> str:
        """The line below the plot."""
        return self._reading.text()

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._curves

    def set_cases(self, cases: Cases | None) -> None:
        """Show the distances of this table, and of its rules; None shows that there is nothing."""
        curves: list[Curve] = []
        if cases is not None and cases.corrected.any():
            curves.append(curve_of(cases, "by the smallest stable change"))
            if len(cases.rule_box):
                best = np.where(cases.rule_covers == HOLDS, cases.rule_cost, np.inf).min(axis=0)
                ruled = np.sort(best[np.isfinite(best)])
                curves.append(Curve(name="by the nearest rule", distances=ruled, of=len(cases.rows)))
        self.set_curves(curves, "" if cases is None else in_norm(cases.request.norm))

    def set_curves(self, curves: Sequence[Curve], norm_words: str = "") -> None:
        """Show these staircases."""
        self._curves, self._norm_words = tuple(curves), norm_words
        self._show_figure(something=any(len(curve.distances) for curve in curves))
        self._draw()

    def _draw(self) -> None:
        frame = apply_style(self._plot, self.palette())
        set_axis_label(self._plot, "bottom", f"weighted distance{self._norm_words}", short="distance")
        set_axis_label(self._plot, "left", "rejected rows corrected", "%", short="corrected")
        known = [float(curve.distances[-1]) for curve in self._curves if len(curve.distances)]
        end = MARGIN * max(known, default=1.0) or 1.0
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = []
        entries = []
        for place, curve in enumerate(self._curves):
            colour, dashes = legible(COLOURS[place % len(COLOURS)], frame.background, SHAPE_CONTRAST), dashes_of(place)
            line = pg.PlotCurveItem(*curve.steps(end), pen=line_pen(colour, 2.0, dashes))
            self._plot.addItem(line)
            self._lines.append(line)
            entries.append(LegendEntry(shown(curve.name, 40), line_swatch(colour, dashes, 2.0)))
        self._at.setPen(line_pen(frame.muted, 1.0, Qt.PenStyle.DotLine))
        self._plot.setXRange(0, end, padding=0)
        self._plot.setYRange(0, 104, padding=0)
        self._legend.set_entries(entries, frame.text)
        write_quietly(frame, self._reading)

    def _on_moved(self, place: QPointF) -> None:
        view, words = self._plot.getViewBox(), ""
        if self._curves and view.sceneBoundingRect().contains(place):
            distance = max(0.0, float(view.mapSceneToView(place).x()))
            words = reading_words(self._curves, distance)
            self._at.setValue(distance)
        self._at.setVisible(bool(words))
        self._reading.setText(words or HINT)
        self.hovered.emit(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._at.hide()
            self._reading.setText(HINT)
            self.hovered.emit("")
        return super().eventFilter(watched, event)


def curve_of(cases: Cases, name: str) -> Curve:
    """Of the smallest changes of a table."""
    return Curve(name=name, distances=np.sort(cases.distance[cases.corrected]), of=len(cases.rows))


def reading_words(curves: Sequence[Curve], distance: float) -> str:
    """What the staircases say of a distance."""
    parts = [f"{whole(curve.count(distance))} of {whole(curve.of)} {shown(curve.name, 30)}" for curve in curves]
    return f"Within {number(distance, 3)}: {', '.join(parts)}."


def dashes_of(place: int) -> Qt.PenStyle:
    """Lines are told apart by their dashes as well."""
    return DASHES[place % len(DASHES)]
