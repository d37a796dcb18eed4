"""Runs jobs one at a time behind the window, and tells the window about them in small doses."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal

from app.jobs.estimate import Estimate
from app.jobs.job import Job, JobSpec, JobState, Progress
from app.jobs.mailbox import Mailbox, Report
from app.jobs.worker import EngineWorker, Failed, Finished, Outcome
from core.job import ControlledJob

T = TypeVar("T")

PULL_MILLISECONDS = 66  # 15 Hz: as often as a growing surface is worth redrawing
REPORT_SECONDS = 0.25  # between two reports of how far a job is: each draws bars and words, and nobody reads faster

_log = logging.getLogger(__name__)


class JobManager(QObject):
    """A queue, one engine thread, and signals for the views. To be used in the window's thread only.

    Every job emits `job_queued`, then `job_started` unless it was stopped before, then `job_finished` exactly once,
    with its state done, failed or stopped. Partial results in between come at most 15 times a second, reports four
    times, the newest only; the last report and the last partial result are always delivered before `job_finished`.
    """

    job_queued = Signal(object)  # Job
    job_started = Signal(object)  # Job
    job_progressed = Signal(object, object, object, str, object)  # Job, done, total, text, seconds left or None
    job_partial = Signal(object, object)  # Job, snapshot
    job_stopping = Signal(object)  # Job; it was asked to stop and will at its next check
    job_finished = Signal(object)  # Job
    _called = Signal()  # start the next job, once the slot that submitted it has returned

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: deque[Job[Any]] = deque()
        self._current: Job[Any] | None = None
        self._context = ControlledJob()
        self._mailbox = Mailbox()
        self._report: Report | None = None  # the newest, not yet told
        self._next_report = 0.0  # when it will be
        self._estimate = Estimate()
        self._worker: EngineWorker | None = None
        self._closing = False
        self._closed = QEventLoop(self)  # runs only inside `shutdown`
        self._timer = QTimer(self)
        self._timer.setInterval(PULL_MILLISECONDS)
        self._timer.timeout.connect(self._pull)
        self._called.connect(self._start_next, Qt.ConnectionType.QueuedConnection)

    @property
    def current(self) -> Job[Any] | None:
        """The job that is running or stopping."""
        return self._current

    @property
    def jobs(self) -> tuple[Job[Any], ...]:
        """What is not over yet: the current job, then the queue."""
        return (*(() if self._current is None else (self._current,)), *self._queue)

    @property
    def closing(self) -> bool:
        """Whether `shutdown` was called: what ends now ends because the window goes."""
        return self._closing

    def submit(self, spec: JobSpec[T]) -> Job[T]:
        """Put a job at the end of the queue. It starts when the event loop is reached, not within this call.

        Raises
        ------
        RuntimeError
            After `shutdown`.
        """
        if self._closing:
            raise RuntimeError("The window is closing and takes no more jobs.")
        if spec.key is not None:
            self._supersede(spec)
        job = Job(spec)
        self._queue.append(job)
        self.job_queued.emit(job)
        self._called.emit()
        return job

    def stop(self, job: Job[Any]) -> None:
        """Ask a job to stop. A queued one ends now, a running one at its next check; one that is over stays so."""
        self._stop(job, "It was stopped before it began.")

    def stop_all(self) -> None:
        """Stop the queue and the running job."""
        for job in reversed(self.jobs):  # the running one last, so that its end starts no other
            self.stop(job)

    def warm_up(self, work: Callable[[], object]) -> None:
        """Do something slow in the engine's thread before the first job, such as importing torch.

        It is no job: nobody is told about it, and a failure goes to the log, because the first job that needs the
        same will explain it.
        """
        self._engine().post(None, "starting up", work)

    def shutdown(self, timeout_ms: int) -> bool:
        """Stop everything and wait, while the window goes on painting but takes no clicks.

        Returns
        -------
        bool
            Whether the engine's thread has ended. If not, its job has not reached a check in time: save what is to
            be saved, then call again to wait longer, or leave; no thread is ever killed.
        """
        first = not self._closing
        self._closing = True
        self.stop_all()
        if self._worker is None:
            return True
        if self._closed.isRunning():  # the user pressed Close again
            return False
        if first:
            self._worker.close()
        alarm = QTimer(singleShot=True, interval=timeout_ms)
        alarm.timeout.connect(self._closed.quit)
        alarm.start()
        self._closed.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        alarm.stop()
        return self._worker is None

    def _engine(self) -> EngineWorker:
        if self._worker is None:
            self._worker = EngineWorker(self._on_ended, self._on_closed)
        return self._worker

    def _supersede(self, spec: JobSpec[Any]) -> None:
        for job in self.jobs:
            if job.spec.key == spec.key and (job is not self._current or spec.replaces_running):
                self._stop(job, "A newer request took its place.")

    def _stop(self, job: Job[Any], reason: str) -> None:
        if job in self._queue:
            self._queue.remove(job)
            job.stop_reason = reason
            job.advance(JobState.STOPPED)
            self.job_finished.emit(job)
        elif job is self._current and job.state is JobState.RUNNING:
            job.advance(JobState.STOPPING)
            self._context.cancel()
            self.job_stopping.emit(job)

    def _start_next(self) -> None:
        if self._current is not None or not self._queue:
            return
        job = self._queue.popleft()
        mailbox, spec = Mailbox(), job.spec
        context = ControlledJob(
            deadline=spec.time_limit, on_progress=mailbox.put_progress, on_partial=mailbox.put_partial
        )
        self._current, self._context, self._mailbox, self._estimate = job, context, mailbox, Estimate()
        self._report, self._next_report = None, 0.0
        job.advance(JobState.RUNNING)
        self._timer.start()
        self.job_started.emit(job)
        self._engine().post(job, job.name, lambda: spec.run(context))

    def _pull(self, *, everything: bool = False) -> None:
        job, mail, now = self._current, self._mailbox.empty(), time.monotonic()
        if job is None:
            return
        self._report = mail.report or self._report
        if self._report is not None and (everything or now >= self._next_report):
            done, total, text = self._report
            self._report, self._next_report = None, now + REPORT_SECONDS
            left = self._estimate.update(done, total, now)
            job.progress = Progress(done, total, text, left)
            self.job_progressed.emit(job, done, total, text, left)
        if mail.partial is not None:
            job.last_partial = mail.partial
            self.job_partial.emit(job, mail.partial)

    def _on_ended(self, token: object, outcome: Outcome) -> None:
        if token is None:
            if isinstance(outcome, Failed):
                _log.warning("Starting up failed: %s\n%s", outcome.failure.message, outcome.failure.details)
            return
        job = self._current
        if job is None or job is not token:
            raise RuntimeError(f"{token} ended, but {job} was running.")
        self._timer.stop()
        self._pull(everything=True)
        self._current = None
        if isinstance(outcome, Finished):
            job.result = outcome.result
            job.advance(JobState.DONE)
        elif isinstance(outcome, Failed):
            job.failure = outcome.failure
            job.advance(JobState.FAILED)
        else:
            job.stop_reason = outcome.reason
            job.advance(JobState.STOPPED)
        self._called.emit()
        self.job_finished.emit(job)

    def _on_closed(self) -> None:
        if self._worker is not None:
            self._worker.join()
            self._worker = None
        self._closed.quit()
