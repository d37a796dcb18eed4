"""The arrow keys in plots: along a curve, over to another one, and from place to place."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ACROSS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def neighbour(at: int | None, step: int, count: int) -> int:
    """The place so many further, of 0 to `count` − 1; from nowhere the first one, or going back the last one."""
    start = at if at is not None else (-1 if step > 0 else count)
    return min(max(start + step, 0), count - 1)


def walk(event: QKeyEvent, at: int | None, count: int, choose: Callable[[int | None], None]) -> bool:
    """Choose the place beside the present one with ← and →, and none with Escape; whether the key meant that."""
    step = ALONG.get(Qt.Key(event.key()))
    if step is not None and count:
        choose(neighbour(at, step, count))
        return True
    if event.key() == Qt.Key.Key_Escape and at is not None:
        choose(None)
        return True
    return False
