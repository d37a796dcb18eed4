"""Colours and marks of a layout's networks on the ground of the window, and the samples of its legend."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.render.plot.legend import LegendEntry, Swatch
from app.render.plot.style import SHAPE_CONTRAST, PlotColours, legible, line_pen
from app.render.plot.swatches import line_swatch, shortened
from core.exchange.layouts.picture import SHAPES, Picture, shape_of

SYMBOLS = dict(
    zip(SHAPES, ("o", "s", "t1", "d", "t", "+", "x", "star"), strict=True)
)  # pyqtgraph's names of the same marks
MARK_SIZE = 8
MOST_NAMED = 24  # networks in a legend


def symbol_of(group: int, count: int) -> str:
    """The mark of a network in pyqtgraph's letters."""
    return SYMBOLS[SHAPES[shape_of(group, count)]]


def colours_of(picture: Picture, frame: PlotColours) -> tuple[QColor, ...]:
    """One for each name, legible on the ground."""
    return tuple(legible(QColor(colour), frame.background, SHAPE_CONTRAST) for colour in picture.colours)


def legend_entries(picture: Picture, frame: PlotColours) -> list[LegendEntry]:
    """Names with their colours and marks, then what dashes and other marks stand for."""
    entries = []
    for group, (name, colour) in enumerate(zip(picture.names, colours_of(picture, frame), strict=True)):
        symbol = symbol_of(group, len(picture.names))
        entries.append(LegendEntry(shortened(name), marked_swatch(colour, symbol)))
    more = len(entries) - MOST_NAMED
    if more > 0:
        entries = [*entries[:MOST_NAMED], LegendEntry(f"and {more} more", marked_swatch(frame.muted, ""))]
    return [*entries, *(LegendEntry(words, _style_swatch(kind, frame)) for words, kind in picture.styles)]


def marked_swatch(colour: QColor, symbol: str, *, joined: bool = True, fill: QColor | None = None) -> Swatch:
    """A piece of a line with a mark on it."""

    def paint(painter: QPainter, place: QRectF) -> None:
        if joined:
            line_swatch(colour, width=2.0)(painter, place)
        if symbol:
            painter.translate(QPointF(place.center()))
            brush = pg.mkBrush(fill or colour)
            pg.graphicsItems.ScatterPlotItem.drawSymbol(painter, symbol, MARK_SIZE, line_pen(colour), brush)

    return paint


def _style_swatch(kind: str, frame: PlotColours) -> Swatch:
    if kind in ("line", "dashed"):
        return line_swatch(frame.muted, Qt.PenStyle.DashLine if kind == "dashed" else Qt.PenStyle.SolidLine, 2.0)
    if kind == "hollow":
        return marked_swatch(frame.muted, "o", joined=False, fill=frame.background)
    return marked_swatch(frame.muted, SYMBOLS[SHAPES[int(kind)]], joined=False)
