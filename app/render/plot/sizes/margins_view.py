"""How far samples are on the right side of the decision: the distribution of the margins."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.render.plot.figure_view import FigureView, figure_label, write_quietly
from app.render.plot.histogram_panel import Bars, FloatArray, HistogramPanel
from app.render.plot.legend import LegendEntry, Swatch
from app.render.plot.style import (
    BLUE,
    SHAPE_CONTRAST,
    VERMILLION,
    faded,
    legible,
    line_pen,
    plot_colours,
)
from core.exchange.words import count, number
from core.generalisation.complexity import Complexity
from core.generalisation.measures import LOW_MARGIN, low_margin

EMPTY = "There are no margins: they are measured of networks that predict classes."
HINT = "Point at a bar to read it."
BINS = 48


class MarginsView(FigureView):
    """A histogram in which samples on the wrong side are hatched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("margins", parent)
        self.panel = HistogramPanel("margins.plot", "Margins of the samples")
        self.panel.pointed_at.connect(self._on_pointed)
        self._reading = figure_label("margins.reading", HINT)
        self._arrange(EMPTY, [], [self.panel], [self._legend, self._reading])

    @property
    def bars(self) -> Bars | None:
        """What is drawn."""
        return self.panel.bars

    def set_complexity(self, found: Complexity | None) -> None:
        """Show the margins of this result."""
        known = np.zeros(0) if found is None else found.margins[np.isfinite(found.margins)]
        self._show_figure(something=bool(known.size))
        if found is None or not known.size:
            return
        self.panel.set_labels(
            "margin: output of the right class minus the largest other", "samples", short="margin of the right class"
        )
        places = [(float(np.median(known)), f"median {number(float(np.median(known)), 3)}")]
        if np.isfinite(low := low_margin(found)):
            places.append((low, f"{100 - LOW_MARGIN:g} % above {number(low, 3)}"))
        self.panel.show_bars(_bars(known), sorted(places))
        self._draw()

    def _draw(self) -> None:
        frame = plot_colours(self.palette())
        blue, red = (legible(colour, frame.background, SHAPE_CONTRAST) for colour in (BLUE, VERMILLION))
        entries = [LegendEntry("right", _bar_swatch(blue, hatched=False))]
        if self.bars is not None and self.bars.counts[self.bars.hatched].any():
            entries.append(LegendEntry("wrong", _bar_swatch(red, hatched=True)))
        self._legend.set_entries(entries, frame.text)
        write_quietly(frame, self._reading)

    def _on_pointed(self, bar: int) -> None:
        bars, words = self.bars, ""
        if bars is not None and bar >= 0:
            low, high = (number(float(edge), 3) for edge in bars.edges[bar : bar + 2])
            words = f"{count(int(bars.counts[bar]), 'sample')} with a margin of {low} to {high}"
        self._reading.setText(words or HINT)
        self.hovered.emit(words)


def _bars(known: FloatArray) -> Bars:
    """Bars of one width, with an edge at 0 where 0 is among them: none is half right and half wrong."""
    low, high = float(known.min()), float(known.max())
    width = (high - low) / BINS or 1.0
    first = np.floor(low / width)
    edges = width * np.arange(first, np.floor(high / width) + 2)
    counts, _ = np.histogram(known, bins=edges)
    return Bars(edges=edges, counts=counts.astype(np.int64), hatched=edges[1:] <= 1e-12 * abs(high - low))


def _bar_swatch(colour: QColor, *, hatched: bool) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setPen(line_pen(colour))
        pattern = Qt.BrushStyle.BDiagPattern if hatched else Qt.BrushStyle.SolidPattern
        painter.setBrush(QBrush(faded(colour, 1.0 if hatched else 0.7), pattern))
        painter.drawRect(QRectF(place.center() - QPointF(7, 6), place.center() + QPointF(7, 6)))

    return paint
