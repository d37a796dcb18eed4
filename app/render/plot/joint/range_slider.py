"""A slider with two handles: the lowest and the highest value of a box in one feature."""

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.render.plot.joint.marks import (
    RADIUS,
    answer_colour,
    band_colour,
    paint_correction,
    paint_input,
    paint_rejected,
)
from app.render.plot.joint.span import Span
from app.render.plot.stepping import ALONG
from app.render.plot.style import PlotColours, faded, line_pen, plot_colours

MARGIN = 14.0  # pixels at both ends, for half a handle and half a number
TRACK = 21.0  # of the middle of the track below the top; the marks lie above it
THICK = 5.0  # of the box on the track
GRIP = 9.0, 18.0  # width and height of a handle
REACH = 9.0  # pixels around a handle in which it is held
BIG = 10  # steps, with Shift
_KEYS = {**ALONG, Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1}


class End(IntEnum):
    """What a hand or a key moves."""

    LOW = 0
    HIGH = 1
    BOTH = 2


@dataclass(frozen=True)
class SliderMarks:
    """What lies on the line beside the box, in the feature's unit."""

    input: float
    correction: float | None = None
    half_width: float = 0.0  # for which the correction is stable
    rejected: float | None = None


class RangeSlider(QWidget):
    """Tells of every move, and once when the hand lets go. Tab goes from the low handle to the high one."""

    changing = Signal(float, float)  # low, high, at every step of a drag or a held key
    changed = Signal(float, float)  # once, when it is let go
    dropped = Signal()  # Esc: back to what it was

    def __init__(self, span: Span, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.span, self._unit = span, unit
        self._ends = span.low, span.high
        self._marks = SliderMarks(input=span.low)
        self._answer = "asking"
        self._has_box = True
        self._chosen = End.LOW
        self._held: End | None = None
        self._by_key = False
        self._hold_at = 0.0  # share at which the middle of the box was taken
        self._before = self._ends
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ---- what is shown

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high of the box."""
        return self._ends

    @property
    def chosen(self) -> End:
        """The handle that the keys move."""
        return self._chosen

    @property
    def held(self) -> bool:
        """Whether a hand or a key is on it."""
        return self._held is not None

    @property
    def marks(self) -> SliderMarks:
        """What lies beside the box."""
        return self._marks

    def set_ends(self, low: float, high: float) -> None:
        """Show these, without a signal."""
        if (low, high) != self._ends:
            self._ends = low, high
            self._describe()
            self.update()

    def show_box(self, *, shown: bool) -> None:
        """Leave the box out where there is none."""
        if shown is not self._has_box:
            self._has_box = shown
            self.update()

    def set_marks(self, marks: SliderMarks) -> None:
        """Show these beside the box."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def set_answer(self, answer: str) -> None:
        """Colour the box by what is known of it."""
        if answer != self._answer:
            self._answer = answer
            self.update()

    def handle_at(self, end: End) -> QPointF:
        """The middle of a handle, in pixels."""
        return QPointF(self._x(self._ends[end]), TRACK)

    def sizeHint(self) -> QSize:
        return QSize(320, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self._height())

    # ---- the pointer and the keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        x = event.position().x()
        end = self._end_near(x)
        self._take(end, by_key=False)
        self._hold_at = self._share(x) - self.span.share(self._ends[0])
        if end is not End.BOTH and abs(x - self._x(self._ends[end])) > REACH:
            self._move_to(self.span.snapped(self._share(x)))  # a click on the line fetches the nearer handle

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._held is None or self._by_key:
            near = self._end_near(x)
            shape = Qt.CursorShape.OpenHandCursor if near is End.BOTH else Qt.CursorShape.SizeHorCursor
            self.setCursor(shape if self.isEnabled() else Qt.CursorShape.ArrowCursor)
            return
        share = self._share(x) - (self._hold_at if self._held is End.BOTH else 0.0)
        self._move_to(self.span.snapped(share))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if (step := _KEYS.get(key)) is not None or key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            end = self._chosen
            self._take(end, by_key=True)
            if step is None:
                self._move_to(self.span.low if key == Qt.Key.Key_Home else self.span.high)
                return
            count = BIG if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            start = self._ends[0] if end is End.BOTH else self._ends[end]
            self._move_to(self.span.within(start + step * count * self.span.nudge))
        elif key == Qt.Key.Key_Escape and self._held is not None:
            self._drop()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if Qt.Key(event.key()) in {*_KEYS, Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._let_go()
        else:
            super().keyReleaseEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  Qt's name
        """From the low handle to the high one, and only then to the next widget."""
        onward = End.LOW if next else End.HIGH
        if self._chosen is not onward or not self.isEnabled():
            return super().focusNextPrevChild(next)
        self._let_go()
        self._chosen = End.HIGH if next else End.LOW
        self._describe()
        self.update()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() is Qt.FocusReason.TabFocusReason:
            self._chosen = End.LOW
        elif event.reason() is Qt.FocusReason.BacktabFocusReason:
            self._chosen = End.HIGH
        self._describe()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._by_key:
            self._let_go()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag ends without a trace when its page is turned away: no release will come from there."""
        if self._held is not None:
            self._drop()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _take(self, end: End, *, by_key: bool) -> None:
        if self._held is None:
            self._before, self._by_key = self._ends, by_key
        self._held = self._chosen = end
        self.update()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        self._by_key = False
        self.update()
        if held is not None and self._ends != self._before:
            self.changed.emit(*self._ends)

    def _drop(self) -> None:
        self._held = None
        self.set_ends(*self._before)
        self.dropped.emit()

    def _move_to(self, value: float) -> None:
        """The held handle goes there, as far as the other one and the range let it."""
        low, high = self._ends
        if self._held is End.LOW:
            low = min(self.span.within(value), high)
        elif self._held is End.HIGH:
            high = max(self.span.within(value), low)
        else:
            moved = min(max(value, self.span.low), self.span.high - (high - low)) - low
            low, high = low + moved, high + moved
        if (low, high) != self._ends:
            self.set_ends(low, high)
            self.changing.emit(low, high)

    def _end_near(self, x: float) -> End:
        """The handle under the pointer; both between them; else the nearer one."""
        low, high = self._x(self._ends[0]), self._x(self._ends[1])
        if low + REACH < x < high - REACH:
            return End.BOTH
        if low == high:
            return End.LOW if x < low or self._ends[0] >= self.span.high else End.HIGH
        return End.LOW if abs(x - low) <= abs(x - high) else End.HIGH

    # ---- drawing

    def _height(self) -> int:
        return round(TRACK + GRIP[1] / 2 + 2 + self.fontMetrics().height())

    def _x(self, value: float) -> float:
        return MARGIN + self.span.share(value) * (self.width() - 2 * MARGIN)

    def _share(self, x: float) -> float:
        return (x - MARGIN) / max(1.0, self.width() - 2 * MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = plot_colours(self.palette())
        self._paint_scale(painter, colours)
        self._paint_box(painter, colours)
        above = TRACK - GRIP[1] / 2 - RADIUS + 2
        marks = self._marks
        paint_input(painter, QPointF(self._x(marks.input), above), colours)
        if marks.correction is not None:
            near = abs(self._x(marks.correction) - self._x(marks.input)) < RADIUS
            paint_correction(painter, QPointF(self._x(marks.correction), above), colours, small=near)
        if marks.rejected is not None:
            paint_rejected(painter, QPointF(self._x(marks.rejected), TRACK), colours)
        painter.end()

    def _paint_scale(self, painter: QPainter, colours: PlotColours) -> None:
        left, right = MARGIN, self.width() - MARGIN
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.grid)
        painter.drawRoundedRect(QRectF(left, TRACK - 1.5, right - left, 3), 1.5, 1.5)
        widest = max(
            painter.fontMetrics().horizontalAdvance(self.span.text(end)) for end in self.span.ticks(2) or [0.0]
        )
        ticks = self.span.ticks(max(2, int((right - left) / (widest + 26))))
        bottom, free_from = TRACK + GRIP[1] / 2 + 1, -1.0
        for value in ticks:
            x, text = self._x(value), self.span.text(value)
            wide = painter.fontMetrics().horizontalAdvance(text) + 2.0
            painter.setPen(line_pen(colours.grid))
            painter.drawLine(QPointF(x, TRACK + 3), QPointF(x, TRACK + 7))
            start = min(max(x - wide / 2, 0.0), self.width() - wide)
            if start > free_from:
                painter.setPen(colours.muted)
                place = QRectF(start, bottom, wide, painter.fontMetrics().height())
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
                free_from = start + wide + 4

    def _paint_box(self, painter: QPainter, colours: PlotColours) -> None:
        marks, (low, high) = self._marks, (self._x(end) for end in self._ends)
        painter.setPen(Qt.PenStyle.NoPen)
        if marks.correction is not None and marks.half_width > 0:
            start, end = (self._x(marks.correction + sign * marks.half_width) for sign in (-1, 1))
            painter.setBrush(band_colour(colours))
            painter.drawRoundedRect(QRectF(start, TRACK - 7, max(end - start, 2.0), 14), 3, 3)
        if not self._has_box:
            return
        colour = answer_colour(self._answer, colours)
        solid = colour if self.isEnabled() else faded(colour, 0.6)
        painter.setBrush(solid)
        painter.drawRect(QRectF(low, TRACK - THICK / 2, max(high - low, 1.0), THICK))
        if not self.isEnabled():
            return
        for end, x in ((End.LOW, low), (End.HIGH, high)):
            focused = self.hasFocus() and self._chosen in (end, End.BOTH)
            painter.setPen(line_pen(colours.text if focused else colours.background, 2.0 if focused else 1.2))
            painter.setBrush(colour)
            side = -1 if end is End.LOW else 1  # they stand back to back where the box has no width
            place = QRectF(x + (side - 1) * GRIP[0] / 2, TRACK - GRIP[1] / 2, GRIP[0], GRIP[1])
            painter.drawRoundedRect(place, 3, 3)

    # ---- words

    def _words_at(self, place: QPointF) -> str:
        marks, x = self._marks, place.x()
        if place.y() < TRACK - GRIP[1] / 2 + 3:
            if marks.correction is not None and abs(x - self._x(marks.correction)) <= RADIUS + 2:
                stable = f", stable for ± {self._amount(marks.half_width)}" if marks.half_width else ""
                return f"Nearest stable correction: {self._amount(marks.correction)}{stable}"
            if abs(x - self._x(marks.input)) <= RADIUS + 2:
                return f"Now: {self._amount(marks.input)}"
        if marks.rejected is not None and abs(x - self._x(marks.rejected)) <= RADIUS + 2:
            return f"A rejected point of the box: {self._amount(marks.rejected)}"
        low, high = (self._amount(end) for end in self._ends)
        return f"Box: {low} to {high}. Drag an end or the middle; ← → moves the chosen end, with Shift tenfold."

    def _amount(self, value: float) -> str:
        return f"{self.span.text(value)} {self._unit}".rstrip()

    def _describe(self) -> None:
        low, high = (self._amount(end) for end in self._ends)
        which = {End.LOW: "lowest", End.HIGH: "highest", End.BOTH: "whole box"}[self._chosen]
        self.setAccessibleDescription(f"{low} to {high}; keys move the {which}")
