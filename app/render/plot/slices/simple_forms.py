"""What can be said of a slice in a sentence: the largest box and the triangle as outlines, and the rule as a line."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.render.plot.figure_view import figure_label, selectable
from app.render.plot.legend import LegendEntry
from app.render.plot.slices.regions import RegionItem
from app.render.plot.style import PlotColours, line_pen
from app.render.plot.swatches import line_swatch
from core.corrections.records.correction import Correction, FloatArray, Polygon

WIDTH = 1.2  # pixels of an outline
DASHED = Qt.PenStyle.DashLine


class SimpleForms:
    """Two thin outlines above the areas, each shown or hidden by a switch of its own."""

    def __init__(self, view: pg.ViewBox) -> None:
        self.largest = RegionItem(view, z=5)
        self.triangle = RegionItem(view, z=4)

    def show_forms(self, correction: Correction) -> None:
        """Draw those that the correction has."""
        box, triangle = correction.largest_box, correction.triangle
        self.largest.set_polygons([] if box is None else [Polygon(exterior=_ring(*box.bounds))])
        corners = None if triangle is None else np.append(triangle.corners, triangle.corners[:1], axis=0)
        self.triangle.set_polygons([] if corners is None else [Polygon(exterior=corners)])

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self.largest.set_look([], line_pen(colours.text, WIDTH))
        self.triangle.set_look([], line_pen(colours.muted, WIDTH, DASHED))


def forms_legend(colours: PlotColours, *, largest: bool, triangle: bool) -> list[LegendEntry]:
    """Those outlines in words that are shown."""
    entries = []
    if largest:
        entries.append(LegendEntry("largest box", line_swatch(colours.text, width=WIDTH)))
    if triangle:
        entries.append(LegendEntry("triangle of the paper", line_swatch(colours.muted, DASHED, WIDTH)))
    return entries


class RuleLine(QWidget):
    """A sentence that can be marked, and copied with one click; where there is little room it is cut to one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = ""
        self._beside = ""
        self._compact = False
        self.text = selectable(figure_label("rule"))
        self.copy = QPushButton("Copy rule")
        self.copy.setObjectName("copyRule")
        self.copy.setToolTip("Put the rule on the clipboard")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.rule))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_rule(self, rule: str, triangle: str) -> None:
        """Show the rule and what the triangle is worth beside it; without a rule, nothing."""
        self.rule = f"{rule[:1].upper()}{rule[1:]}." if rule else ""
        self._beside = f" The paper's triangle has {triangle}." if triangle else ""
        self.setVisible(bool(rule))
        self._write()

    def set_compact(self, *, compact: bool) -> None:
        """One line, or as many as it takes."""
        if compact != self._compact:
            self._compact = compact
            self.copy.setText("Copy" if compact else "Copy rule")
            self.text.setWordWrap(not compact)
            across = QSizePolicy.Policy.Ignored if compact else QSizePolicy.Policy.Preferred
            self.text.setSizePolicy(across, QSizePolicy.Policy.Preferred)
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._compact:
            self._write()

    def _write(self) -> None:
        whole = f"Rule: {self.rule[:1].lower()}{self.rule[1:]}"
        if self._compact:
            room = max(0, self.width() - self.copy.sizeHint().width() - 12)
            self.text.setText(self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
            self.text.setToolTip(whole)
        else:
            self.text.setText(whole + self._beside)
            self.text.setToolTip("")


def _ring(x_low: float, y_low: float, x_high: float, y_high: float) -> FloatArray:
    return np.array([(x_low, y_low), (x_high, y_low), (x_high, y_high), (x_low, y_high), (x_low, y_low)])
