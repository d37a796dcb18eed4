"""What is being computed, on the disk while it grows: a session of its own for each, so that a crash costs little."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions.computing import Computations, Pending
from app.actions.holding_until_kept import HeldUntilKept
from app.actions.kept import Kept, free_path, make_folder, oldest_first
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.manager import JobManager
from app.state.document_state import DocumentState
from core.errors import Cancelled
from core.naming import SESSION_SUFFIX
from core.places import user_data_folder
from core.session.companions import others_of
from core.session.document import Document, Item, Result, RunItem

KEEP_MILLISECONDS = 30_000  # between two looks at what has grown
SHARE = 20  # a save is followed by a rest of so many times what it took: large sessions are kept more rarely
HOME = "kept_for"  # in the view of such a session: the file of the session that the result belongs to


def kept_folder() -> Path:
    """Where computations that are under way are kept: beside the folder of trainings."""
    return user_data_folder("computing")


class KeptResult(Kept):
    """The file of one computation."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, path.with_name(f"{path.name}.lock"))
        self.path = path

    def begin(self) -> None:
        """Make the folder and hold the lock. Raises `OutOfSpace` where that cannot be."""
        make_folder(self.path.parent)
        self.take()

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.release()


def kept_results() -> Iterator[KeptResult]:
    """All files of computations, those of running ones too, oldest first."""
    paths: list[Path] = []
    with contextlib.suppress(OSError):
        paths = list(kept_folder().glob(f"*{SESSION_SUFFIX}"))
    yield from (KeptResult(path) for path in oldest_first(paths))


@dataclass(eq=False)
class _Keeping:
    """One computation and its file."""

    kept: KeptResult
    over: threading.Event = field(default_factory=threading.Event)  # no save may take the file's place any more
    saved: object = None  # the newest snapshot that was saved, or is being saved
    busy: bool = False
    forgotten: bool = False  # its file is gone
    rests_until: float = 0.0


class KeepsComputations(QObject):
    """Saves the partial results of the window's computations now and then.

    When one has ended, its file goes as soon as its result is elsewhere on the disk: see `HeldUntilKept`.
    """

    failed = Signal(object)  # JobFailure; once for each computation that cannot be kept

    def __init__(
        self,
        state: DocumentState,
        computations: Computations,
        jobs: JobManager,
        held: HeldUntilKept,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._computations, self._jobs, self._held = state, computations, jobs, held
        self._keeping: dict[str, _Keeping] = {}
        self._told: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(KEEP_MILLISECONDS)
        self._timer.timeout.connect(self.keep)
        computations.submitted.connect(self._on_submitted)
        computations.ended.connect(self._on_ended)
        state.opened.connect(self._on_opened)

    def keep(self) -> None:
        """Save, in the background, what has grown since it was saved last."""
        for item_id, pending in self._computations.pending.items():
            snapshot, keeping = pending.job.last_partial, self._keeping.get(item_id)
            if snapshot is None or (keeping is not None and (keeping.busy or keeping.saved is snapshot)):
                continue
            if keeping is None:
                path = free_path(kept_folder() / f"{item_id}{SESSION_SUFFIX}")
                keeping = self._keeping[item_id] = _Keeping(KeptResult(path))
            if time.monotonic() >= keeping.rests_until:
                self._save(pending, keeping, snapshot)

    def has_kept(self, job: object) -> bool:
        """Whether something of what this job computes is on the disk."""
        ids = (item_id for item_id, pending in self._computations.pending.items() if pending.job is job)
        return any(item_id in self._keeping and self._keeping[item_id].kept.path.exists() for item_id in ids)

    def _save(self, pending: Pending, keeping: _Keeping, snapshot: object) -> None:
        home = "" if self._state.path is None else str(self._state.path)
        document = _document_of(pending, cast("Result", snapshot), self._state.document, home)
        keeping.saved, keeping.busy = snapshot, True
        began = time.monotonic()

        def work() -> None:
            from core.session.files import save_document  # noqa: PLC0415  h5py is not needed before

            def last_look() -> None:
                if keeping.over.is_set():
                    raise Cancelled("It has ended meanwhile.")

            with contextlib.suppress(Cancelled):
                last_look()
                keeping.kept.begin()
                save_document(document, keeping.kept.path, keep_previous=False, last_look=last_look)

        def done(_nothing: None) -> None:
            keeping.busy, keeping.rests_until = False, time.monotonic() + SHARE * (time.monotonic() - began)
            if keeping.forgotten:
                keeping.kept.remove()

        def not_done(failure: JobFailure) -> None:
            done(None)
            if pending.item_id not in self._told:
                self._told.add(pending.item_id)
                why = f"“{pending.name}” is computed all the same, but would be lost if Corrie ended unexpectedly."
                self.failed.emit(replace(failure, message=f"{failure.message} {why}"))

        run_in_background(work, done, not_done, name=keeping.kept.path.name, owner=self)

    def _on_submitted(self, _item_id: str) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_ended(self, item_id: str) -> None:
        if not self._computations.pending:
            self._timer.stop()
        keeping = self._keeping.pop(item_id, None)
        if keeping is None:
            return
        if self._jobs.closing:
            keeping.kept.release()  # the window is going, and the document with it: offered again at the next start
        elif item_id in self._state.document.items:
            keeping.over.set()
            self._held.hold(keeping.kept, item_id)
        else:
            self._forget(keeping)

    def _on_opened(self) -> None:
        """Another document took the place of the one these were for: nobody waits for them any more."""
        self._timer.stop()
        abandoned, self._keeping = self._keeping, {}
        for keeping in abandoned.values():
            self._forget(keeping)

    def _forget(self, keeping: _Keeping) -> None:
        keeping.over.set()
        keeping.forgotten = True
        keeping.kept.remove()


def _document_of(pending: Pending, snapshot: Result, document: Document, home: str) -> Document:
    """A session with one partial result and the items that it refers to."""
    task, items = pending.task, document.items
    result = pending.item(snapshot, document)
    others = set(others_of(task.request))
    wanted = [task.network_id, task.dataset_id, result.test_id]
    wanted += [network.id for network in document.networks if network.sha256 in others]
    run = items.get(result.run_id)
    if isinstance(run, RunItem):
        wanted += [run.dataset_id, run.test_id, run.network_id, run.id]
    found: dict[str, Item] = {item_id: items[item_id] for item_id in wanted if item_id in items}
    return Document(
        document_id=document.document_id, items=MappingProxyType({**found, result.id: result}), view={HOME: home}
    )
