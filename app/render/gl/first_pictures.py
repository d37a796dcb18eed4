"""The first picture of each canvas, one after another: its context, its programs and its triangles take a tenth of a
second, and several canvases may be shown at once."""

from collections import deque
from functools import cache
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer

PAUSE = 4  # milliseconds between two looks at whether a first picture is there
PATIENCE = 50  # looks; a window that the system does not show is not waited for any longer


class Beginner(Protocol):
    """What shows a canvas."""

    def prepare(self) -> None:
        """Compute what the picture is made of."""

    def begin(self) -> bool:
        """Show the canvas; False if nobody would see it now."""

    @property
    def begun(self) -> bool:
        """Whether the first picture is there, or is not wanted any more."""


class FirstPictures(QObject):
    """Lets the event loop turn between two first pictures. Whoever asks alone begins at once."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Beginner] = deque()
        self._beginning: Beginner | None = None
        self._prepared: Beginner | None = None  # whose picture comes next
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)

    def ask(self, beginner: Beginner) -> None:
        """Let this one begin when it is its turn."""
        if beginner is self._beginning or beginner in self._waiting:
            return
        self._waiting.append(beginner)
        if self._beginning is None:
            self._next()

    def forget(self, beginner: Beginner) -> None:
        """It is hidden or gone."""
        if beginner in self._waiting:
            self._waiting.remove(beginner)
        elif beginner is self._beginning:
            self._next()

    def _next(self) -> None:
        self._beginning, self._prepared, self._looks = None, None, 0
        while self._waiting and self._beginning is None:
            beginner = self._waiting.popleft()
            if shiboken6.isValid(beginner) and beginner.begin():
                self._beginning = beginner
        if self._beginning is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        one = self._beginning
        if one is not None and shiboken6.isValid(one) and not one.begun and self._looks < PATIENCE:
            return
        if self._waiting and self._waiting[0] is not self._prepared and shiboken6.isValid(self._waiting[0]):
            self._prepared = self._waiting[0]
            self._prepared.prepare()
            return
        self._next()


@cache
def first_pictures() -> FirstPictures:
    """The one that all canvases ask; made in the thread of the window, which asks first."""
    return FirstPictures()
