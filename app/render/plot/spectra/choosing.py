"""Which bars are chosen, by mouse and by keys."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.render.plot.stepping import ALONG, neighbour

STEPS = {**ALONG, Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}


class Choice(QObject):
    """Some of the bars, in the order in which they were chosen."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.indices: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """The bar that was chosen last, -1 for none."""
        return self.indices[-1] if self.indices else -1

    def choose(self, indices: tuple[int, ...]) -> None:
        """Choose exactly these."""
        if indices != self.indices:
            self.indices = indices
            self.changed.emit()

    def click(self, index: int, *, more: bool) -> None:
        """Choose a bar alone; with `more` add it to the others, or take it away. Beside the bars: none."""
        if index < 0:
            self.choose(())
        elif not more:
            self.choose((index,))
        elif index in self.indices:
            self.choose(tuple(each for each in self.indices if each != index))
        else:
            self.choose((*self.indices, index))

    def take_key(self, event: QKeyEvent, start: int, count: int) -> bool:
        """Step from a bar to its neighbour, with Shift beside those that are chosen; whether the key meant that.

        Parameters
        ----------
        start : int
            The bar that is read, -1 for none.
        count : int
            How many bars there are.
        """
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None and count:
            start = self.last if self.last >= 0 else start
            index = neighbour(start if start >= 0 else None, step, count)
            more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            rest = tuple(each for each in self.indices if each != index) if more else ()
            self.choose((*rest, index))
            return True
        if event.key() == Qt.Key.Key_Escape and self.indices:
            self.choose(())
            return True
        return False

    def keep_below(self, count: int) -> None:
        """Forget bars that are no longer there."""
        self.choose(tuple(index for index in self.indices if index < count))
