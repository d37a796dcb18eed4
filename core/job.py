"""What a long computation may ask of, and tell to, whoever started it.

An engine gets a `JobContext` and calls three methods of it: `check` often (at least every 100 ms), `progress` when a
unit of work is done, and `partial` with an immutable snapshot of the result so far. The same engine runs behind the
window, the command line and a test; only the context differs.
"""

import threading
import time
from collections.abc import Callable

from core.errors import Cancelled

_LEFT = " left"


def with_time_left(text: str, duration: str) -> str:
    """A text of progress that also says how long the rest will take, such as ``about 25 s``."""
    return f"{text}, {duration}{_LEFT}"


def split_time_left(text: str) -> tuple[str, str]:
    """A text of progress in two: what is being done, and the time left as the engine says it, else ""."""
    if not text.endswith(_LEFT):
        return text, ""
    what, _, left = text.rpartition(", ")
    return what, left


class JobContext:
    """Runs a computation inline: never cancelled, progress and partial results dropped.

    Also the base of every other context, so an engine never has to ask whether it has one.
    """

    def check(self) -> None:
        """Raise `Cancelled` if the job should stop. Cheap enough for an inner loop."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say that `done` of `total` units of work are finished; `text` names the unit or the stage.

        An engine that knows better than its reports' pace when it ends says so by `with_time_left`.
        """

    def partial(self, snapshot: object) -> None:
        """Offer the result so far. The newest snapshot replaces older ones; the receiver must not change it."""


class ControlledJob(JobContext):
    """A job that another thread can watch and stop.

    Parameters
    ----------
    deadline : float, optional
        Seconds from now after which `check` raises `Cancelled`; what was given to `partial` stays.
    on_progress, on_partial : callable, optional
        Called in the engine's thread. They must be quick and must not raise.
    """

    def __init__(
        self,
        *,
        deadline: float | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        on_partial: Callable[[object], None] | None = None,
    ) -> None:
        self._stop = threading.Event()
        self._ends_at = None if deadline is None else time.monotonic() + deadline
        self._on_progress = on_progress
        self._on_partial = on_partial

    def cancel(self) -> None:
        """Ask the job to stop; it does so at its next `check`. Safe from any thread, and more than once."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._stop.is_set()

    def check(self) -> None:
        if self._stop.is_set():
            raise Cancelled("The job was stopped.")
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            raise Cancelled("The time limit was reached.")

    def progress(self, done: int, total: int, text: str = "") -> None:
        if self._on_progress is not None:
            self._on_progress(done, total, text)

    def partial(self, snapshot: object) -> None:
        if self._on_partial is not None:
            self._on_partial(snapshot)


class Relay(JobContext):
    """A job within another one: all that it is asked and told goes to that one. A subclass says what it changes.

    Parameters
    ----------
    parent : JobContext
    """

    def __init__(self, parent: JobContext) -> None:
        self._parent = parent

    def check(self) -> None:
        self._parent.check()

    def progress(self, done: int, total: int, text: str = "") -> None:
        self._parent.progress(done, total, text)

    def partial(self, snapshot: object) -> None:
        self._parent.partial(snapshot)


class Stage(Relay):
    """A part of a larger job: puts its name before the progress text.

    Parameters
    ----------
    parent : JobContext
    name : str
        Shown as ``name: text``.
    relay_partial : bool
        Whether this stage's snapshots are results of the whole job.
    """

    def __init__(self, parent: JobContext, name: str, *, relay_partial: bool = True) -> None:
        super().__init__(parent)
        self._name = name
        self._relay_partial = relay_partial

    def progress(self, done: int, total: int, text: str = "") -> None:
        super().progress(done, total, f"{self._name}: {text}" if text else self._name)

    def partial(self, snapshot: object) -> None:
        if self._relay_partial:
            super().partial(snapshot)
