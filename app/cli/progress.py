"""A job on the command line: a bar on a terminal, plain lines otherwise, and a Ctrl-C that loses nothing."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from tqdm import tqdm

from app.cli.interrupted import Interrupted
from app.cli.so_far import SavesSoFar
from core.errors import Cancelled
from core.job import ControlledJob, JobContext, split_time_left

Kept = TypeVar("Kept")
LINE_INTERVAL = 5.0  # seconds between lines where there is no terminal
STOPPING = b"\nStopping; what is computed so far is kept. Press Ctrl-C again to leave at once.\n"


class ProgressLines:
    """Prints progress as lines, at most one in five seconds: what a log file can hold."""

    def __init__(self, name: str) -> None:
        self._name, self._started, self._next = name, time.monotonic(), time.monotonic() + LINE_INTERVAL

    def update(self, done: int, total: int, text: str) -> None:
        now = time.monotonic()
        if now >= self._next and total:
            self._next = now + LINE_INTERVAL
            what, left = split_time_left(text)
            if not left and done:
                left = f"about {(now - self._started) * (total - done) / done:.0f} s left"
            line = f"{self._name}: {100 * done // total} % ({what})" + (f", {left}" if left else "")
            with contextlib.suppress(OSError):  # a log that cannot be written is no reason to stop computing
                print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing is open."""


class ProgressBar:
    """A tqdm bar with the time left."""

    def __init__(self, name: str, unit: str = "") -> None:
        self._bar = tqdm(
            total=None,
            desc=name,
            file=sys.stderr,
            dynamic_ncols=True,
            leave=True,
            mininterval=0.1,
            unit=unit or "it",
            unit_scale=bool(unit),
        )

    def update(self, done: int, total: int, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal was closed: go on without it
            self._bar.total = total
            self._bar.set_postfix_str(text, refresh=False)
            self._bar.update(max(0, done - self._bar.n))

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._bar.close()


def run_with_progress(
    name: str,
    work: Callable[[JobContext], object],
    keep: Callable[[object, bool], Kept],
    *,
    time_limit: float | None = None,
    unit: str = "",
    keep_so_far: Callable[[object], None] | None = None,
) -> Kept:
    """Run a computation with progress on standard error, and keep its result.

    Parameters
    ----------
    work : callable
        Gets the job and returns the result.
    keep : callable
        Gets the result and True; or the last partial one and False, after Ctrl-C, a polite kill, or the time limit.
        A first Ctrl-C while it works does not disturb it.
    unit : str
        Of the progress, such as ``B``, if it is a measure and not a count.
    keep_so_far : callable, optional
        Gets the newest partial result now and then while `work` goes on, in another thread: what a crash leaves.

    Raises
    ------
    Interrupted
        If the job was stopped before there was a partial result.
    """
    shown: ProgressBar | ProgressLines = ProgressBar(name, unit) if sys.stderr.isatty() else ProgressLines(name)
    newest: list[object] = []
    saves = SavesSoFar(keep_so_far)

    def remember(snapshot: object) -> None:
        newest[:] = [snapshot]
        saves.put(snapshot)

    job = ControlledJob(deadline=time_limit, on_progress=shown.update, on_partial=remember)
    with _interrupt_stops(job):
        try:
            with saves:
                result, complete = work(job), True
        except Cancelled as stopped:
            if not newest:
                raise Interrupted(str(stopped)) from stopped
            result, complete = newest[0], False
        finally:
            shown.close()
        return keep(result, complete)


@contextmanager
def _interrupt_stops(job: ControlledJob) -> Iterator[None]:
    """Ctrl-C, a polite kill or a closed terminal asks the job to stop; a second one ends the process at once."""
    signals = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    # What was started with a signal ignored, as by nohup, goes on ignoring it.
    before = {number: signal.getsignal(number) for number in signals}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        job.cancel()
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        with contextlib.suppress(OSError):
            os.write(2, STOPPING)  # print() may be what the signal interrupted, and cannot be entered twice

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
