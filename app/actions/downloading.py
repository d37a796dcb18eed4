"""Public data sets on their way to this computer: one after the other, behind the window and beside the engine."""

import time
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.background import run_in_background
from app.jobs.estimate import Estimate
from app.jobs.failure import JobFailure
from app.jobs.mailbox import Mailbox
from core.data.public.catalogue import PublicSet
from core.data.public.downloads import fetch_set, state_of
from core.job import ControlledJob

PULL_MILLISECONDS = 66  # as often as jobs of the engine are looked at


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """How far the set is that is being fetched."""

    done: int  # bytes
    total: int | None  # None: the server does not say
    text: str  # which file
    seconds_left: float | None


class Downloads(QObject):
    """A queue of sets. Only one is fetched at a time, so that files can still be opened and saved meanwhile."""

    changed = Signal(str)  # name of a set that waits, goes on, or has ended
    arrived = Signal(object)  # PublicSet that is whole now
    failed = Signal(object, object)  # PublicSet, JobFailure

    def __init__(self, parent: QObject | None = None, base_address: str | None = None) -> None:
        super().__init__(parent)
        self._base_address = base_address
        self._queue: deque[PublicSet] = deque()
        self._current: PublicSet | None = None
        self._arriving: Arriving | None = None
        self._job = ControlledJob()
        self._mailbox = Mailbox()
        self._estimate = Estimate()
        self._timer = QTimer(self, interval=PULL_MILLISECONDS)
        self._timer.timeout.connect(self._pull)

    @property
    def current(self) -> PublicSet | None:
        """The set that is being fetched."""
        return self._current

    def arriving(self, wanted: PublicSet) -> Arriving | None:
        """How far a set is, while it is being fetched."""
        return self._arriving if wanted is self._current else None

    def is_asked_for(self, wanted: PublicSet) -> bool:
        """Whether a set is being fetched or waits for its turn."""
        return wanted is self._current or wanted in self._queue

    def start(self, wanted: PublicSet) -> None:
        """Fetch a set, after those that were asked for before."""
        if not self.is_asked_for(wanted):
            self._queue.append(wanted)
            self.changed.emit(wanted.name)
            self._start_next()

    def stop(self, wanted: PublicSet) -> None:
        """Stop fetching a set, or take it out of the queue. What has arrived is kept."""
        if wanted is self._current:
            self._job.cancel()
        elif wanted in self._queue:
            self._queue.remove(wanted)
            self.changed.emit(wanted.name)

    def stop_all(self) -> None:
        """For closing the window."""
        self._queue.clear()
        self._job.cancel()

    def _start_next(self) -> None:
        if self._current is not None or not self._queue:
            return
        wanted = self._current = self._queue.popleft()
        mailbox = self._mailbox = Mailbox()
        job = self._job = ControlledJob(on_progress=mailbox.put_progress)
        self._estimate = Estimate()
        self._arriving = Arriving(done=0, total=wanted.size, text="", seconds_left=None)
        self._timer.start()
        run_in_background(
            lambda: fetch_set(wanted, job, base_address=self._base_address),
            lambda _path: self._end(),
            self._end,
            name=wanted.title,
            owner=self,
        )
        self.changed.emit(wanted.name)

    def _pull(self) -> None:
        report = self._mailbox.empty().report
        if report is not None and self._current is not None:
            left = self._estimate.update(report.done, report.total, time.monotonic()) if report.total else None
            self._arriving = Arriving(done=report.done, total=report.total or None, text=report.text, seconds_left=left)
            self.changed.emit(self._current.name)

    def _end(self, failure: JobFailure | None = None) -> None:
        wanted = self._current
        if wanted is None:
            raise RuntimeError("A download ended that had not begun.")
        self._timer.stop()
        self._current = self._arriving = None
        self.changed.emit(wanted.name)
        if failure is None and state_of(wanted) == "there":
            self.arrived.emit(wanted)
        elif failure is not None and not self._job.cancelled:
            self.failed.emit(wanted, failure)
        self._start_next()
