"""Moving the mouse in tests: a move counts when it has arrived.

`QTest.mouseMove` puts the pointer of the screen there, and the event comes back from the X server when it likes: on a
busy machine only after the test has looked. Here it is waited for.
"""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LONGEST = 2.0  # seconds; where nothing comes, as in a window that lies below another, the test goes on and says so


class _Arrival(QObject):
    """Sees whether a move to a place has been delivered to any window."""

    def __init__(self, place: QPoint) -> None:
        super().__init__()
        self._place = place
        self.seen = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self.seen = self.seen or event.globalPosition().toPoint() == self._place
        return False


def wait_for_moves() -> None:
    """From now on every `QTest.mouseMove`, and so `qtbot.mouseMove`, returns when the move has arrived."""
    put: Callable[..., None] = QTest.mouseMove

    def move(target: Any, pos: QPoint | None = None, delay: int = -1) -> None:
        place = QPoint() if pos is None else pos
        app = QApplication.instance()
        if not isinstance(target, QWidget) or app is None:
            put(target, place, delay)
            return
        within = place if pos is not None and not place.isNull() else target.rect().center()
        goal = target.mapToGlobal(within)
        if QCursor.pos() == goal:
            put(target, place, delay)  # it is there, so nothing comes
            return
        arrival = _Arrival(goal)
        app.installEventFilter(arrival)
        try:
            put(target, place, delay)
            ends_at = time.monotonic() + LONGEST
            while not arrival.seen and time.monotonic() < ends_at:
                QApplication.processEvents()
                time.sleep(0.001)
        finally:
            app.removeEventFilter(arrival)

    QTest.mouseMove = move  # type: ignore[method-assign]
