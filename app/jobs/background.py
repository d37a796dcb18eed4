"""Short work with files (open, save, export) beside the engine, in a small pool of threads."""

import itertools
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, QThreadPool, QTimer, Signal

from app.jobs.failure import JobFailure
from app.jobs.worker import Failed, Finished, Outcome, outcome_of

T = TypeVar("T")

THREADS = 2  # one may hang on a slow network drive


class _Errand(NamedTuple):
    """Who wants to hear how the work ended."""

    on_done: Callable[[object], object]
    on_failed: Callable[[JobFailure], object]
    owner: QObject | None


class _Post(QObject):
    """Brings outcomes back to the window's thread. One for all and for ever: a pool thread never holds the last
    reference to it, and an outcome never comes back to a deleted object."""

    arrived = Signal(int, object)  # number of the errand, Outcome
    all_home = Signal()  # no errand is under way

    def __init__(self) -> None:
        super().__init__()
        self.errands: dict[int, _Errand] = {}
        self.numbers = itertools.count()
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(THREADS)
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, number: int, outcome: Outcome) -> None:
        errand = self.errands.pop(number)
        if not self.errands:
            self.all_home.emit()
        if errand.owner is not None and not shiboken6.isValid(errand.owner):
            return
        if isinstance(outcome, Finished):
            errand.on_done(outcome.result)
        elif isinstance(outcome, Failed):
            errand.on_failed(outcome.failure)
        else:
            errand.on_failed(JobFailure("explained", outcome.reason, ""))


_post = _Post()


def run_in_background(
    work: Callable[[], T],
    on_done: Callable[[T], object],
    on_failed: Callable[[JobFailure], object],
    *,
    name: str = "a file",
    owner: QObject | None = None,
) -> None:
    """Do `work` in another thread and call one of the two in the window's, when its event loop is reached.

    Parameters
    ----------
    work : callable
        Must not touch any widget.
    on_done, on_failed : callable
        Get the result, or why there is none. Exactly one is called, once.
    name : str
        What was worked on, for the sentence about an unexpected failure.
    owner : QObject, optional
        If it is deleted by then, neither is called: a closed dialog gets no answers.
    """
    number = next(_post.numbers)
    _post.errands[number] = _Errand(cast("Callable[[object], object]", on_done), on_failed, owner)
    _post.pool.start(lambda: _post.arrived.emit(number, outcome_of(work, name)))


def background_is_idle() -> bool:
    """Whether every outcome was delivered."""
    return not _post.errands


def wait_for_background(timeout_ms: int) -> bool:
    """Wait for all work in the background, painting meanwhile, for closing the window. Returns whether it is over."""
    if not background_is_idle():
        loop = QEventLoop()
        alarm = QTimer(singleShot=True, interval=timeout_ms)
        alarm.timeout.connect(loop.quit)
        _post.all_home.connect(loop.quit)
        alarm.start()
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        alarm.stop()
        _post.all_home.disconnect(loop.quit)
    return background_is_idle()
