"""One slot between the engine's thread and the window: the newest word wins, older ones were not seen."""

import threading
from typing import NamedTuple


class Report(NamedTuple):
    """How many units of work are done."""

    done: int
    total: int
    text: str


class Mail(NamedTuple):
    """What arrived since the mailbox was last emptied."""

    report: Report | None
    partial: object | None


class Mailbox:
    """Filled by the engine as often as it likes, emptied by the window 15 times a second.

    However much an engine tells, the window does the same small amount of work.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # between looking and emptying
        self._report: Report | None = None
        self._partial: object | None = None

    def put_progress(self, done: int, total: int, text: str) -> None:
        """Called in the engine's thread."""
        report = Report(done, total, text)
        with self._lock:
            self._report = report

    def put_partial(self, snapshot: object) -> None:
        """Called in the engine's thread."""
        with self._lock:
            self._partial = snapshot

    def empty(self) -> Mail:
        """Take out what there is; None stands for nothing new."""
        with self._lock:
            mail = Mail(self._report, self._partial)
            self._report = self._partial = None
        return mail
