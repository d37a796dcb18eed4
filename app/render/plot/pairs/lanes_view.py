"""A number at every level of a category: a bar each with what is accepted, the input and the nearest stable value."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from app.render.plot.joint.marks import band_colour, paint_correction, paint_input
from app.render.plot.joint.span import Span
from app.render.plot.pairs.picture_view import PictureView
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, PlotColours, faded, legible, line_pen

FloatArray = npt.NDArray[np.float64]
Ends = tuple[float, float]  # pixels at which bars begin and end
ROW, BAR = 30.0, 12.0  # pixels from lane to lane, and of a bar
MARGIN = 10.0
MOST_NAME = 0.34  # share of the width that the names of levels may take
BESIDE = 92.0  # pixels right of the bars, for the distances


@dataclass(frozen=True, kw_only=True, eq=False)
class LanePicture:
    """One bar."""

    name: str
    accepted: FloatArray = field(repr=False)  # (n, 2) intervals
    centre: float | None  # nearest stable value; None: none is known
    distance: str  # what it costs, or that there is none
    here: bool  # the level of the input
    best: bool  # holds the nearest of all lanes
    judged: bool = True  # False: nothing is said of what is accepted on the way


@dataclass(frozen=True, kw_only=True, eq=False)
class LanesPicture:
    """All bars over one axis."""

    lanes: tuple[LanePicture, ...]
    span: Span
    axis: str  # name and unit of the number; "" where they stand beside the lane
    before: float  # the number in the input
    half_width: float
    longest: str = ""  # name among pictures that lie below one another, so that their axes begin at one place


class LanesView(PictureView[LanesPicture]):
    """Accepted is green; the input is a ring with a cross, the nearest stable value a diamond in its ± band."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "Accepted values at every level", parent)

    def set_picture(self, picture: LanesPicture | None) -> None:
        super().set_picture(picture)
        words = [] if picture is None else [_words(picture, lane) for lane in picture.lanes]
        self.setAccessibleDescription("; ".join(words))

    def sizeHint(self) -> QSize:
        lanes = 1 if self._picture is None else len(self._picture.lanes)
        lines = 1 if self._picture is not None and not self._picture.axis else 2
        return QSize(420, round(lanes * ROW + lines * QFontMetricsF(self.font()).height() + 2 * MARGIN))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _sentence_at(self, picture: LanesPicture, place: QPointF) -> str:
        row = int((place.y() - MARGIN) // ROW)
        return _words(picture, picture.lanes[row]) if 0 <= row < len(picture.lanes) else ""

    def _paint(self, painter: QPainter, picture: LanesPicture, look: PlotColours) -> None:
        ends = self._ends(picture)
        for place, lane in enumerate(picture.lanes):
            self._paint_lane(painter, picture, lane, MARGIN + (place + 0.5) * ROW, look, ends)
        self._paint_axis(painter, picture, look, ends)

    def _ends(self, picture: LanesPicture) -> Ends:
        """Pixels of both ends of the range."""
        strong = self.font()
        strong.setBold(True)
        metrics = QFontMetricsF(strong)
        texts = (picture.longest, *(lane.name for lane in picture.lanes))
        names = max(metrics.horizontalAdvance(text) for text in texts)
        return MARGIN + min(names, MOST_NAME * self.width()) + 14, self.width() - BESIDE - MARGIN

    def _paint_lane(
        self, painter: QPainter, picture: LanesPicture, lane: LanePicture, middle: float, look: PlotColours, ends: Ends
    ) -> None:
        (left, right), span = ends, picture.span
        green = legible(BLUISH_GREEN, look.background, SHAPE_CONTRAST)
        font = self.font()
        font.setBold(lane.best)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(look.text if lane.best or lane.here else look.muted)
        name = metrics.elidedText(lane.name, Qt.TextElideMode.ElideMiddle, left - MARGIN - 12)
        names = QRectF(MARGIN, middle - ROW / 2, left - MARGIN - 12, ROW)
        painter.drawText(names, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.neutral)
        painter.drawRoundedRect(QRectF(left, middle - BAR / 2, right - left, BAR), 2, 2)
        painter.setBrush(faded(green, 0.55))
        for low, high in lane.accepted.tolist():
            start, end = _x(span, ends, low), _x(span, ends, high)
            painter.drawRect(QRectF(start, middle - BAR / 2, max(end - start, 1.0), BAR))
        if lane.centre is not None:
            start = _x(span, ends, lane.centre - picture.half_width)
            end = _x(span, ends, lane.centre + picture.half_width)
            painter.setBrush(band_colour(look))
            painter.drawRect(QRectF(start, middle - BAR / 2 - 3, end - start, BAR + 6))
            paint_correction(painter, QPointF(_x(span, ends, lane.centre), middle), look)
        if lane.here and lane.centre is not None and not lane.judged:
            painter.setPen(line_pen(look.text, 1.2))
            way = (picture.before, lane.centre)
            painter.drawLine(*(QPointF(_x(span, ends, value), middle) for value in way))
        if lane.here:
            paint_input(painter, QPointF(_x(span, ends, picture.before), middle), look)
        painter.setPen(look.text if lane.best else look.muted)
        beside = QRectF(right + 10, middle - ROW / 2, BESIDE - 10, ROW)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, lane.distance)
        painter.setFont(self.font())

    def _paint_axis(self, painter: QPainter, picture: LanesPicture, look: PlotColours, ends: Ends) -> None:
        left, right = ends
        metrics = QFontMetricsF(self.font())
        top = MARGIN + len(picture.lanes) * ROW + 2
        painter.setPen(line_pen(look.grid))
        painter.drawLine(QPointF(left, top), QPointF(right, top))
        for value in picture.span.ticks(max(2, int((right - left) // 90))):
            x = _x(picture.span, ends, value)
            painter.setPen(line_pen(look.grid))
            painter.drawLine(QPointF(x, top), QPointF(x, top + 4))
            painter.setPen(look.muted)
            place = QRectF(x - 60, top + 4, 120, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, picture.span.text(value))
        painter.setPen(look.text)
        words = QRectF(left, top + 4 + metrics.height(), right - left, metrics.height())
        text = metrics.elidedText(picture.axis, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)


def _x(span: Span, ends: Ends, value: float) -> float:
    """Where a value lies on a bar, in pixels."""
    return ends[0] + span.share(value) * (ends[1] - ends[0])


def _words(picture: LanesPicture, lane: LanePicture) -> str:
    """What is known of a lane, as a sentence."""
    text = picture.span.text
    nearest = "" if lane.centre is None else f"; nearest stable {text(lane.centre)}"
    if not lane.judged:
        return f"{lane.name}: now {text(picture.before)}{nearest}; {lane.distance}"
    parts = [f"{text(low)} to {text(high)}" for low, high in lane.accepted.tolist()]
    accepted = f"accepted from {', '.join(parts)}" if parts else "nothing is accepted"
    return f"{lane.name}: {accepted}{nearest}; {lane.distance}"
