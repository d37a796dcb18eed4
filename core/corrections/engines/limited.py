"""A part of a job that has only so much time of its own."""

import time

from core.job import JobContext


class OutOfTime(Exception):  # the part ends, and the job goes on
    """The time of the part is over."""


class Limited(JobContext):
    """Passes `check` through, and raises `OutOfTime` from it when its own seconds are over. Says nothing of its own.

    Parameters
    ----------
    parent : JobContext
        Of whom `Cancelled` comes.
    seconds : float
        From now.
    """

    def __init__(self, parent: JobContext, seconds: float) -> None:
        self._parent = parent
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, not negative."""
        return max(0.0, self._ends - time.monotonic())

    def check(self) -> None:
        self._parent.check()
        if self.left <= 0:
            raise OutOfTime
