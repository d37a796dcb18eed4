"""The first picture of each of several views, one after another: each takes up to a tenth of a second."""

from collections import deque
from functools import cache
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer

PAUSE = 4  # milliseconds between two looks at whether a first picture is there
PATIENCE = 50  # looks; a window that the system does not show is not waited for any longer


class Beginner(Protocol):
    """What shows a view that is dear to draw for the first time. A QObject."""

    def prepare(self) -> None:
        """Compute what the picture is made of."""

    def begin(self) -> bool:
        """Show the view; False if nobody would see it now."""

    @property
    def begun(self) -> bool:
        """Whether the first picture is there, or is not wanted any more."""


class FirstPictures(QObject):
    """Lets the event loop turn before each first picture, and between what it is made of and the drawing of it."""

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
        if not self._timer.isActive():
            self._timer.start()

    def forget(self, beginner: Beginner) -> None:
        """It is hidden or gone."""
        if beginner in self._waiting:
            self._waiting.remove(beginner)
        if beginner is self._beginning:
            self._beginning = None
        if self._beginning is None and not self._waiting:
            self._timer.stop()

    def _look(self) -> None:
        """One step at a time, each a full pause after the one before, so that everybody else gets a turn."""
        self._step()
        if self._beginning is None and not self._waiting:
            self._timer.stop()
        else:
            self._timer.start()

    def _step(self) -> None:
        self._looks += 1
        one = self._beginning
        if one is not None:
            if not shiboken6.isValid(one) or one.begun or self._looks >= PATIENCE:
                self._beginning = None
            return
        following = self._waiting[0]
        if not shiboken6.isValid(following):
            self._waiting.popleft()
        elif following is not self._prepared:
            self._prepared = following
            following.prepare()
        else:
            self._waiting.popleft()
            self._prepared, self._looks = None, 0
            self._beginning = following if following.begin() else None


@cache
def first_pictures() -> FirstPictures:
    """The one that all ask; made in the thread of the window, which asks first."""
    return FirstPictures()
