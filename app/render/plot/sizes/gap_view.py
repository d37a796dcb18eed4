"""One measure of all networks against their generalisation gap."""

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.figure_view import figure_label, write_quietly
from app.render.plot.runs.curve_panel import NEAR
from app.render.plot.style import (
    BLUE,
    SHAPE_CONTRAST,
    apply_style,
    changes_colours,
    legible,
    line_pen,
    make_plot,
    set_axis_label,
)
from core.exchange.words import number

if TYPE_CHECKING:
    from core.generalisation.table import ComplexityTable

HINT = "Point at a network to read it."
CAP = 0.012  # of the width, of whiskers


class GapView(QWidget):
    """A point for every network, with the standard error of its gap."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gaps")
        self._table: ComplexityTable | None = None
        self._column = 0
        self._plot = make_plot(self)
        self._plot.setMinimumHeight(120)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName("A measure against the generalisation gap")
        self._errors, self._dots = pg.ErrorBarItem(), pg.ScatterPlotItem(size=9)
        for item in (self._errors, self._dots):
            self._plot.addItem(item)
        self._reading = figure_label("gaps.reading", HINT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        layout.addWidget(self._plot, 1)
        layout.addWidget(self._reading)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.viewport().installEventFilter(self)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._frame = apply_style(self._plot, self.palette())

    @property
    def reading(self) -> str:
        """The line below the plot."""
        return self._reading.text()

    def set_table(self, table: "ComplexityTable", column: int) -> None:
        """Show this measure of these networks."""
        self._table, self._column = table, column
        scale, unit = _scale(table)
        measure = table.measures[column]
        set_axis_label(self._plot, "bottom", measure.name, measure.head if measure.head.startswith("log") else "")
        set_axis_label(self._plot, "left", "generalisation gap", unit, short="gap")
        x, y = table.values[:, column], scale * table.gap
        known = np.isfinite(x) & np.isfinite(y)
        colour = legible(BLUE, self._frame.background, SHAPE_CONTRAST)
        self._dots.setData(x[known], y[known], brush=colour, pen=line_pen(self._frame.text, 0.8))
        error = scale * np.nan_to_num(table.gap_error[known])
        width = float(np.ptp(x[known])) if known.any() else 0.0
        self._errors.setData(
            x=x[known], y=y[known], top=error, bottom=error, beam=CAP * width, pen=line_pen(self._frame.muted)
        )
        self._errors.setVisible(bool((error > 0).any()))
        self._plot.enableAutoRange()
        self._reading.setText(self._summary())
        write_quietly(self._frame, self._reading)

    def _summary(self) -> str:
        if self._table is None:
            return HINT
        one = self._table.correlations[self._column]
        if math.isnan(one.spearman):
            return f"No order to compare: {one.count} networks with this measure and a gap. {HINT}"
        parts = [f"Spearman ρ {number(one.spearman, 2)} (p {number(one.spearman_p, 2)})"]
        parts.append(f"Kendall τ {number(one.kendall, 2)} (p {number(one.kendall_p, 2)})")
        parts.append(f"{one.count} networks")
        return f"{', '.join(parts)}. {HINT}"

    def _on_moved(self, place: QPointF) -> None:
        view, table = self._plot.getViewBox(), self._table
        words = ""
        if table is not None and view.sceneBoundingRect().contains(place):
            scale, unit = _scale(table)
            here, pixel = view.mapSceneToView(place), view.viewPixelSize()
            x, y = table.values[:, self._column], scale * table.gap
            far = np.hypot((x - here.x()) / pixel[0], (y - here.y()) / pixel[1])
            far = np.where(np.isfinite(far), far, np.inf)
            nearest = int(np.argmin(far))
            if far[nearest] < NEAR:
                gap = f"gap {number(float(y[nearest]), 3)} {unit}"
                words = (
                    f"{table.names[nearest]}: {table.measures[self._column].name} {number(float(x[nearest]))}, {gap}"
                )
        self._reading.setText(words or self._summary())
        self.hovered.emit(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._reading.setText(self._summary())
            self.hovered.emit("")
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self._plot.enableAutoRange()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._frame = apply_style(self._plot, self.palette())
            if self._table is not None:
                self.set_table(self._table, self._column)


def _scale(table: "ComplexityTable") -> tuple[float, str]:
    """Gaps in accuracy are told in percentage points."""
    return (100.0, "%") if table.gap_unit == "share of the samples" else (1.0, table.gap_unit)
