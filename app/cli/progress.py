"""A job on the command line: a bar on a terminal, plain lines otherwise, and a Ctrl-C that loses nothing."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from tqdm import tqdm

from core.errors import Cancelled
from core.job import ControlledJob, JobContext

T = TypeVar("T")
LINE_INTERVAL = 5.0  # seconds between lines where there is no terminal


class Interrupted(Exception):
    """The job was stopped; `partial` is the last snapshot, None if there was none."""

    def __init__(self, partial: object | None, reason: str) -> None:
        super().__init__(reason)
        self.partial = partial


class ProgressLines:
    """Prints progress as lines, at most one in five seconds: what a log file can hold."""

    def __init__(self, name: str) -> None:
        self._name, self._started, self._next = name, time.monotonic(), time.monotonic() + LINE_INTERVAL

    def update(self, done: int, total: int, text: str) -> None:
        now = time.monotonic()
        if now >= self._next and total:
            self._next = now + LINE_INTERVAL
            left = (now - self._started) * (total - done) / done if done else 0
            print(
                f"{self._name}: {100 * done // total} % ({text}), about {left:.0f} s left", file=sys.stderr, flush=True
            )

    def close(self) -> None:
        """Nothing is open."""


class ProgressBar:
    """A tqdm bar with the time left."""

    def __init__(self, name: str) -> None:
        self._bar = tqdm(total=None, desc=name, file=sys.stderr, dynamic_ncols=True, leave=True, mininterval=0.1)

    def update(self, done: int, total: int, text: str) -> None:
        self._bar.total = total
        self._bar.set_postfix_str(text, refresh=False)
        self._bar.update(max(0, done - self._bar.n))

    def close(self) -> None:
        self._bar.close()


def run_with_progress(name: str, work: Callable[[JobContext], T], *, time_limit: float | None = None) -> T:
    """Run a computation with progress on standard error.

    Raises
    ------
    Interrupted
        After Ctrl-C, or when the time limit was reached; carries the last partial result.
    """
    shown: ProgressBar | ProgressLines = ProgressBar(name) if sys.stderr.isatty() else ProgressLines(name)
    newest: list[object] = []

    def keep(snapshot: object) -> None:
        newest[:] = [snapshot]

    job = ControlledJob(deadline=time_limit, on_progress=shown.update, on_partial=keep)
    try:
        with _interrupt_stops(job):
            return work(job)
    except Cancelled as stopped:
        raise Interrupted(newest[0] if newest else None, str(stopped)) from stopped
    finally:
        shown.close()


@contextmanager
def _interrupt_stops(job: ControlledJob) -> Iterator[None]:
    """Ctrl-C, or a polite kill, asks the job to stop; a second one ends the process."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        job.cancel()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        print("\nStopping; what is computed so far is kept. Press Ctrl-C again to leave at once.", file=sys.stderr)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
