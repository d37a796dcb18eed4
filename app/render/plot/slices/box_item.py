"""A box that one drags, resizes and nudges; it shows whether every point of it is accepted."""

from enum import Enum
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from app.render.plot.pixel_item import PixelItem
from app.render.plot.slices.box_geometry import BODY, HANDLES, Grip, Limits, dragged, same_box, widened
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, VERMILLION, PlotColours, faded, legible, line_pen
from core.corrections.records.correction import Box

HANDLE = 7.0  # pixels
REACH = 7.0  # pixels around an edge in which it is held
ROOMY = 48.0  # pixels of a side on which a third handle is drawn
SMALLEST_GRIP = 34.0  # pixels: a smaller box is held by a frame of this size
NUDGE, BIG_NUDGE = 0.01, 0.10  # of the range

_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Up: (0, 1)}
_CURSORS = {
    (0, 0): Qt.CursorShape.OpenHandCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeBDiagCursor,  # y points upwards in the plot
    (1, -1): Qt.CursorShape.SizeFDiagCursor,
}


class BoxState(Enum):
    """What is known about the box."""

    OPEN = "not judged"
    PROVED = "proved"
    REFUTED = "refuted"


class _Drag(NamedTuple):
    grip: Grip
    start: QPointF  # in pixels
    before: Box


