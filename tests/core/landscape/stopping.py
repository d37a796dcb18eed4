"""A job that stops at a check of one's choice and keeps what it was given, and a count of the checks there are."""

from core.errors import Cancelled
from core.job import JobContext


class StoppingJob(JobContext):
    """Raises at the check of that number; every snapshot and word of progress is kept."""

    def __init__(self, checks: float = float("inf")) -> None:
        self.left = checks
        self.asked = 0
        self.snapshots: list[object] = []
        self.told: list[tuple[int, int, str]] = []

    def check(self) -> None:
        self.asked += 1
        self.left -= 1
        if self.left < 0:
            raise Cancelled("Enough.")

    def progress(self, done: int, total: int, text: str = "") -> None:
        self.told.append((done, total, text))

    def partial(self, snapshot: object) -> None:
        self.snapshots.append(snapshot)
