"""Attacked pictures beside one another: as they were, what was added, what came of it, and the verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.actions.wording import tip
from app.render.plot.style import VERMILLION, legible, line_pen, plot_colours

SIDE = 84  # pixels that a picture has at least
LEAST = 48  # and where a whole sample could not be seen otherwise
SPACING = 14
GAP = 4  # between a picture and its words
MARGIN = 10
CAPTIONS = ("as it is", "added", "attacked")


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownExample:
    """One sample under one attack at one strength."""

    title: str
    original: QImage
    change: QImage | None  # None: not computed yet
    attacked: QImage | None
    clean: str
    verdict: str
    turned: bool

    @property
    def words(self) -> str:
        """All of it in one line."""
        turned = " (wrong)" if self.turned else ""
        return f"{self.title} · as it is: {self.clean} · attacked: {self.verdict}{turned}"


class ExampleGrid(QWidget):
    """Three pictures above one another for every sample; as many side by side as there is room for."""

    pointed_at = Signal(str)  # words about the sample under the pointer, "" when there is none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examples.grid")
        self.setAccessibleName("Attacked samples")
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shown: tuple[ShownExample, ...] = ()
        self._room = 0  # pixels of height that can be seen at once; 0: nobody has said

    @property
    def shown(self) -> tuple[ShownExample, ...]:
        """The samples on screen."""
        return self._shown

    def set_examples(self, shown: Sequence[ShownExample]) -> None:
        """Show these."""
        self._shown = tuple(shown)
        self.setAccessibleDescription("; ".join(one.words for one in shown))
        self.updateGeometry()
        self.update()

    def set_room(self, height: int) -> None:
        """Make pictures so large that a sample is seen whole in `height` pixels, as far as they stay legible."""
        before, self._room = self._side(), height
        if self._side() != before:
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        columns = self._columns(width)
        lines = -(-len(self._shown) // columns) if self._shown else 0
        return 2 * MARGIN + lines * (self._cell().height() + SPACING)

    def sizeHint(self) -> QSize:
        return QSize(600, self.heightForWidth(600))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._left() + self._cell().width() + 2 * MARGIN, self._cell().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  all of it is painted
        painter = QPainter(self)
        for index in range(len(self._shown)):
            cell = self._place(index)
            if index % self._columns(self.width()) == 0:
                self._paint_captions(painter, cell.top())
            self._paint_one(painter, cell, self._shown[index])
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            one = self._at(event.pos())
            QToolTip.showText(event.globalPos(), tip(one.words) if one else "", self)
            return True
        if event.type() is QEvent.Type.Leave:
            self.pointed_at.emit("")
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        one = self._at(event.position().toPoint())
        self.pointed_at.emit(one.words if one else "")
        super().mouseMoveEvent(event)

    def _paint_captions(self, painter: QPainter, top: int) -> None:
        painter.setFont(self.font())
        painter.setPen(plot_colours(self.palette()).muted)
        for caption, place in zip(CAPTIONS, self._tops(top), strict=True):
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(MARGIN, place, self._left(), self._side().height()), flags, caption)

    def _paint_one(self, painter: QPainter, cell: QRect, one: ShownExample) -> None:
        frame, line = plot_colours(self.palette()), self.fontMetrics().height()
        self._write(painter, QRect(cell.left(), cell.top(), cell.width(), line), one.title, bold=True)
        tops = self._tops(cell.top())
        for picture, top in zip((one.original, one.change, one.attacked), tops, strict=True):
            size = self._side()
            place = QRect(cell.center().x() - size.width() // 2, top, size.width(), size.height())
            if picture is None:
                painter.fillRect(place, frame.neutral)
            else:
                painter.drawImage(place, picture)
            painter.setPen(line_pen(frame.grid))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        below = self._side().height() + GAP // 2
        self._write(painter, QRect(cell.left(), tops[0] + below, cell.width(), line), one.clean)
        words = f"✗ {one.verdict}" if one.turned else one.verdict
        self._write(painter, QRect(cell.left(), tops[2] + below, cell.width(), line), words, turned=one.turned)

    def _write(self, painter: QPainter, place: QRect, text: str, *, bold: bool = False, turned: bool = False) -> None:
        frame, font = plot_colours(self.palette()), QFont(self.font())
        font.setBold(bold or turned)
        painter.setFont(font)
        painter.setPen(legible(VERMILLION, frame.background) if turned else frame.text if bold else frame.muted)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, elided)

    def _tops(self, top: int) -> tuple[int, int, int]:
        """Where the three pictures begin: words stand above the first, below it, and below the last."""
        line, side = self.fontMetrics().height(), self._side().height()
        first = top + line + GAP
        second = first + side + line + GAP
        return first, second, second + side + GAP

    def _side(self) -> QSize:
        """Every picture is enlarged a whole number of times, so that its pixels keep one size."""
        size = self._shown[0].original.size() if self._shown else QSize(SIDE, SIDE)
        longest = max(1, size.width(), size.height())
        most, least = (max(1, -(-side // longest)) for side in (SIDE, LEAST))
        if self._room <= 0:
            return size * most
        words = 2 * MARGIN + 3 * self.fontMetrics().height() + 4 * GAP
        return size * min(max((self._room - words) // (3 * longest), least), most)

    def _cell(self) -> QSize:
        line, side = self.fontMetrics().height(), self._side()
        width = max(side.width(), self.fontMetrics().horizontalAdvance("✗ class 10 99.9 %") + 8)
        return QSize(width, 3 * side.height() + 3 * line + 4 * GAP)

    def _left(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(caption) for caption in CAPTIONS) + SPACING

    def _columns(self, width: int) -> int:
        room = width - 2 * MARGIN - self._left() + SPACING
        return max(1, room // (self._cell().width() + SPACING))

    def _place(self, index: int) -> QRect:
        line, column = divmod(index, self._columns(self.width()))
        cell = self._cell()
        left = MARGIN + self._left() + column * (cell.width() + SPACING)
        return QRect(QPoint(left, MARGIN + line * (cell.height() + SPACING)), cell)

    def _at(self, place: QPoint) -> ShownExample | None:
        return next((one for index, one in enumerate(self._shown) if self._place(index).contains(place)), None)