class BoxItem(PixelItem):
    """A box in data units with eight handles, held and drawn in pixels."""

    changing = Signal(object)  # Box, at every step of a drag or a held key, and when Esc takes it back
    changed = Signal(object, object)  # Box before, Box after: once, when the hand lets go

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view, z=30)
        self._box: Box | None = None
        self._limits = Limits((0.0, 0.0), (1.0, 1.0))
        self._state = BoxState.OPEN
        self._drag: _Drag | None = None
        self._nudged_from: Box | None = None
        self._colours: PlotColours | None = None
        self.setAcceptHoverEvents(True)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)
        self.hide()

    # ---- what is shown

    @property
    def box(self) -> Box | None:
        """The box on screen."""
        return self._box

    @property
    def state(self) -> BoxState:
        """Whether it is shown as proved or refuted."""
        return self._state

    @property
    def busy(self) -> bool:
        """Whether a hand is on the box: a drag or a held key has not ended yet."""
        return self._drag is not None or self._nudged_from is not None

    def set_box(self, box: Box | None, limits: Limits) -> None:
        """Show another box, or none, without a signal. A drag that is under way ends without one, too."""
        self._end_hold()
        self._limits = limits
        self._box = box
        self.setVisible(box is not None)
        self._moved()

    def set_state(self, state: BoxState) -> None:
        """Show it as proved, refuted or not judged."""
        if state is not self._state:
            self._state = state
            self.update()

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._colours = colours
        self.update()

    def pixel_rect(self) -> QRectF:
        """The box itself in pixels of the view box."""
        if self._box is None:
            return QRectF()
        x_low, y_low, x_high, y_high = self._box.bounds
        return QRectF(self.to_pixels(x_low, y_low), self.to_pixels(x_high, y_high)).normalized()

    def grip_rect(self) -> QRectF:
        """Where the handles are: the box, or a larger frame around a box that is too small to hold."""
        rect = self.pixel_rect()
        x, y = (max(0.0, SMALLEST_GRIP - side) / 2 for side in (rect.width(), rect.height()))
        return rect.adjusted(-x, -y, x, y)

    def handle_position(self, grip: Grip) -> QPointF:
        """The middle of a handle in pixels of the view box."""
        rect = self.grip_rect()
        return rect.center() + QPointF(grip.x * rect.width() / 2, -grip.y * rect.height() / 2)

    # ---- the mouse

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        if self._box is not None:
            path.addRect(self.grip_rect().adjusted(-REACH, -REACH, REACH, REACH))
        return path

    def grip_at(self, point: QPointF) -> Grip:
        """Which part of the box lies under a point, in pixels of the view box."""
        rect = self.grip_rect()
        x = _edge(point.x(), rect.left(), rect.right())
        y = -_edge(point.y(), rect.top(), rect.bottom())
        return Grip(x, y)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._set_cursor(self.grip_at(event.pos()))

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._box is None:
            event.ignore()
            return
        self._finish_nudge()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._drag = _Drag(self.grip_at(event.pos()), event.pos(), self._box)
        if self._drag.grip.is_body:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._drag is None:  # taken back by Esc; the button is still down
            return
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        by = self._distance(self._drag.start, event.pos(), one_axis=bool(shift))
        self._show(dragged(self._drag.before, self._drag.grip, by, self._limits))

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self.mouseMoveEvent(event)  # the hand may have moved since the last move that was reported
        drag, self._drag = self._drag, None
        self._set_cursor(self.grip_at(event.pos()))
        if drag is not None:
            self._announce(drag.before)

    def _distance(self, start: QPointF, end: QPointF, *, one_axis: bool) -> tuple[float, float]:
        """How far the hand has come, in data units; on one axis only the larger part, as the eye sees it."""
        step = end - start
        (x0, y0), (x1, y1) = self.to_data(start), self.to_data(end)
        if not one_axis:
            return x1 - x0, y1 - y0
        return (x1 - x0, 0.0) if abs(step.x()) >= abs(step.y()) else (0.0, y1 - y0)

    def _set_cursor(self, grip: Grip) -> None:
        x, y = (grip.x, grip.y) if grip.x >= 0 else (-grip.x, -grip.y)
        self.setCursor(_CURSORS[x, y if x else abs(y)])

    # ---- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self.busy:
            self._take_back()
        elif arrow is not None and self._box is not None and self._drag is None:
            self._nudge(arrow, event.modifiers())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key(event.key()) in _ARROWS:
            self._finish_nudge()

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self._finish_nudge()
        self.update()

    def _nudge(self, arrow: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        assert self._box is not None  # noqa: S101  `keyPressEvent` has looked
        if self._nudged_from is None:
            self._nudged_from = self._box
        share = BIG_NUDGE if modifiers & Qt.KeyboardModifier.ShiftModifier else NUDGE
        x, y = (self._limits.nudge(axis, share) * sign for axis, sign in enumerate(arrow))
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._show(widened(self._box, (x, y), self._limits))
        else:
            self._show(dragged(self._box, BODY, (x, y), self._limits))

    def _finish_nudge(self) -> None:
        before, self._nudged_from = self._nudged_from, None
        if before is not None:
            self._announce(before)

    # ---- both

    def _show(self, box: Box) -> None:
        if self._box is None or not same_box(box, self._box):
            self._box = box
            self._moved()
            self.changing.emit(box)

    def _announce(self, before: Box) -> None:
        if self._box is not None and not same_box(before, self._box):
            self.changed.emit(before, self._box)

    def _take_back(self) -> None:
        before = self._drag.before if self._drag is not None else self._nudged_from
        self._end_hold()
        if before is not None:
            self._show(before)

    def _end_hold(self) -> None:
        self._drag = self._nudged_from = None

    def _moved(self) -> None:
        self.prepareGeometryChange()
        self.update()

    # ---- drawing

    def boundingRect(self) -> QRectF:
        margin = REACH + HANDLE
        return self.grip_rect().adjusted(-margin, -margin, margin, margin)

    def draw(self, painter: QPainter) -> None:
        if self._colours is None or self._box is None:
            return
        colour = state_colour(self._state, self._colours)
        rect, grips = self.pixel_rect(), self.grip_rect()
        paint_box(painter, rect, self._state, colour)
        if grips != rect:
            painter.setPen(line_pen(colour, 1.0, Qt.PenStyle.DotLine))
            painter.drawRect(grips)
        if self.hasFocus():
            painter.setPen(line_pen(self._colours.text, 1.0, Qt.PenStyle.DotLine))
            painter.drawRect(grips.adjusted(-6, -6, 6, 6))
        painter.setBrush(self._colours.background)
        painter.setPen(line_pen(colour, 1.5))
        for grip in HANDLES:
            if (grip.x == 0 and grips.width() < ROOMY) or (grip.y == 0 and grips.height() < ROOMY):
                continue  # between the corners; it can be held there all the same
            middle = self.handle_position(grip)
            painter.drawRect(QRectF(middle.x() - HANDLE / 2, middle.y() - HANDLE / 2, HANDLE, HANDLE))


def state_colour(state: BoxState, colours: PlotColours) -> QColor:
    """Bluish green for proved, vermillion for refuted, the text's colour for not judged."""
    colour = {BoxState.PROVED: BLUISH_GREEN, BoxState.REFUTED: VERMILLION, BoxState.OPEN: colours.muted}[state]
    return legible(colour, colours.background, SHAPE_CONTRAST)


def paint_box(painter: QPainter, rect: QRectF, state: BoxState, colour: QColor) -> None:
    """Fill and outline of a box: clear when proved, cross-hatched when refuted."""
    painter.fillRect(rect, faded(colour, 0.28 if state is BoxState.PROVED else 0.14))
    if state is BoxState.REFUTED:
        painter.fillRect(rect, QBrush(faded(colour, 0.75), Qt.BrushStyle.DiagCrossPattern))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line_pen(colour, 2.2, Qt.PenStyle.DashLine if state is BoxState.OPEN else Qt.PenStyle.SolidLine))
    painter.drawRect(rect)


def _edge(value: float, low: float, high: float) -> int:
    """−1 near the low edge, 1 near the high one, 0 between."""
    inside = min(REACH, (high - low) / 4)
    if value <= low + inside:
        return -1
    return 1 if value >= high - inside else 0
