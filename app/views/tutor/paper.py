"""The paper of the drawing tutor: strokes by mouse, the suggestion in green, and the boxes of its free ends."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from app.theme.colours import Colours
from app.views.networks.tones import tones
from app.views.tutor.sketch import Sketch, nearest_stroke
from core.corrections.tutor.lesson import EndBox, Lesson
from core.data.drawings.strokes import LARGEST, SIDE, FloatArray, Strokes, drawn_stroke

Standing = Literal["proved", "accepted", "rejected", "unknown"]
MARGIN = 14  # pixels around the paper
NEAR = 11.0  # pixels of the screen within which a press takes hold of an end
CLICK = 3.0  # pixels of the paper; a press that moves no farther is no stroke
HANDLE = 5.5  # radius of an end, pixels of the screen
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Paper(QWidget):
    """Shows a `Sketch`, and a lesson over it. What is done with the mouse is told by signals."""

    edited = Signal()  # the sketch has another drawing now
    chosen_changed = Signal()  # another stroke is chosen, or none
    placed = Signal()  # a free end was moved: see `placement`
    full = Signal()  # a stroke was refused, because the drawing would have too many lines

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tutor.paper")
        self.setAccessibleName("Paper to draw on")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 220)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.sketch = Sketch()
        self.template: Strokes = ()
        self.show_template = True
        self.chosen: int | None = None
        self.lesson: Lesson | None = None
        self.placement: FloatArray = np.zeros(0)  # (k,), of the free ends of the lesson
        self.standing: Standing = "accepted"  # of the placement
        self._held: int | None = None  # the end that is dragged
        self.end: int | None = None  # the end that the arrow keys move
        self._pen: list[tuple[float, float]] = []  # of the stroke that is being drawn
        self._still: tuple[tuple[object, ...], QPixmap] | None = None  # what stays while an end or the pen moves

    def sizeHint(self) -> QSize:
        return QSize(520, 520)

    def set_lesson(self, lesson: Lesson | None) -> None:
        """Show a suggestion with its boxes; ends that were moved stay where they are while it only grows."""
        same = lesson is not None and self.lesson is not None and lesson.request is self.lesson.request
        moved = same and len(self.placement) == 2 * len(lesson.free) and self._moved() if lesson else False
        self.lesson = lesson
        if lesson is None or not lesson.free:
            self.placement, self.end, self._held = np.zeros(0), None, None
        elif not moved:
            self.placement = lesson.placing.start.copy()
            self.end = None if not same else self.end
        self.update()

    def set_standing(self, standing: Standing) -> None:
        """How the placement is judged, which its ends are coloured by."""
        self.standing = standing
        self.update()

    def suggested(self) -> Strokes:
        """The drawing of the lesson with its ends where they are now."""
        if self.lesson is None:
            return ()
        return self.lesson.placing.at(self.placement) if self.lesson.free else self.lesson.drawing

    def take_back(self) -> None:
        """Undo the last step of the drawing."""
        if self.sketch.undo():
            self._on_edited()

    def put_back(self) -> None:
        """Redo it."""
        if self.sketch.redo():
            self._on_edited()

    def put(self, strokes: Strokes) -> None:
        """Another drawing, as one step of undo."""
        self.sketch.replace(strokes)
        self._on_edited()

    def delete_chosen(self) -> None:
        """Take the chosen stroke away."""
        if self.chosen is not None:
            self.sketch.remove(self.chosen)
            self._on_edited()

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the paper is on the widget."""
        square, scale = self._square(), self._scale()
        return QPointF(square.left() + (x + 0.5) * scale, square.top() + (y + 0.5) * scale)

    def event(self, event: QEvent) -> bool:
        """Undo and Delete belong to the paper while it has the focus, not to the session."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.take_back()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.put_back()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_chosen()
        elif event.key() == Qt.Key.Key_Escape and self.chosen is not None:
            self._choose(None)
        elif event.key() in (Qt.Key.Key_N, Qt.Key.Key_Space) and self.lesson is not None and self.lesson.free:
            self.end = 0 if self.end is None else (self.end + 1) % len(self.lesson.free)
            self.update()
        elif event.key() in ARROWS and self.end is not None and self.lesson is not None:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            step = np.array(ARROWS[Qt.Key(event.key())]) * far
            self._move_end(self.end, self.placement[2 * self.end : 2 * self.end + 2] + step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = self._end_near(event.position())
        if self._held is not None:
            self.end = self._held
            self.update()
        elif self._square().contains(event.position()):
            self._pen = [self._pixel(event.position())]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move_end(self._held, np.round(self._pixel(event.position())))
        elif self._pen:
            self._pen.append(self._pixel(event.position()))
            self.update()
        else:
            over = self._end_near(event.position()) is not None
            self.setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = None
        pen, self._pen = self._pen, []
        if not pen:
            return
        points = np.array(pen).T
        if np.ptp(points, axis=1).max() <= CLICK:
            self._choose(nearest_stroke(self.sketch.strokes, pen[0], NEAR / self._scale()))
        elif self.sketch.add(drawn_stroke(points)):
            self._on_edited()
        else:
            self.full.emit()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still_picture())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, lesson = tones(self.palette()), self.lesson
        if lesson is not None and (lesson.added or lesson.free):
            suggested = self.suggested()
            shown = sorted({*lesson.added, *(stroke for stroke, _ in lesson.free)})
            self._draw(painter, [suggested[stroke] for stroke in shown], QColor(colours.good), 2.8)
            self._draw_ends(painter, colours)
        if self._pen:
            self._draw(painter, (np.array(self._pen).T,), QColor(colours.text), 2.4)

    def _still_picture(self) -> QPixmap:
        """The sheet, the template, boxes and strokes: drawn once and not again for every place of an end or the pen."""
        ratio, tone = self.devicePixelRatioF(), tones(self.palette())
        plain = (self.size(), ratio, tone, self.palette().cacheKey(), self.show_template, self.chosen)
        shown = (self.template, self.sketch.strokes, self.lesson)  # none of them ever changes in itself
        if self._still is not None:
            before = self._still[0]
            if before[0] == plain and all(one is other for one, other in zip(before[1:], shown, strict=True)):
                return self._still[1]
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_still(painter, tone)
        painter.end()
        self._still = (plain, *shown), picture
        return picture

    def _draw_still(self, painter: QPainter, colours: Colours) -> None:
        square = self._square()
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.base))
        painter.drawRoundedRect(square.adjusted(-6, -6, 6, 6), 6, 6)
        if self.show_template:
            self._draw(painter, self.template, _faint(colours.muted, 70), 1.4, Qt.PenStyle.DashLine)
        self._draw_boxes(painter, colours)
        dropped = () if self.lesson is None else self.lesson.dropped
        for place, stroke in enumerate(self.sketch.strokes):
            gone, chosen = place in dropped, place == self.chosen
            colour = colours.bad if gone else colours.accent if chosen else colours.text
            style = Qt.PenStyle.DotLine if gone else Qt.PenStyle.SolidLine
            self._draw(painter, (stroke,), QColor(colour), 3.2 if chosen else 2.4, style)

    def _draw(
        self,
        painter: QPainter,
        strokes: Sequence[FloatArray],
        colour: QColor,
        width: float,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        pen = QPen(colour, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        square, scale = self._square(), self._scale()
        for stroke in strokes:
            placed = np.array([[square.left()], [square.top()]]) + (stroke + 0.5) * scale
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in placed.T.tolist()]))

    def _draw_boxes(self, painter: QPainter, colours: Colours) -> None:
        """Where single ends may lie alone, dashed, and under them where all may lie at once, filled."""
        if self.lesson is None:
            return
        for box in self.lesson.alone:
            painter.setPen(QPen(_faint(colours.good, 150), 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(_faint(colours.good, 14))
            painter.drawRect(self._rectangle(box))
        for box in self.lesson.joint:
            painter.setPen(QPen(QColor(colours.good), 1.6))
            painter.setBrush(_faint(colours.good, 52))
            painter.drawRect(self._rectangle(box))

    def _draw_ends(self, painter: QPainter, colours: Colours) -> None:
        shades = {
            "proved": colours.good,
            "accepted": colours.warning,
            "rejected": colours.bad,
            "unknown": colours.muted,
        }
        colour = shades[self.standing]
        for end, (x, y) in enumerate(self.placement.reshape(-1, 2).tolist()):
            painter.setPen(QPen(QColor(colour), 2))
            painter.setBrush(QColor(colour if end == self.end else colours.base))
            painter.drawEllipse(self.place(x, y), HANDLE, HANDLE)
            painter.setPen(QColor(colour))
            painter.drawText(self.place(x, y) + QPointF(HANDLE + 2, -HANDLE), str(end + 1))

    def _rectangle(self, box: EndBox) -> QRectF:
        """Of whole pixels: a box of a single pixel is as large as that pixel."""
        half = 0.5
        return QRectF(
            self.place(float(box.low[0]) - half, float(box.low[1]) - half),
            self.place(float(box.high[0]) + half, float(box.high[1]) + half),
        )

    def _square(self) -> QRectF:
        side = max(16, min(self.width(), self.height()) - 2 * MARGIN)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _scale(self) -> float:
        return self._square().width() / SIDE

    def _pixel(self, position: QPointF) -> tuple[float, float]:
        square, scale = self._square(), self._scale()
        x, y = (position.x() - square.left()) / scale - 0.5, (position.y() - square.top()) / scale - 0.5
        return float(np.clip(x, 0, LARGEST)), float(np.clip(y, 0, LARGEST))

    def _end_near(self, position: QPointF) -> int | None:
        ends = self.placement.reshape(-1, 2)
        if self.lesson is None or not len(ends):
            return None
        places = [self.place(x, y) for x, y in ends.tolist()]
        distances = [float(np.hypot(one.x() - position.x(), one.y() - position.y())) for one in places]
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= NEAR else None

    def _move_end(self, end: int, point: FloatArray | tuple[float, float]) -> None:
        placement = self.placement.copy()
        placement[2 * end : 2 * end + 2] = np.clip(point, 0, LARGEST)
        if not np.array_equal(placement, self.placement):
            self.placement = placement
            self.update()
            self.placed.emit()

    def _moved(self) -> bool:
        return self.lesson is not None and not np.array_equal(self.placement, self.lesson.placing.start)

    def _choose(self, stroke: int | None) -> None:
        if stroke != self.chosen:
            self.chosen = stroke
            self.update()
            self.chosen_changed.emit()

    def _on_edited(self) -> None:
        self._choose(None)
        self.set_lesson(None)
        self.edited.emit()

    def _own_key(self, event: QKeyEvent) -> bool:
        keys = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        standard = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
        return event.key() in keys or any(event.matches(one) for one in standard)


def standing_of(lead: float | None) -> Standing:
    """Of a placement of which nothing is proved, by the verdict of the network; None where there is none."""
    if lead is None:
        return "unknown"
    return "accepted" if lead > 0 else "rejected"


def _faint(colour: str, alpha: int) -> QColor:
    found = QColor(colour)
    found.setAlpha(alpha)
    return found
