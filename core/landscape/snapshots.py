"""Immutable states of a result that grows, as often as the window redraws."""

import time
from collections.abc import Callable

from core.job import JobContext
from core.landscape.plane import FloatArray

INTERVAL = 1 / 15  # seconds: the window redraws no more often


class SnapshotPacer:
    """Gives snapshots to a job, the first one at once and further ones an interval after the last."""

    def __init__(self) -> None:
        self._next = 0.0

    def offer(self, job: JobContext, make: Callable[[], object]) -> None:
        """Make a snapshot and give it to the job, if it is time."""
        if time.perf_counter() >= self._next:
            job.partial(make())
            self._next = time.perf_counter() + INTERVAL


def frozen(array: FloatArray) -> FloatArray:
    """The array itself, which nobody can write to any more."""
    array.setflags(write=False)
    return array
