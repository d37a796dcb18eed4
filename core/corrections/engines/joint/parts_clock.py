"""How far a computation of several parts has come, each of which may take so long."""

import time

from core.job import JobContext


class Clock:
    """How far a computation of several timed parts has come.

    Parameters
    ----------
    seconds : float
        That each of the parts may take.
    parts : int
        How many there are; those that are not begun are passed over.
    """

    def __init__(self, job: JobContext, seconds: float, parts: int) -> None:
        self._job, self._limit, self._parts = job, seconds, parts
        self._begun, self._part, self._name = 0, -1, ""
        self._since = time.monotonic()

    def begin(self, name: str) -> None:
        """The next part."""
        self._since, self._part, self._name = time.monotonic(), self._part + 1, name

    @property
    def seconds(self) -> float:
        """Since the part has begun."""
        return time.monotonic() - self._since

    @property
    def over(self) -> bool:
        """Whether the time of the part is used up."""
        return self.seconds >= self._limit

    def tell(self, words: str) -> None:
        """Say how it stands."""
        share = self._part + min(1.0, self.seconds / self._limit)
        self._job.progress(round(100 * share), 100 * max(self._parts, self._part + 1), f"{self._name}: {words}")
