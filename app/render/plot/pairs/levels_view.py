"""Two categories: what the network says of every combination of their levels."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from app.render.plot.joint.marks import paint_correction, paint_input
from app.render.plot.pairs.picture_view import PictureView
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, VERMILLION, PlotColours, faded, legible, line_pen

ROW, COLUMN = 28.0, 128.0  # pixels of a cell, at most
MARGIN = 10.0
MOST_NAME = 0.34  # share of the width that the names of the rows may take
SIGNS = {"accepted": "✓", "rejected": "✗", "doubtful": "?", "not allowed": ""}


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelsPicture:
    """All combinations; a single column where one category changes alone."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    heading: str  # what the columns are; "" alone
    judged: tuple[tuple[str, ...], ...] = field(repr=False)  # places in `SIGNS`
    sentences: tuple[tuple[str, ...], ...] = field(repr=False)
    here: tuple[int, int]  # of the input
    best: tuple[int, int] | None


class LevelsView(PictureView[LevelsPicture]):
    """Accepted is green with a tick, rejected is red with a cross: never colour alone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "Verdicts of all levels", parent)

    def set_picture(self, picture: LevelsPicture | None) -> None:
        super().set_picture(picture)
        sentences = [] if picture is None else [text for row in picture.sentences for text in row]
        self.setAccessibleDescription("; ".join(sentences))

    def sizeHint(self) -> QSize:
        rows = 1 if self._picture is None else len(self._picture.rows)
        return QSize(420, round(rows * ROW + self._top() + MARGIN))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def cell(self, row: int, column: int) -> QRectF:
        """Where a combination is, in pixels."""
        return self._place(row, column, *self._columns())

    def _sentence_at(self, picture: LevelsPicture, place: QPointF) -> str:
        left, width = self._columns()
        column, row = int((place.x() - left) // width), int((place.y() - self._top()) // ROW)
        inside = 0 <= row < len(picture.rows) and 0 <= column < len(picture.columns)
        return picture.sentences[row][column] if inside else ""

    def _top(self) -> float:
        """Pixels above the first row, for the names of the columns."""
        height = QFontMetricsF(self.font()).height()
        return MARGIN + (2 * height + 4 if self._picture is not None and self._picture.heading else 0.0)

    def _columns(self) -> tuple[float, float]:
        """Left end of the first column, and the width of one, in pixels."""
        if self._picture is None:
            return MARGIN, COLUMN
        metrics = QFontMetricsF(self.font())
        names = max((metrics.horizontalAdvance(name) for name in self._picture.rows), default=0.0)
        left = MARGIN + min(names, MOST_NAME * self.width()) + 12
        return left, min(COLUMN, (self.width() - left - MARGIN) / max(1, len(self._picture.columns)))

    def _place(self, row: int, column: int, left: float, width: float) -> QRectF:
        """Where a combination is, between columns whose ends are known."""
        return QRectF(left + column * width, self._top() + row * ROW, width, ROW)

    def _paint(self, painter: QPainter, picture: LevelsPicture, look: PlotColours) -> None:
        self._paint_names(painter, picture, look)
        left, width = self._columns()
        for row in range(len(picture.rows)):
            for column in range(len(picture.columns)):
                place = self._place(row, column, left, width).adjusted(1.5, 1.5, -1.5, -1.5)
                self._paint_cell(painter, picture, (row, column), place, look)

    def _paint_names(self, painter: QPainter, picture: LevelsPicture, look: PlotColours) -> None:
        metrics = QFontMetricsF(self.font())
        left, width = self._columns()
        room = left - MARGIN - 10
        painter.setPen(look.text)
        for row, name in enumerate(picture.rows):
            place = QRectF(MARGIN, self._top() + row * ROW, room, ROW)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if not picture.heading:
            return
        heading = QRectF(left, MARGIN - 2, width * len(picture.columns), metrics.height())
        painter.drawText(heading, Qt.AlignmentFlag.AlignLeft, picture.heading)
        painter.setPen(look.muted)
        for column, name in enumerate(picture.columns):
            place = QRectF(left + column * width + 2, MARGIN + metrics.height(), width - 4, metrics.height())
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width - 6)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, text)

    def _paint_cell(
        self, painter: QPainter, picture: LevelsPicture, cell: tuple[int, int], place: QRectF, look: PlotColours
    ) -> None:
        judged = picture.judged[cell[0]][cell[1]]
        colour = _colour(judged, look)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(colour, 0.32) if colour is not None else look.neutral)
        painter.drawRoundedRect(place, 2, 2)
        painter.setPen(look.text)
        if cell == picture.here:
            paint_input(painter, place.center(), look)
        elif cell == picture.best:
            paint_correction(painter, place.center(), look)
        else:
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, SIGNS[judged])
        if cell == picture.best:
            painter.setPen(line_pen(look.text, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 2, 2)


def _colour(judged: str, look: PlotColours) -> QColor | None:
    colour = {"accepted": BLUISH_GREEN, "rejected": VERMILLION}.get(judged)
    return None if colour is None else legible(colour, look.background, SHAPE_CONTRAST)
