"""The areas of a slice from bottom to top: rejected, accepted, stable."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from app.render.plot.legend import LegendEntry
from app.render.plot.slices.regions import RegionItem
from app.render.plot.style import BLUE, SHAPE_CONTRAST, SKY_BLUE, PlotColours, faded, legible, line_pen, mixed
from core.corrections.records.correction import Correction, Polygon


class SliceLayers:
    """Three region items in one view: calm where rejected, filled where accepted, hatched where stable."""

    def __init__(self, view: pg.ViewBox) -> None:
        self.rejected = RegionItem(view, z=1)
        self.accepted = RegionItem(view, z=2)
        self.stable = RegionItem(view, z=3)

    def show_regions(self, correction: Correction) -> None:
        """Draw the areas of this correction, the stable one for the half-widths it was asked with."""
        x, y = correction.request.free
        corners = [(x.low, y.low), (x.high, y.low), (x.high, y.high), (x.low, y.high), (x.low, y.low)]
        self.rejected.set_polygons([Polygon(exterior=np.array(corners))])
        self.accepted.set_polygons(correction.accepted)
        self.stable.set_polygons(correction.stable)

    def show_stable(self, polygons: Sequence[Polygon]) -> None:
        """Draw another stable set: that of other half-widths."""
        self.stable.set_polygons(polygons)

    def accepted_share(self, rect: QRectF) -> float:
        """How much of a rectangle, in pixels of the view box, lies in the accepted area, by twelve points of it.

        0 only if it is clear of the area; a rectangle that covers any of it, however little, counts a tenth at least.
        """
        if not self.accepted.meets(rect):
            return 0.0
        x = [rect.left() + share * rect.width() for share in (0.0, 0.33, 0.67, 1.0)]
        y = [rect.top() + share * rect.height() for share in (0.0, 0.5, 1.0)]
        return max(0.1, sum(self.accepted.contains_pixel(QPointF(a, b)) for a in x for b in y) / 12)

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        fill, line = accepted_colours(colours)
        self.rejected.set_look([QBrush(colours.neutral)], line_pen(colours.grid))
        self.accepted.set_look([QBrush(fill)], line_pen(line, 1.4))
        self.stable.set_look([_hatch(line)], _stable_pen(line))


def accepted_colours(colours: PlotColours) -> tuple[QColor, QColor]:
    """Fill and outline of the accepted area."""
    fill = mixed(colours.background, SKY_BLUE, 0.34)
    return fill, legible(SKY_BLUE if colours.dark else BLUE, fill, SHAPE_CONTRAST)


def slice_legend(colours: PlotColours) -> list[LegendEntry]:
    """The three areas in words."""
    fill, line = accepted_colours(colours)

    def area(brushes: list[QBrush], pen: QPen) -> LegendEntry:
        def swatch(painter: QPainter, place: QRectF) -> None:
            painter.setPen(pen)
            for brush in brushes:
                painter.setBrush(brush)
                painter.drawRect(place)

        return LegendEntry("", swatch)

    return [
        LegendEntry("rejected", area([QBrush(colours.neutral)], line_pen(colours.grid)).swatch),
        LegendEntry("accepted", area([QBrush(fill)], line_pen(line, 1.4)).swatch),
        LegendEntry(
            "stable: the whole box around it is accepted",
            area([QBrush(fill), _hatch(line)], _stable_pen(line)).swatch,
        ),
    ]


def _hatch(line: QColor) -> QBrush:
    return QBrush(faded(line, 0.45), Qt.BrushStyle.BDiagPattern)


def _stable_pen(line: QColor) -> QPen:
    return line_pen(line, 1.2, Qt.PenStyle.DashLine)
