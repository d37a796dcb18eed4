"""The open session against another one: its file is read like any stranger's, and nothing here changes a document."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.actions.checking import FileChecks
from app.jobs.failure import JobFailure
from app.state.document_state import DocumentState, same_content
from core.job import JobContext, Relay
from core.review.comparison.record import Comparison
from core.session.document import Document

UNTITLED = "the open session"


class _Quiet(Relay):
    """Can be stopped, and does not report: progress would be taken for that of reading a stranger's file."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say nothing."""


class SessionComparing(QObject):
    """One comparison at a time, with the two documents that it is of."""

    changed = Signal()  # there is another comparison, none any more, or one on its way
    failed = Signal(object)  # JobFailure

    def __init__(self, state: DocumentState, checks: FileChecks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._checks = state, checks
        self._number = 0  # of the newest wish: older ones are heard of no more
        self.found: Comparison | None = None
        self.mine: Document | None = None  # as it was when it was compared
        self.other: Document | None = None
        self.path: Path | None = None  # of the other session
        self.under_way: Path | None = None
        state.opened.connect(self._on_opened)
        checks.stopped.connect(self._on_stopped)

    @property
    def stale(self) -> bool:
        """Whether the open session was changed since it was compared."""
        return self.mine is not None and not same_content(self.mine, self._state.document)

    def compare_with(self, path: Path) -> None:
        """Read the session of that path, and compare it with the open one as it is now."""
        mine, own = self._state.document, self._state.path
        self._number += 1
        number, self.under_way = self._number, path
        names = UNTITLED if own is None else own.name, path.name
        if names[0] == names[1]:
            names = str(own), str(path)

        def work(job: JobContext) -> tuple[Document, Comparison]:
            from core.exchange.original.importing import open_any  # noqa: PLC0415  h5py is not needed before
            from core.review.comparison.comparing import compare_sessions  # noqa: PLC0415

            other = open_any(path, job)
            found = compare_sessions(mine, other, a_name=names[0], b_name=names[1], job=_Quiet(job))
            return other, found

        def done(outcome: tuple[Document, Comparison]) -> None:
            if number == self._number:
                self.other, self.found = outcome
                self.mine, self.path, self.under_way = mine, path, None
                self.changed.emit()

        def failed(failure: JobFailure) -> None:
            if number == self._number:
                self.under_way = None
                self.failed.emit(failure)
                self.changed.emit()

        self._checks.read(path, work, done, failed)
        self.changed.emit()

    def stop(self) -> None:
        """Leave what is under way; a comparison that is there stays."""
        if self.under_way is not None:
            path, self.under_way = self.under_way, None
            self._number += 1
            self._checks.stop(path)
            self.changed.emit()

    def _on_stopped(self, path: Path) -> None:
        """It may have been stopped from the bar above the pages."""
        if path == self.under_way:
            self.under_way = None
            self._number += 1
            self.changed.emit()

    def _on_opened(self) -> None:
        """Another session is open: what was compared with the one before is of no use."""
        self.stop()
        self.found = self.mine = self.other = self.path = None
        self.changed.emit()
