"""The engine's thread: takes one task after the other and says how each ended."""

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from app.jobs.failure import JobFailure, failure_of
from core.errors import Cancelled

NICENESS = 5  # the window's thread goes first when cores are scarce


@dataclass(frozen=True)
class Finished:
    """The work came to its end and has a result."""

    result: object


@dataclass(frozen=True)
class Failed:
    """The work raised an exception."""

    failure: JobFailure


@dataclass(frozen=True)
class Stopped:
    """The work noticed that it should stop."""

    reason: str


Outcome = Finished | Failed | Stopped
Task = tuple[object, str, Callable[[], object]]  # token given back with the outcome, name, work


def outcome_of(work: Callable[[], object], name: str) -> Outcome:
    """Do the work and say how it ended. Never raises, so that every job comes to an end."""
    try:
        return Finished(work())
    except Cancelled as stop:
        return Stopped(str(stop) or "The job was stopped.")
    except BaseException as error:  # noqa: BLE001  the border: even SystemExit in a thread is this job's failure
        return Failed(failure_of(error, name))


class _Bell(QObject):
    """Carries words from the engine's thread to the window's. Lives as long as the thread, not as the manager."""

    ended = Signal(object, object)  # token, Outcome
    closed = Signal()  # the thread has nothing more to do


# Bells of threads that still run; without this a thread that outlives its manager would ring a deleted bell.
_ringing: set[_Bell] = set()


class EngineWorker:
    """One plain thread. It is never killed; as a daemon it cannot keep a closed application alive either.

    Parameters
    ----------
    on_ended : callable
        Bound method of a QObject; called in the window's thread with the task's token and its outcome.
    on_closed : callable
        Bound method of a QObject; called in the window's thread after the last task.
    """

    def __init__(self, on_ended: Callable[[object, Outcome], None], on_closed: Callable[[], None]) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._bell = _Bell()
        self._bell.ended.connect(on_ended, Qt.ConnectionType.QueuedConnection)
        self._bell.closed.connect(on_closed, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(
            target=_serve, args=(self._tasks, self._bell), name="corrie-engine", daemon=True
        )
        _ringing.add(self._bell)
        self._thread.start()

    def post(self, token: object, name: str, work: Callable[[], object]) -> None:
        """Do this after everything that was posted before."""
        self._tasks.put((token, name, work))

    def close(self) -> None:
        """End the thread after the tasks already posted."""
        self._tasks.put(None)

    def join(self) -> None:
        """Wait for the thread after `on_closed` was called, when nothing but its return is left."""
        self._thread.join()
        _ringing.discard(self._bell)


def _serve(tasks: "queue.SimpleQueue[Task | None]", bell: _Bell) -> None:
    _step_back()
    while (task := tasks.get()) is not None:
        token, name, work = task
        bell.ended.emit(token, outcome_of(work, name))
        del task, token, work  # else the last result would stay alive while the thread waits
    bell.closed.emit()


def _step_back() -> None:
    """Let the window go first. Only Linux knows priorities of single threads; torch's threads inherit it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
