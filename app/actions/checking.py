"""Files that are read behind the window: one that was written elsewhere is checked first, which can be stopped."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from core.job import ControlledJob, JobContext

T = TypeVar("T")

PATIENCE_MILLISECONDS = 700  # most files are open by then, and nobody needs to hear of them


class FileChecks(QObject):
    """Reads files in the background, says when that takes long, and can stop it."""

    takes_long = Signal(
        object, bool
    )  # Path, and whether it is from elsewhere; that may turn out later, and comes again
    over = Signal(object)  # Path of one for which `takes_long` came
    stopped = Signal(object)  # Path of one that is read no further, of which nobody hears any more
    _began = Signal(object)  # ControlledJob; from another thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[ControlledJob, Path] = {}
        self._told: set[ControlledJob] = set()
        self._elsewhere: set[ControlledJob] = set()
        self._began.connect(self._on_began)

    def read(
        self,
        path: Path,
        work: Callable[[JobContext], T],
        done: Callable[[T], object],
        failed: Callable[[JobFailure], object],
    ) -> None:
        """Do `work` in another thread, then call one of the two; neither, if it was stopped.

        Parameters
        ----------
        work : callable
            Gets the job that it must ask whether to go on, and must not touch any widget.
        """

        def on_progress(_done: int, _total: int, _text: str) -> None:
            with contextlib.suppress(RuntimeError):  # the window is gone
                self._began.emit(job)

        job = ControlledJob(on_progress=on_progress)
        self._running[job] = path
        QTimer.singleShot(PATIENCE_MILLISECONDS, self, lambda: self._tell(job))

        def finished(result: T) -> None:
            if self._end(job):
                done(result)

        def refused(failure: JobFailure) -> None:
            if self._end(job):
                failed(failure)

        run_in_background(lambda: work(job), finished, refused, name=path.name, owner=self)

    def stop(self, path: Path | None = None) -> None:
        """Stop reading a file, or all; nobody hears of them any more."""
        for job, one in tuple(self._running.items()):
            if path in (None, one):
                job.cancel()
                self._be_silent(job)
                self.stopped.emit(one)

    def _end(self, job: ControlledJob) -> bool:
        self._be_silent(job)
        del self._running[job]
        self._elsewhere.discard(job)
        return not job.cancelled

    def _be_silent(self, job: ControlledJob) -> None:
        if job in self._told:
            self._told.discard(job)
            self.over.emit(self._running[job])

    def _on_began(self, job: ControlledJob) -> None:
        """Its hashes are known, and that nobody here wrote it."""
        if job in self._running and job not in self._elsewhere:
            self._elsewhere.add(job)
            if job in self._told:
                self._tell(job)

    def _tell(self, job: ControlledJob) -> None:
        if job in self._running and not job.cancelled:
            self._told.add(job)
            self.takes_long.emit(self._running[job], job in self._elsewhere)
