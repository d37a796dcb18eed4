"""The session into its file, and results into figures and tables: one after the other, behind the window."""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.actions.claiming import FileClaim
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.state.document_state import DocumentState, Stamp
from app.state.recents import RecentFiles, same_file
from core.errors import SessionError
from core.exchange.export_options import ExportOptions
from core.session.document import Document, ResultItem, RunItem

CHANGED = "Another program has changed this file since it was opened; saving would lose that."


@dataclass(frozen=True, eq=False)
class _Save:
    """One wish to save."""

    document: Document
    path: Path
    then: Callable[[], object] | None
    session: int  # which of the sessions that were open one after the other
    expected: Stamp | None  # of what may be replaced, besides what this window wrote itself


class SessionFile(QObject):
    """Saves the document, and exports results.

    Two saves never overlap, so that the older one cannot put its file over the newer one's. A save that ends after
    another session was opened has written its file, and says nothing about the session that is open then.
    """

    writing = Signal(object)  # Path: a file is begun
    saved = Signal(object)  # Path
    written = Signal(object)  # Document: all that it holds is in that file now
    exported = Signal(object)  # Path
    failed = Signal(object)  # JobFailure

    def __init__(self, state: DocumentState, recents: RecentFiles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._recents = state, recents
        self._queue: deque[_Save] = deque()
        self._current: _Save | None = None
        self._session = 0
        self._stamp: Stamp | None = None  # of the session's file when it was last read or written
        self._own: dict[tuple[int, Path], Stamp | None] = {}  # of the files that a session was written to
        state.opened.connect(self._on_opened)

    @property
    def busy(self) -> bool:
        """Whether a file is being written, or waits to be."""
        return self._current is not None

    @property
    def current(self) -> Path | None:
        """The file that is being written."""
        return None if self._current is None else self._current.path

    @property
    def stamp(self) -> Stamp | None:
        """Of the session's file when it was last read or written."""
        return self._stamp

    def save(self, path: Path, then: Callable[[], object] | None = None, *, chosen: bool = False) -> None:
        """Write the document as it is now; edits made meanwhile stay unsaved.

        Parameters
        ----------
        then : callable, optional
            Called once the file is safe, if the same session is still open.
        chosen : bool
            The user has named the file just now, and has been asked about the one that was there.
        """
        own = self._state.path is not None and same_file(path, self._state.path)
        if own and self._state.partly_understood:
            self._refuse(
                f"{path}: This file holds parts that this version of Corrie does not know. Saving would lose them."
            )
        elif self._state.read_only if own else _is_held(path):
            self._refuse(
                f"{path}: Another window has this file open and may write into it. What it wrote could be lost."
            )
        else:
            expected = self._stamp if own and not chosen else stamp_of(path)
            self._queue.append(_Save(self._state.snapshot(), path, then, self._session, expected))
            self._save_next()

    def export(self, item: ResultItem | RunItem, path: Path, *, examples: bool = False, relief: bool = False) -> None:
        """Write a figure or the numbers of a result, by what the name ends with.

        Parameters
        ----------
        examples : bool
            Pictures of attacked samples instead of accuracy against strength.
        relief : bool
            Pictures of a surface in three dimensions instead of contours.
        """
        document = self._state.document

        def write(target: Path) -> None:
            from core.exchange.export import export_result  # noqa: PLC0415  matplotlib takes a second

            export_result(item, document, target, ExportOptions(examples=examples, relief=relief))

        self.write(path, write)

    def write(self, path: Path, write: Callable[[Path], object]) -> None:
        """Have a figure or a table written in another thread, and tell of it as of every export."""
        self.writing.emit(path)

        def work() -> Path:
            write(path)
            return path

        run_in_background(work, self.exported.emit, self.failed.emit, name=path.name, owner=self)

    def _save_next(self) -> None:
        if self._current is not None or not self._queue:
            return
        wish = self._current = self._queue.popleft()
        self.writing.emit(wish.path)

        may_replace = (None, wish.expected, self._own.get((wish.session, wish.path)))

        def last_look() -> None:
            """A large session takes its time to be written, and anything may have happened to the file meanwhile."""
            if stamp_of(wish.path) not in may_replace:
                raise SessionError(wish.path, CHANGED, "Nothing was saved. Save under another name.")

        def work() -> Stamp | None:
            from core.session.files import save_document  # noqa: PLC0415  h5py is not needed before

            last_look()  # now, too: why write all of it in vain
            save_document(wish.document, wish.path, last_look=last_look)
            return stamp_of(wish.path)

        run_in_background(work, self._on_saved, self._on_failed, name=wish.path.name, owner=self)

    def _on_saved(self, stamp: Stamp | None) -> None:
        wish = self._end()
        self._recents.add(wish.path)
        self._own[wish.session, wish.path] = stamp
        if wish.session == self._session:
            self._stamp = stamp
            self._state.mark_saved(wish.document, wish.path)
        self.written.emit(wish.document)
        self.saved.emit(wish.path)
        self._save_next()
        if wish.then is not None and wish.session == self._session:
            wish.then()

    def _on_failed(self, failure: JobFailure) -> None:
        self._end()
        self.failed.emit(failure)
        self._save_next()

    def _end(self) -> _Save:
        if self._current is None:
            raise RuntimeError("A save ended that had not begun.")
        wish, self._current = self._current, None
        return wish

    def _on_opened(self) -> None:
        self._session += 1
        path = self._state.path
        self._stamp = None if path is None else self._state.stamp or stamp_of(path)

    def _refuse(self, why: str) -> None:
        self.failed.emit(JobFailure("explained", f"{why} Nothing was saved. Save under another name.", ""))


def _is_held(path: Path) -> bool:
    """Whether another window has that file open."""
    claim = FileClaim(path)
    if not claim.take():
        return True
    claim.release()
    return False


def stamp_of(path: Path) -> Stamp | None:
    """When a file was changed, its length and number; None if there is no such file now."""
    try:
        found = os.stat(path)  # noqa: PTH116  one call for all three
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
