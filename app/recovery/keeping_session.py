"""The unsaved session of the window, on the disk now and then, so that a crash or a power cut costs little."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.actions.saving import SessionFile
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.job import Job
from app.jobs.manager import JobManager
from app.recovery.slot import About, Slot, new_slot
from app.state.document_state import DocumentState, same_content
from core.errors import Cancelled
from core.session.document import Document

KEEP_SECONDS = 20.0  # from an edit to the checkpoint that holds it
SHARE = 20  # a checkpoint is followed by a rest of so many times what it took: large sessions are kept more rarely


@dataclass(eq=False)
class _Keeping:
    """A slot from the first unsaved edit until all is saved, or given up."""

    slot: Slot
    over: threading.Event = field(default_factory=threading.Event)  # nothing may be put there any more


class KeepsSession(QObject):
    """Writes checkpoints of what is unsaved, in the background, and removes them when it is saved or given up.

    A checkpoint is due `KEEP_SECONDS` after an edit, and at once after a job that took `SHARE` times as long as the
    last checkpoint did. So checkpoints take at most a twentieth of the time, however large the session is.
    """

    kept = Signal(object)  # Document: all that it holds is on the disk now
    failed = Signal(object)  # JobFailure; once for each session

    def __init__(
        self, state: DocumentState, file: SessionFile, jobs: JobManager, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.picture: Callable[[], QImage | None] = lambda: None  # whoever makes the window says how it looks
        self._state, self._file = state, file
        self._keeping: _Keeping | None = None
        self._on_disk: Document | None = None  # what the checkpoint holds
        self._busy = self._urgent = self._told = self._given_up = False
        self._cost = 0.0  # seconds that the last checkpoint took
        self._rests_until = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.keep)
        state.document_changed.connect(self._schedule)
        state.opened.connect(self._on_opened)
        state.dirty_changed.connect(self._on_dirty)
        jobs.job_finished.connect(self._on_job_finished)

    def keep(self) -> None:
        """Write a checkpoint now, if there is anything new that is not saved and none is being written."""
        document = self._state.document
        if self._busy or self._given_up or not self._state.dirty or self._holds(document):
            return
        self._timer.stop()
        keeping = self._keeping = self._keeping or _Keeping(new_slot())
        self._write(keeping, self._state.snapshot())

    def adopt(self, slot: Slot) -> None:
        """Go on with the slot that the present document was restored from: it stays until that is saved."""
        self._keeping, self._on_disk = _Keeping(slot), self._state.document

    def give_up(self) -> None:
        """The window goes, and what is unsaved with it: everybody was asked."""
        self._given_up = True
        self._timer.stop()
        self._forget()

    def _write(self, keeping: _Keeping, document: Document) -> None:
        about = About(
            path="" if self._state.path is None else str(self._state.path),
            stamp=self._file.stamp,
            partly_understood=self._state.partly_understood,
        )
        picture, began = self.picture(), time.monotonic()
        self._busy, self._urgent = True, False

        def last_look() -> None:
            if keeping.over.is_set():
                raise Cancelled("It was saved meanwhile.")

        def work() -> bool:
            with contextlib.suppress(Cancelled):
                last_look()
                keeping.slot.write(document, about, picture, last_look)
                return True
            return False

        def done(written: bool) -> None:  # noqa: FBT001
            self._ended(began)
            if keeping.over.is_set():
                keeping.slot.remove()
            elif written:
                self._on_disk = document
                self.kept.emit(document)
            self._schedule()

        def not_done(failure: JobFailure) -> None:
            self._ended(began)
            if keeping.over.is_set():
                keeping.slot.remove()
            elif not self._told:
                self._told = True
                why = "What is not saved would be lost if Corrie ended unexpectedly: save the session now and then."
                self.failed.emit(replace(failure, message=f"{failure.message} {why}"))
            self._schedule()

        run_in_background(work, done, not_done, name="the unsaved session", owner=self)

    def _ended(self, began: float) -> None:
        now = time.monotonic()
        self._busy, self._cost = False, now - began
        self._rests_until = now + SHARE * self._cost

    def _schedule(self, *_: object) -> None:
        """Plan a checkpoint of what is new, unless one is planned or under way."""
        new = self._state.dirty and not self._given_up and not self._holds(self._state.document)
        if not new or self._busy or (self._timer.isActive() and not self._urgent):
            return
        rest = self._rests_until - time.monotonic()
        seconds = max(rest, 0.0 if self._urgent else KEEP_SECONDS)
        self._timer.start(round(1000 * seconds))

    def _on_job_finished(self, job: Job[object]) -> None:
        """What took hours to compute does not wait."""
        if self._busy:
            self._urgent = True
        elif time.monotonic() >= self._rests_until or job.seconds >= SHARE * self._cost:
            self.keep()
        else:
            self._urgent = True
            self._schedule()

    def _holds(self, document: Document) -> bool:
        return self._on_disk is not None and same_content(self._on_disk, document)

    def _on_opened(self) -> None:
        """Another document took the place of this one, which was saved or given up."""
        self._told = False
        self._forget()

    def _on_dirty(self, dirty: bool) -> None:  # noqa: FBT001
        if not dirty:
            self._forget()

    def _forget(self) -> None:
        self._timer.stop()
        keeping, self._keeping, self._on_disk = self._keeping, None, None
        if keeping is not None:
            keeping.over.set()
            keeping.slot.remove()
