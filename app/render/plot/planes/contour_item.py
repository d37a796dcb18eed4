"""Labelled lines of equal loss, and a hatch where the loss is above the scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from app.render.plot.pixel_item import PixelItem
from app.render.surface_words import written
from core.landscape.plane import FloatArray

APART = 34.0  # pixels between two labels
ROOM = 2.2  # a line is labelled if it is so many times longer than its label


@dataclass(frozen=True, kw_only=True, eq=False)
class Contour:
    """All lines of one level."""

    level: float
    lines: tuple[FloatArray, ...]  # (n, 2) each, in data units
    colour: QColor  # legible on the colours beside the line


@dataclass(frozen=True)
class _Label:
    text: str
    turn: QTransform
    outline: QPolygonF
    colour: QColor


class ContourItem(PixelItem):
    """Draws contours with their loss written into the line, upright and never over another label."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._contours: tuple[Contour, ...] = ()
        self._lines: tuple[tuple[QColor, list[QPolygonF]], ...] = ()  # of every contour, in data units
        self._above = QPainterPath()
        self._labels: list[_Label] | None = None
        self._font = QFont()

    def set_contours(self, contours: tuple[Contour, ...], above: Sequence[FloatArray]) -> None:
        """Show these lines; `above` are the rings (n, 2) of the region over the scale, in data units."""
        self._contours, self._labels = contours, None
        self._lines = tuple((each.colour, [_polygon(line) for line in each.lines]) for each in contours)
        self._above = QPainterPath()
        self._above.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in above:
            self._above.addPolygon(_polygon(ring))
            self._above.closeSubpath()
        self.update()

    def set_font(self, font: QFont) -> None:
        """Write the labels in this font."""
        self._font, self._labels = font, None
        self.update()

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written into the lines now."""
        return tuple(label.text for label in self._placed())

    def transform_changed(self) -> None:
        self._labels = None
        self.update()

    def draw(self, painter: QPainter) -> None:
        transform = self.data_transform()
        painter.fillPath(transform.map(self._above), QBrush(QColor(0, 0, 0, 48), Qt.BrushStyle.BDiagPattern))
        labels = self._placed()
        covered = QPainterPath()
        covered.setFillRule(Qt.FillRule.OddEvenFill)  # labels lie apart and inside: each is a hole
        covered.addRect(self.boundingRect())
        for label in labels:
            covered.addPolygon(label.outline)
            covered.closeSubpath()
        painter.save()
        painter.setClipPath(covered)  # a line pauses where its label stands
        for colour, lines in self._lines:
            painter.setPen(QPen(colour, 1.1))
            for line in lines:
                painter.drawPolyline(transform.map(line))
        painter.restore()
        painter.setFont(self._font)
        for label in labels:
            painter.save()
            painter.setTransform(label.turn, True)  # noqa: FBT003  Qt's "combine"
            painter.setPen(label.colour)
            painter.drawText(QRectF(-60, -20, 120, 40), Qt.AlignmentFlag.AlignCenter, label.text)
            painter.restore()

    def _pixels(self, line: FloatArray) -> FloatArray:
        """Points (n, 2) in pixels of the view box."""
        to = self.data_transform()
        found: FloatArray = line @ np.array([[to.m11(), to.m12()], [to.m21(), to.m22()]]) + [to.dx(), to.dy()]
        return found

    def _placed(self) -> list[_Label]:
        if self._labels is None:
            self._labels = self._place()
        return self._labels

    def _place(self) -> list[_Label]:
        metrics = QFontMetricsF(self._font)
        taken: list[QPolygonF] = []
        labels = []
        for contour in sorted(self._contours, key=lambda each: -each.level):
            text = written(contour.level)
            width, height = metrics.horizontalAdvance(text) + 6, metrics.height() - 2
            for line in sorted(contour.lines, key=len, reverse=True)[:2]:
                found = self._spot(self._pixels(line), width, height, taken)
                if found is not None:
                    turn, outline = found
                    labels.append(_Label(text, turn, outline, contour.colour))
                    taken.append(
                        turn.map(
                            QPolygonF(
                                QRectF(-width / 2, -height / 2, width, height).adjusted(
                                    -APART / 2, -APART / 4, APART / 2, APART / 4
                                )
                            )
                        )
                    )
                    break
        return labels

    def _spot(
        self, points: FloatArray, width: float, height: float, taken: list[QPolygonF]
    ) -> tuple[QTransform, QPolygonF] | None:
        """A straight enough part of the line, inside the plot and away from other labels."""
        run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        if run[-1] < ROOM * width:
            return None
        for share in (0.5, 0.62, 0.38, 0.75, 0.25, 0.87, 0.13):
            middle = share * run[-1]
            ends = np.clip([middle - width / 2, middle + width / 2], 0.0, run[-1])
            (x0, x), (y0, y) = (np.interp(ends, run, points[:, axis]) for axis in (0, 1))
            if np.hypot(x - x0, y - y0) < 0.86 * width:  # too bent to be written along
                continue
            angle = (np.degrees(np.arctan2(y - y0, x - x0)) + 90.0) % 180.0 - 90.0
            turn = QTransform().translate((x + x0) / 2, (y + y0) / 2).rotate(float(angle))
            outline = turn.map(QPolygonF(QRectF(-width / 2, -height / 2, width, height)))
            inside = self.boundingRect().adjusted(4, 4, -4, -4).contains(outline.boundingRect())
            if inside and not any(outline.intersects(other) for other in taken):
                return turn, outline
        return None


def _polygon(line: FloatArray) -> QPolygonF:
    """Points (n, 2) as Qt has them; copied at once rather than one by one."""
    polygon: QPolygonF = arrayToQPolygonF(line[:, 0], line[:, 1])
    return polygon
