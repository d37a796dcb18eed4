"""A place of a curve is picked with the mouse or the arrow keys: told at every step, and once when it is let go."""

from typing import Generic, Protocol, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.render.plot.stepping import ALONG

NEAR = 6.0  # pixels in which the pointer takes what is special about a curve
LEFT = Qt.MouseButton.LeftButton
ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)

P = TypeVar("P")


class Places(Protocol[P]):
    """What can be picked of a curve."""

    def at(self, x: float, near: float) -> P:
        """The place under the pointer; `near` is how far it may miss, in units of the axis."""
        ...

    def beside(self, place: P | None, step: int, *, far: bool) -> P:
        """The next one to a side, 1 or −1; None: nothing is picked yet."""
        ...

    def end(self, *, last: bool) -> P:
        """The first or the last one."""
        ...


class Picker(QObject, Generic[P]):
    """The hand on a curve. Whoever drew the curve marks the place; the document decides what follows from it.

    Parameters
    ----------
    view : QWidget
        Whose keys are meant.
    plot : PlotWidget
        In which the mouse picks.
    """

    moved = Signal()  # the place is another one, or nobody is at it any more
    picking = Signal(object)  # place, at every step while a hand or a key is on the curve
    picked = Signal(object)  # place, when it lets go
    dropped = Signal()  # Esc, or the page is turned away: as it was before

    def __init__(self, view: QWidget, plot: pg.PlotWidget) -> None:
        super().__init__(view)
        self.places: Places[P] | None = None  # None: nothing can be picked
        self.at: P | None = None
        self.held = False
        self._before: P | None = None
        self._by_key = False
        self._view, self._plot = view, plot
        view.installEventFilter(self)
        plot.viewport().installEventFilter(self)

    def put(self, place: P | None) -> None:
        """Where the document has it."""
        self.at = place
        self.moved.emit()

    def let_go(self) -> None:
        """The hand goes, and what it holds stays as it is, without a word."""
        self.held = self._by_key = False

    def x_of(self, position: QPointF) -> float:
        """Where a pixel of the plot lies on its axis."""
        return float(self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(position.toPoint())).x())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._view:
            return isinstance(event, QMouseEvent) and self.places is not None and self._on_mouse(event, self.places)
        if event.type() is QEvent.Type.Hide and self.held:
            self._drop()  # no release will come from there
        elif event.type() is QEvent.Type.FocusOut and self._by_key:
            self._pick()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._on_key(event)
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyRelease and _steps(event):
            self._pick()
        return False

    def _on_mouse(self, event: QMouseEvent, places: Places[P]) -> bool:
        left = event.button() is LEFT
        if event.type() is QEvent.Type.MouseButtonPress and left:
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            self._take(self._under(event.position(), places))
            return True
        if event.type() is QEvent.Type.MouseButtonRelease and left:
            self._pick()
            return True
        if event.type() is QEvent.Type.MouseMove and event.buttons() & LEFT and self.held and not self._by_key:
            self._take(self._under(event.position(), places))
            return True
        return event.type() is QEvent.Type.MouseButtonDblClick

    def _on_key(self, event: QKeyEvent) -> bool:
        key, places = Qt.Key(event.key()), self.places
        if places is not None and (step := ALONG.get(key)) is not None:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._take(places.beside(self.at, step, far=far), by_key=True)
        elif places is not None and key in ENDS:
            self._take(places.end(last=key == Qt.Key.Key_End), by_key=True)
        elif key == Qt.Key.Key_Escape and self.held:
            self._drop()
        else:
            return False
        return True

    def _under(self, position: QPointF, places: Places[P]) -> P:
        return places.at(self.x_of(position), NEAR * float(self._plot.getViewBox().viewPixelSize()[0]))

    def _take(self, place: P, *, by_key: bool = False) -> None:
        fresh = not self.held or place != self.at
        if not self.held:
            self.held, self._by_key, self._before = True, by_key, self.at
        self.put(place)
        if fresh:
            self.picking.emit(place)

    def _pick(self) -> None:
        held = self.held
        self.let_go()
        if held:
            self.picked.emit(self.at)

    def _drop(self) -> None:
        self.let_go()
        self.put(self._before)
        self.dropped.emit()


def _steps(event: QKeyEvent) -> bool:
    """Whether a key that is let go moved along the curve."""
    return not event.isAutoRepeat() and Qt.Key(event.key()) in {*ALONG, *ENDS}
