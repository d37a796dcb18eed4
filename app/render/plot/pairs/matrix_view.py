"""How far the nearest stable correction is in every two features: a triangle of coloured cells with their numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.render.colormaps import colours, lightness
from app.render.plot.number_text import significant
from app.render.plot.pairs.picture_view import PictureView
from app.render.plot.pairs.reading import NARROWEST, paint_reading
from app.render.plot.style import SHAPE_CONTRAST, VERMILLION, PlotColours, legible, line_pen

FloatArray = npt.NDArray[np.float64]
Cell = tuple[int, int]  # row and column, the column not beyond the row
Texts = tuple[tuple[str, ...], ...]  # of the cells, up to the diagonal
MAP, SHADES = "viridis", 255  # turned round: what is near is bright
SLANT = 40.0  # degrees of the names below
MOST_NAME = 0.30  # share of the width that names may take
LARGEST, SMALLEST = 76.0, 7.0  # pixels of a cell
MARGIN = 10.0
BRIGHT = 62.0  # CIE L* from which on the ink on a cell is black
BAR = 12.0  # pixels, of the colour scale
BESIDE = 200.0  # pixels right of the matrix in which the number of a cell is written


@dataclass(frozen=True, kw_only=True, eq=False)
class MatrixPicture:
    """What is to be seen, rows and columns in the order in which they are drawn."""

    names: tuple[str, ...]
    distance: FloatArray = field(repr=False)  # (m, m); NaN: not looked at yet; infinite: none is known
    texts: Texts = field(repr=False)  # where there is room: ``0.588``, ``∅``
    short: Texts = field(repr=False)  # the same with fewer digits
    sentence: Callable[[int, int], str] = field(repr=False)  # all that is known of the cell of a row and a column
    strong: npt.NDArray[np.bool_] = field(repr=False)  # (m, m), cells whose two features need each other
    best: Cell | None
    unit: str  # ``weighted L1 distance``


class PairMatrix(PictureView[MatrixPicture]):
    """A cell is chosen with the mouse or the arrow keys, and opened by a double click or Enter."""

    pointed = Signal(str)  # words about the cell under the pointer; "" beside the cells
    chosen = Signal(int, int)  # row, column
    opened = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "Distances of all pairs of features", parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._measured: tuple[MatrixPicture, QFont, tuple[float, float]] | None = None
        self._current: Cell | None = None
        self._under: Cell | None = None

    @property
    def current(self) -> Cell | None:
        """The chosen cell."""
        return self._current

    def set_picture(self, picture: MatrixPicture | None) -> None:
        """Show this; the chosen cell stays chosen."""
        super().set_picture(picture)
        if picture is None or (self._current is not None and self._current[0] >= len(picture.names)):
            self._current = None

    def set_current(self, cell: Cell | None) -> None:
        """Choose a cell, without a signal."""
        self._current = cell
        if cell is not None and self._picture is not None:
            self.setAccessibleDescription(self._picture.sentence(*cell))
        self.update()

    def rectangle(self, cell: Cell) -> QRectF:
        """Where a cell is, in pixels."""
        return _square(cell, *self._layout()[:3])

    def cell_at(self, place: QPointF) -> Cell | None:
        """The cell at a place in pixels."""
        if self._picture is None:
            return None
        left, top, size, _ = self._layout()
        column, row = int((place.x() - left) // size), int((place.y() - top) // size)
        return (row, column) if 0 <= column <= row < len(self._picture.names) else None

    def sizeHint(self) -> QSize:
        return QSize(560, 460)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    # ---- the pointer and the keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self.cell_at(event.position())
        if under != self._under:
            self._under = under
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self.pointed.emit("" if under is None else self._sentence(under))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.pointed.emit("")
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None:
            self._choose(cell)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None:
            self.opened.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if self._picture is None:
            super().keyPressEvent(event)
        elif (move := moves.get(Qt.Key(event.key()))) is not None:
            row, column = self._current or (0, 0)
            row = min(max(row + move[0], 0), len(self._picture.names) - 1)
            self._choose((row, min(max(column + move[1], 0), row)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.opened.emit(*self._current)
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: Cell) -> None:
        self.set_current(cell)
        self.chosen.emit(*cell)

    def _sentence(self, cell: Cell) -> str:
        return "" if self._picture is None else self._picture.sentence(*cell)

    def _sentence_at(self, picture: MatrixPicture, place: QPointF) -> str:
        del picture
        cell = self.cell_at(place)
        return "" if cell is None else self._sentence(cell)

    # ---- drawing

    def _layout(self) -> tuple[float, float, float, bool]:
        """Left and top of the matrix, the size of a cell, in pixels, and whether there are names below it.

        In a low window there are none: those at the left say the same, and the two of a cell are lit.
        """
        picture = self._picture
        if picture is None:
            return MARGIN, MARGIN, LARGEST, False
        left = MARGIN + min(self._widest(picture), MOST_NAME * self.width()) + 6
        wide, high = self.width() - left - MARGIN, self.height() - 2 * MARGIN
        count = max(1, len(picture.names))
        size = min(wide, high - self._below(picture)) / count
        named = size * np.sin(np.radians(SLANT)) >= QFontMetricsF(self.font()).height() - 1
        if not named:
            size = min(wide, high) / count
        return left, MARGIN, max(SMALLEST, min(LARGEST, size)), bool(named)

    def _widest(self, picture: MatrixPicture) -> float:
        metrics = QFontMetricsF(self.font())
        return max((metrics.horizontalAdvance(name) for name in picture.names), default=0.0)

    def _below(self, picture: MatrixPicture) -> float:
        """Pixels that the slanted names take below the matrix."""
        longest = min(self._widest(picture), MOST_NAME * self.width())
        return float(np.sin(np.radians(SLANT)) * longest) + QFontMetricsF(self.font()).height() + 4

    def _paint(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        self._paint_cells(painter, picture, look)
        self._paint_names(painter, picture, look)
        self._paint_scale(painter, picture, look)
        self._paint_reading(painter, picture, look)
        self._paint_frames(painter, picture, look)

    def _paint_cells(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        left, top, size, _ = self._layout()
        distances, (low, high) = picture.distance.tolist(), limits_of(picture.distance)
        long, short = self._widest_texts(picture)
        roomy = long + 6 <= size
        texts = picture.texts if roomy else picture.short
        plain, strong = self._cell_fonts(long if roomy else short, size)
        empty = line_pen(look.grid)
        for row in range(len(picture.names)):
            for column in range(row + 1):
                place = _square((row, column), left, top, size).adjusted(0.75, 0.75, -0.75, -0.75)
                distance = distances[row][column]
                face, ink = look.background, look.muted
                if math.isfinite(distance):
                    face = near_colour((distance - low) / (high - low))
                    ink = _ink_on(face.rgb())
                elif not math.isnan(distance):
                    face = look.neutral
                painter.setPen(empty if math.isnan(distance) else Qt.PenStyle.NoPen)
                painter.setBrush(face)
                painter.drawRoundedRect(place, 1.5, 1.5)
                if plain is None:
                    continue
                painter.setFont(strong if picture.strong[row, column] else plain)
                painter.setPen(ink)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, texts[row][column])
        painter.setFont(self.font())

    def _cell_fonts(self, widest: float, size: float) -> tuple[QFont | None, QFont]:
        """Of numbers in cells, plain and strong: smaller ones where they must be; None where none can be read."""
        font = QFont(self.font())
        most = font.pointSizeF()
        points = min(most, most * (size - 4) / max(widest, 1.0))
        if points < 5.5:
            return None, font
        font.setPointSizeF(points)
        strong = QFont(font)
        strong.setBold(True)
        return font, strong

    def _widest_texts(self, picture: MatrixPicture) -> tuple[float, float]:
        """Pixels of the longest text of a cell, and of the longest with fewer digits; measured once for a picture."""
        font = self.font()
        if self._measured is None or self._measured[0] is not picture or self._measured[1] != font:
            width = QFontMetricsF(font).horizontalAdvance
            long, short = (
                max((width(text) for row in texts for text in row), default=0.0)
                for texts in (picture.texts, picture.short)
            )
            self._measured = picture, font, (long, short)
        return self._measured[2]

    def _paint_names(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        left, top, size, named = self._layout()
        metrics = QFontMetricsF(self.font())
        font = QFont(self.font())
        if size < metrics.height():
            font.setPointSizeF(max(5.0, font.pointSizeF() * size / metrics.height()))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        room = min(self._widest(picture), MOST_NAME * self.width())
        under = self._under or self._current
        for place, name in enumerate(picture.names):
            lit = under is not None and place in under
            painter.setPen(look.text if lit else look.muted)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            row = QRectF(left - 6 - room, top + place * size, room, size)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            if not named:
                continue
            painter.save()
            painter.translate(left + (place + 0.5) * size + 4, top + len(picture.names) * size + 6)
            painter.rotate(-SLANT)
            box = QRectF(-room, -metrics.height() / 2, room, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            painter.restore()
        painter.setFont(self.font())

    def _paint_scale(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        """The colour scale, in the corner that the triangle leaves free."""
        left, top, size, _ = self._layout()
        side = size * len(picture.names)
        metrics = QFontMetricsF(self.font())
        width = min(0.42 * side, 220.0)
        if not np.isfinite(picture.distance).any() or width < 90 or 0.36 * side < 3 * metrics.height():
            return
        right = min(left + side, self.width() - MARGIN)
        bar = QRectF(right - width, top + metrics.height() + 3, width, BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        for pixel in range(int(width)):
            painter.setBrush(near_colour(pixel / width))
            painter.drawRect(QRectF(bar.left() + pixel, bar.top(), 1.5, BAR))
        low, high = limits_of(picture.distance)
        painter.setPen(look.text)
        title = metrics.elidedText(picture.unit, Qt.TextElideMode.ElideRight, width + 40)
        words = QRectF(right - width - 40, top - 2, width + 40, metrics.height() + 2)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, title)
        painter.setPen(look.muted)
        below = QRectF(bar.left(), bar.bottom() + 2, width, metrics.height())
        for side_, value in ((Qt.AlignmentFlag.AlignLeft, low), (Qt.AlignmentFlag.AlignRight, high)):
            painter.drawText(below, side_ | Qt.AlignmentFlag.AlignTop, significant(value, 3))

    def _paint_reading(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        """Where cells have no numbers: that of the cell under the pointer, else of the chosen one, below the scale."""
        left, top, size, _ = self._layout()
        cell = self._under or self._current
        if cell is None or self._cell_fonts(self._widest_texts(picture)[1], size)[0] is not None:
            return
        row, column = cell
        names = (picture.names[row],) if row == column else (picture.names[column], picture.names[row])
        high = QFontMetricsF(self.font()).height()
        right, below = left + size * len(picture.names), top + 2 * high + BAR + 10
        free = left + (np.ceil((below + 4 * high - top) / size) + 1) * size
        corner = QRectF(free, below, right - free, 4 * high)  # that the triangle leaves free
        beside = QRectF(right + MARGIN, top, min(BESIDE, self.width() - right - 2 * MARGIN), 4 * high)
        place = corner if corner.width() >= NARROWEST or beside.width() < NARROWEST else beside
        paint_reading(painter, place, names, picture.texts[row][column], look)

    def _paint_frames(self, painter: QPainter, picture: MatrixPicture, look: PlotColours) -> None:
        """The nearest of all, the chosen cell, and the one under the pointer."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._under is not None:
            painter.setPen(line_pen(look.muted, 1.4))
            painter.drawRect(self.rectangle(self._under))
        if self._current is not None:
            around = self.rectangle(self._current).adjusted(-2.5, -2.5, 2.5, 2.5)
            for colour, width in ((look.background, 4.5), (look.text, 2.0)):
                painter.setPen(line_pen(colour, width))
                painter.drawRect(around)
        if picture.best is not None:
            painter.setPen(line_pen(legible(VERMILLION, look.background, SHAPE_CONTRAST), 2.6))
            painter.drawRoundedRect(self.rectangle(picture.best).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


def _square(cell: Cell, left: float, top: float, size: float) -> QRectF:
    row, column = cell
    return QRectF(left + column * size, top + row * size, size, size)


def near_colour(share: float) -> QColor:
    """Of a distance between the nearest, 0, and the farthest, 1."""
    return _shade(round(SHADES * (1.0 - share)))


@cache
def _shade(place: int) -> QColor:
    """One of the colours of the map."""
    red, green, blue, _ = colours(MAP, np.array([place / SHADES]))[0].tolist()
    return QColor(red, green, blue)


@cache
def _ink_on(face: int) -> QColor:
    """Black or white, whichever is read on a colour."""
    return QColor("black") if _is_bright(QColor(face)) else QColor("white")


def limits_of(distance: FloatArray) -> tuple[float, float]:
    """The nearest and the farthest that is known; never the same."""
    known = distance[np.isfinite(distance)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return low, high if high > low else low + 1.0


def _is_bright(colour: QColor) -> bool:
    return bool(lightness([colour.red(), colour.green(), colour.blue()]) >= BRIGHT)
