"""Work for a dialog beside the engine's queue: only the newest counts, and it can be stopped."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.mailbox import Mailbox
from app.jobs.manager import PULL_MILLISECONDS
from core.job import ControlledJob, JobContext

T = TypeVar("T")


class LatestWork(QObject):
    """Runs one thing after another in the background. A new one stops the one before, of which nothing is heard again.

    It does not wait for the engine: a training of hours must not keep a user from opening a file.
    """

    busy_changed = Signal()  # see `busy`
    progressed = Signal(int, int, str)  # done, total, text; at most 15 times a second

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context: ControlledJob | None = None  # of the work under way
        self._running: list[ControlledJob] = []  # the same one, for when this object is gone
        self.destroyed.connect(partial(_cancel, self._running))
        self._mailbox = Mailbox()
        self._timer = QTimer(self)
        self._timer.setInterval(PULL_MILLISECONDS)
        self._timer.timeout.connect(self._pull)

    @property
    def busy(self) -> bool:
        """Whether something is under way whose outcome is waited for."""
        return self._context is not None

    def start(
        self,
        name: str,
        work: Callable[[JobContext], T],
        on_done: Callable[[T], object],
        on_failed: Callable[[JobFailure], object],
    ) -> None:
        """Do this instead of what is under way. Exactly one of the two is called, unless it is stopped before.

        Parameters
        ----------
        name : str
            What is worked on, for the sentence about an unexpected failure.
        """
        self._leave()
        mailbox = Mailbox()
        context = ControlledJob(on_progress=mailbox.put_progress)
        self._context, self._mailbox = context, mailbox
        self._running[:] = [context]

        def done(result: T) -> None:
            if self._end(context):
                on_done(result)

        def failed(failure: JobFailure) -> None:
            if self._end(context):
                on_failed(failure)

        self._timer.start()
        self.busy_changed.emit()
        run_in_background(lambda: work(context), done, failed, name=name, owner=self)

    def stop(self) -> None:
        """Stop what is under way. Neither of its two callables is called any more."""
        if self._context is not None:
            self._leave()
            self.busy_changed.emit()

    def _leave(self) -> None:
        if self._context is not None:
            self._context.cancel()
            self._context = None
            self._timer.stop()

    def _end(self, context: ControlledJob) -> bool:
        """Whether the work of this context is the one that counts, which is over now."""
        if context is not self._context:
            return False
        self._context = None
        self._timer.stop()
        self.busy_changed.emit()
        return True

    def _pull(self) -> None:
        if (report := self._mailbox.empty().report) is not None:
            self.progressed.emit(*report)


def _cancel(running: list[ControlledJob], *_gone: object) -> None:
    """Stop the work of a dialog that was closed."""
    for context in running:
        context.cancel()
