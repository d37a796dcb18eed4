"""The progress of a whole that has several parts, each with its own count."""

from core.job import JobContext, Relay

WHOLE = 1000


class Share(Relay):
    """A part of a job, from one place of its progress to another, in thousandths.

    Parameters
    ----------
    parent : JobContext
    begin, end : int
        From 0 to `WHOLE`.
    """

    def __init__(self, parent: JobContext, begin: int, end: int) -> None:
        super().__init__(parent)
        self._begin, self._end = begin, end

    def progress(self, done: int, total: int, text: str = "") -> None:
        part = (self._end - self._begin) * done // total if total else 0
        super().progress(self._begin + part, WHOLE, text)
