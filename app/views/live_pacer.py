"""Says when a growing result may be drawn again: as often as drawing is cheap, so that it does not slow itself."""

import time
from functools import partial

from PySide6.QtCore import QObject, QTimer

FREE = 4.0  # times what the last drawing took: where the processor draws, four fifths of it are left to the engine


class LivePacer(QObject):
    """Measures drawings, from the feeding of a page until the window has painted it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._next: dict[str, float] = {}  # by item id, when it may be drawn again

    def may_draw(self, item_id: str) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._next.get(item_id, 0.0)

    def begin(self, item_id: str, interval: float) -> None:
        """It is about to be fed; the next time comes no sooner than after so many seconds."""
        now = time.monotonic()
        self._next[item_id] = now + interval
        QTimer.singleShot(0, self, partial(self._painted, item_id, interval, now))  # runs after what is to be painted

    def _painted(self, item_id: str, interval: float, began: float) -> None:
        now = time.monotonic()
        self._next[item_id] = now + max(interval, FREE * (now - began))
