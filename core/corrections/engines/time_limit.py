"""A part of a job that may take so long and no longer, after which the job goes on with something else."""

import time

from core.errors import Cancelled
from core.job import JobContext


class OutOfTime(Cancelled):
    """Only the part has ended; the job itself goes on."""


class TimedPart(JobContext):
    """Passes `check` on and raises `OutOfTime` when the seconds are over; progress and snapshots are its own affair.

    Parameters
    ----------
    parent : JobContext
    seconds : float
        From now.
    """

    def __init__(self, parent: JobContext, seconds: float) -> None:
        self._parent = parent
        self._ends_at = time.monotonic() + seconds

    def check(self) -> None:
        self._parent.check()
        if time.monotonic() >= self._ends_at:
            raise OutOfTime("The time for this part is over.")
