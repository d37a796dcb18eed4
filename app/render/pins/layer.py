"""The pins over one picture: they stay at their places, show what they are about, and new ones are put in by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.render.pins.ground import PinGround
from app.render.pins.mark import HEAD, PinMark
from app.render.pins.pin import Pin, arrangement
from core.review.note import Anchor

WIDE = HEAD * 1.8  # pixels from the tip of a mark that stands for several to its far end
NEAR = HEAD * 0.8  # pixels between two tips, below which one mark stands for both
FEW, CROWDED = 60, HEAD * 2.4  # pins beyond which marks that tell of several would cover one another, and pixels then


@contextmanager
def out_of_sight(widget: QWidget) -> Iterator[None]:
    """No pin is seen in a widget while a picture of it is made: pictures go to where nobody has the notes."""
    seen = [mark for mark in widget.findChildren(PinMark) if not mark.isHidden()]
    for mark in seen:
        mark.hide()
    try:
        yield
    finally:
        for mark in seen:
            mark.show()


class PinLayer(QObject):
    """Marks for the pins of a ground. Whoever has the notes gives them, and is told what a hand wants."""

    opened = Signal(str)  # id of a note whose pin was pressed
    pointed = Signal(object)  # Anchor: a note is to be pinned there, in the mode for that
    menu_wanted = Signal(object, QPoint)  # Anchor or None under a click of the right button, and where on the screen

    def __init__(self, ground: PinGround) -> None:
        super().__init__(ground)
        self.ground = ground
        self._pins: tuple[Pin, ...] = ()
        self._current = ""
        self._marks: list[PinMark] = []
        self._placing = False
        self._pressed: QPointF | None = None  # where the right button went down
        ground.moved.connect(self.place)
        ground.widget.installEventFilter(self)

    @property
    def marks(self) -> tuple[PinMark, ...]:
        """Those that are seen."""
        return tuple(mark for mark in self._marks if not mark.isHidden())

    def set_pins(self, pins: Sequence[Pin], current: str) -> None:
        """Show these; the one of the note that is read stands out."""
        before, self._pins = self._pins, tuple(pins)
        stay = current == self._current and [*map(_standing, before)] == [*map(_standing, self._pins)]
        self._current = current
        if not stay:
            self.place()
        elif before != self._pins:
            self._say_anew()

    def set_placing(self, placing: bool) -> None:  # noqa: FBT001  a mode
        """Whether the next click pins a note, instead of what it does otherwise."""
        if placing != self._placing:
            self._placing = placing
            if placing:
                self.ground.widget.setCursor(Qt.CursorShape.CrossCursor)
            else:
                self.ground.widget.unsetCursor()

    def place(self) -> None:
        """Put every mark where its place is now. Costs nothing while nobody sees the picture, or there are no pins."""
        widget = self.ground.widget
        if not (self._pins or self._marks) or not widget.isVisible():
            return
        found = self.ground.spots_of([pin.anchor for pin in self._pins])
        spots = {pin.note_id: spot for pin, spot in zip(self._pins, found, strict=True) if spot is not None}
        places = {note_id: (spot.point.x(), spot.point.y()) for note_id, spot in spots.items()}
        groups = arrangement(self._pins, places, self._current, NEAR if len(places) <= FEW else CROWDED, WIDE)
        while len(self._marks) < len(groups):
            self._marks.append(self._new_mark(widget))
        for mark, group in zip(self._marks, groups, strict=False):
            spot, lead = spots[group[0].note_id], group[0]
            mark.show_pins(group, current=lead.note_id == self._current, hidden=spot.hidden)
            mark.put(spot.point)
            mark.show()
        for mark in self._marks[len(groups) :]:
            mark.hide()
        for mark in reversed(self._marks[: len(groups)]):  # what leads lies on top
            mark.raise_()

    def _say_anew(self) -> None:
        """Other words on the same pins, such as those of a note that is being typed."""
        pins = {pin.note_id: pin for pin in self._pins}
        for mark in self._marks:
            if not mark.isHidden():
                mark.show_pins([pins[pin.note_id] for pin in mark.pins], current=mark.current, hidden=mark.hidden)

    def _new_mark(self, widget: QWidget) -> PinMark:
        mark = PinMark(widget)
        mark.clicked.connect(lambda: self._on_pressed(mark))
        return mark

    def _on_pressed(self, mark: PinMark) -> None:
        """Read the note; pressed again, the next one that lies under the same mark."""
        pins = sorted((pin for pin in mark.pins if pin.number), key=lambda pin: pin.number)
        read = next((pin.number for pin in pins if pin.note_id == self._current), None)
        if read is not None:
            self.opened.emit(next((pin for pin in pins if pin.number > read), pins[0]).note_id)
        elif pins:
            self.opened.emit(mark.lead.note_id if mark.lead.number else pins[0].note_id)

    # ---- the hand

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.place()
        elif isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        elif isinstance(event, QContextMenuEvent) and event.reason() is QContextMenuEvent.Reason.Keyboard:
            middle = self.ground.widget.rect().center()
            self.menu_wanted.emit(None, self.ground.widget.mapToGlobal(middle))
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        press, release = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
        if self._placing and event.button() is Qt.MouseButton.LeftButton and event.type() in (press, release):
            if event.type() is release:
                self._point(event.position())
            return True
        if event.button() is Qt.MouseButton.RightButton and event.type() is press:
            self._pressed = event.position()
        elif event.button() is Qt.MouseButton.RightButton and event.type() is release:
            start, self._pressed = self._pressed, None
            far = QGuiApplication.styleHints().startDragDistance()
            if start is not None and (event.position() - start).manhattanLength() < far:  # a drag zooms or moves
                self.menu_wanted.emit(self.ground.anchor_at(start), event.globalPosition().toPoint())
        return False

    def _point(self, position: QPointF) -> None:
        anchor: Anchor | None = self.ground.anchor_at(position)
        if anchor is not None:
            self.pointed.emit(anchor)


def _standing(pin: Pin) -> tuple[str, int, bool, Anchor]:
    """All of a pin that says where it stands, and before which others."""
    return pin.note_id, pin.number, pin.resolved, pin.anchor
