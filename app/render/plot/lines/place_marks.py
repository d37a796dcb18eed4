"""Places on the horizontal axis of a plot, with a word each: networks on a curve, epochs at which rates drop."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from app.render.plot.pixel_item import PixelItem
from app.render.plot.style import PlotColours, line_pen

LONGEST = 170.0  # pixels of a word
GAP = 5.0


class PlaceMarks(PixelItem):
    """Dotted lines with their words at the top, one below the other where they would touch."""

    def __init__(self, view: pg.ViewBox, z: float) -> None:
        super().__init__(view, z)
        self._places: tuple[tuple[float, str], ...] = ()
        self._quiet = False
        self._colours: PlotColours | None = None
        self._font = QFont()

    @property
    def places(self) -> tuple[tuple[float, str], ...]:
        """What is marked."""
        return self._places

    def set_places(self, places: Sequence[tuple[float, str]], *, quiet: bool = False) -> None:
        """Mark these; quiet: without the words."""
        self._places, self._quiet = tuple(places), quiet
        self.update()

    def set_look(self, colours: PlotColours, font: QFont) -> None:
        """Follow palette and font."""
        self._colours, self._font = colours, font
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self._colours is None:
            return
        area, metrics = self.boundingRect(), QFontMetricsF(self._font)
        painter.setFont(self._font)
        taken: list[QRectF] = []
        for x, words in self._places:
            at = self.to_pixels(x, 0.0).x()
            if not area.left() <= at <= area.right():
                continue
            painter.setPen(line_pen(self._colours.muted, 1.2, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            if not self._quiet and words:
                taken.append(self._write(painter, metrics, area, at, words, taken))

    def _write(
        self, painter: QPainter, metrics: QFontMetricsF, area: QRectF, at: float, words: str, taken: list[QRectF]
    ) -> QRectF:
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, LONGEST)
        width = metrics.horizontalAdvance(text) + 2
        left = at + GAP if at + GAP + width <= area.right() else at - GAP - width
        place = QRectF(left, area.top() + 2, width, metrics.height())
        while any(place.intersects(other) for other in taken):
            place.translate(0.0, metrics.height() + 2)
        if self._colours is not None:
            painter.setPen(self._colours.muted)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        return place
