"""How far the search is, as a bar: nothing below this distance, one at that distance, and between nobody knows."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.render.plot.number_text import significant
from app.render.plot.style import (
    BLUE,
    BLUISH_GREEN,
    SHAPE_CONTRAST,
    PlotColours,
    faded,
    legible,
    line_pen,
    plot_colours,
)
from core.exchange.words import rounded_down

BAR = 12.0  # pixels
BEYOND = 1.12  # how far the bar goes on beyond the best distance


@dataclass(frozen=True)
class Standing:
    """What is known about the nearest distance."""

    lower: float  # none is nearer: proved; infinite where none exists
    best: float | None  # known to be stable
    closed: bool  # they agree up to the tolerance
    complete: bool  # nobody searches any more

    @property
    def none_exists(self) -> bool:
        """Whether it is proved that there is none at all."""
        return math.isinf(self.lower)


class BracketBar(QWidget):
    """The proved part is solid, the open part hatched, the best distance a mark; words stand below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("joint.bracket")
        self.setAccessibleName("Distance of the nearest stable correction")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._standing: Standing | None = None

    @property
    def standing(self) -> Standing | None:
        """What is shown."""
        return self._standing

    def set_standing(self, standing: Standing | None) -> None:
        """Show this."""
        self._standing = standing
        self.setAccessibleDescription(self.words)
        self.setToolTip(self.words)
        self.update()

    @property
    def words(self) -> str:
        """The whole of it as a sentence."""
        return "" if self._standing is None else "; ".join(part for part in self._labels(self._standing) if part)

    def sizeHint(self) -> QSize:
        return QSize(320, round(BAR) + 6 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        standing = self._standing
        if standing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = plot_colours(self.palette())
        self._paint_bar(painter, standing, colours)
        self._paint_labels(painter, standing, colours)
        painter.end()

    def _paint_bar(self, painter: QPainter, standing: Standing, colours: PlotColours) -> None:
        track = QRectF(0.5, 2.5, self.width() - 1, BAR)
        proved = legible(BLUISH_GREEN, colours.background, SHAPE_CONTRAST)
        lower, best = self._positions(standing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.neutral)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(faded(proved, 0.55))
        painter.drawRect(QRectF(track.left(), track.top(), lower - track.left(), BAR))
        if best is not None and best > lower:
            colour = legible(BLUE, colours.background, SHAPE_CONTRAST)
            painter.setBrush(QBrush(faded(colour, 0.7), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(lower, track.top(), best - lower, BAR))
        painter.setPen(line_pen(proved, 2.0))
        if 0 < lower < track.right():
            painter.drawLine(round(lower), round(track.top()) - 1, round(lower), round(track.bottom()) + 1)
        if best is not None:
            painter.setPen(line_pen(colours.text, 2.4))
            painter.drawLine(round(best), round(track.top()) - 2, round(best), round(track.bottom()) + 2)
        painter.setPen(line_pen(colours.grid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(track, 3, 3)

    def _positions(self, standing: Standing) -> tuple[float, float | None]:
        """Pixels of the lower bound and of the best distance."""
        if standing.none_exists:
            return float(self.width()), None
        if standing.best is None:
            return (0.5 if standing.lower == 0 else 0.5 * self.width()), None
        end = BEYOND * standing.best or 1.0
        return standing.lower / end * self.width(), standing.best / end * self.width()

    def _paint_labels(self, painter: QPainter, standing: Standing, colours: PlotColours) -> None:
        row = QRectF(0, BAR + 5, self.width(), painter.fontMetrics().height())
        left, right = self._labels(standing)
        metrics = painter.fontMetrics()
        painter.setPen(colours.muted)
        room = self.width() - metrics.horizontalAdvance(right) - 16
        text = metrics.elidedText(left, Qt.TextElideMode.ElideRight, max(0, room)) if right else left
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(colours.text)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)

    def _labels(self, standing: Standing) -> tuple[str, str]:
        if standing.none_exists:
            return "Provably no stable correction exists within these ranges", ""
        lower = significant(rounded_down(standing.lower, 3), 3)
        if standing.best is None:
            still = "none was found" if standing.complete else "none found yet"
            return (f"none nearer than {lower}, proved" if standing.lower > 0 else "nothing is proved yet"), still
        best = significant(standing.best, 4)
        if standing.closed:
            return "proved: none is nearer", f"nearest {best}"
        open_ = "" if standing.complete else ", still searching"
        return f"none nearer than {lower}, proved", f"best found {best}{open_}"
