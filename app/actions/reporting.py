"""A report on its way into its file, beside the engine: a computation of hours does not keep anybody from reporting."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.actions.saving import SessionFile, stamp_of
from app.jobs.latest import LatestWork
from app.state.document_state import DocumentState
from core.job import JobContext

UNTITLED = "Untitled session"


class Reporting(QObject):
    """Writes one report at a time, of the document as it is when that is asked for."""

    busy_changed = Signal()
    progressed = Signal(int, int, str)  # done, total, text
    written = Signal(object)  # Path
    failed = Signal(object)  # JobFailure

    def __init__(self, state: DocumentState, file: SessionFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._file = state, file
        self._work = LatestWork(self)
        self._work.busy_changed.connect(self.busy_changed)
        self._work.progressed.connect(self.progressed)

    @property
    def busy(self) -> bool:
        """Whether a report is being written."""
        return self._work.busy

    @property
    def usual_title(self) -> str:
        """What a report is called where nobody says anything else."""
        return UNTITLED if self._state.path is None else self._state.path.name

    def write(self, path: Path, wanted: Sequence[str], title: str) -> None:
        """Write these items, by their ids and in this order, into a .pdf or .html; what was there is replaced whole."""
        document, session, changed = self._state.document, self._state.path, self._state.dirty
        heading, chosen, stamp = title.strip() or self.usual_title, tuple(wanted), self._file.stamp

        def work(job: JobContext) -> Path:
            from core.exchange.report.writing import write_report  # noqa: PLC0415  matplotlib takes a second

            write_report(
                document,
                path,
                title=heading,
                wanted=chosen,
                session=session,
                changed=changed,
                replaced=session is not None and stamp_of(session) != stamp,
                job=job,
            )
            return path

        self._work.start(path.name, work, self.written.emit, self.failed.emit)

    def stop(self) -> None:
        """Leave what is under way; no file is written, and one that was there stays."""
        self._work.stop()
