"""One door for everything that can be opened: menu, drop, command line and recent files all come here."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.actions.checking import FileChecks
from app.actions.saving import stamp_of
from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState, Stamp, same_content
from app.state.last_looks import LastLooks
from app.state.recents import RecentFiles
from core.data.loading import KINDS, is_data, lacks_card, open_dataset
from core.data.storing import store_dataset
from core.errors import CorrieError
from core.job import JobContext
from core.naming import SESSION_SUFFIX, Request
from core.networks.file_kinds import CARD_SUFFIX, NETWORK_SUFFIXES
from core.session.adding import known_dataset, known_network
from core.session.document import DatasetItem, Item, NetworkItem

SESSIONS = (".h5", ".hdf5")
KEEP_BYTES = 64 * 2**20  # data up to this size go into the session, so that it computes on another machine

if TYPE_CHECKING:
    from core.exchange.original.importing import ImportedItems
    from core.session.read import OpenedSession

ExampleTask = tuple[NetworkItem, DatasetItem, Request]


class FileDoor(QObject):
    """Opens sessions, networks and data. Everything slow happens behind the window."""

    document_opened = Signal(object)  # Path
    item_opened = Signal(str)  # id of a network, data set or imported result that is now in the document
    failed = Signal(object)  # JobFailure
    example_ready = Signal(object)  # list of (network id, data set id, request) to be computed

    def __init__(
        self,
        state: DocumentState,
        history: History,
        jobs: JobManager,
        workbench: Workbench,
        recents: RecentFiles,
        looks: LastLooks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._history, self._jobs = state, history, jobs
        self._workbench, self._recents, self._looks = workbench, recents, looks
        self.checks = FileChecks(self)
        self._opening: dict[Job[object], Callable[[object], None]] = {}
        self._session = 0  # which of the sessions that were open one after the other
        # Whoever makes the window replaces these by dialogs. The second is given what to do once all is saved; the
        # third may take over a table without a card, and opens it again once it has one.
        self.import_network: Callable[[Path], object] = self.open_as_it_is
        self.may_replace_document: Callable[[Callable[[], object]], bool] = lambda _again: True
        self.make_feature_card: Callable[[Path], bool] = lambda _path: False
        jobs.job_finished.connect(self._on_job_finished)
        state.opened.connect(self._on_opened)

    def open_paths(self, paths: Iterable[Path]) -> None:
        """Open several files, as dropped or named on the command line; a session first, the others into it."""
        waiting = list(paths)
        # What is called a session first: of the others, only their content tells.
        for endings in (SESSION_SUFFIX, SESSIONS):
            session = next((path for path in waiting if path.name.lower().endswith(endings)), None)
            if session is not None:
                waiting.remove(session)
                self._open_hdf5(session, lambda: self.open_paths(waiting))
                return
        for path in waiting:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a session, a network or data, by what the path is called. A failure is told by `failed`."""
        name = path.name.lower()
        if name.endswith(SESSIONS):
            self._open_hdf5(path, lambda: None)
        elif lacks_card(path) and self.make_feature_card(path):
            self._recents.add(path)
        elif path.is_dir() or is_data(path):
            self._open_data(str(path), path)
        elif name.endswith(CARD_SUFFIX) or (name.endswith(NETWORK_SUFFIXES) and not path.exists()):
            self.open_as_it_is(path)
        elif name.endswith(NETWORK_SUFFIXES):
            self.import_network(path)
        else:
            reason = f"{path}: Corrie does not know what this is. It opens sessions (.corrie.h5), surfaces of "
            reason += f"loss-landscape (.h5), networks ({', '.join(NETWORK_SUFFIXES)}) and data ({KINDS})."
            self.failed.emit(JobFailure("explained", reason, ""))

    def open_builtin_data(self, name: str) -> None:
        """Open a built-in data set."""
        self._open_data(name, None)

    def open_example(self) -> None:
        """Put the networks and data of the built-in example into the document, then ask for its analyses."""

        def work(job: JobContext) -> list[ExampleTask]:
            self._workbench.warm_up()
            from core.example import example_tasks  # noqa: PLC0415  imports torch
            from core.networks.storing import store_network  # noqa: PLC0415

            networks: dict[str, NetworkItem] = {}
            data: dict[str, DatasetItem] = {}
            tasks = []
            for task in example_tasks():
                job.check()
                if task.network.sha256 not in networks:
                    networks[task.network.sha256] = store_network(task.network)
                if task.data.sha256 not in data:
                    data[task.data.sha256] = store_dataset(task.data, origin=task.data_name, keep=True)
                tasks.append((networks[task.network.sha256], data[task.data.sha256], task.request))
            return tasks

        self._submit("Opening the example", work, self._on_example)

    def _on_example(self, tasks: object) -> None:
        wanted = []
        fresh: dict[str, Item] = {}
        for network, data, request in tasks:  # type: ignore[attr-defined]  # list of ExampleTask
            kept = known_network(self._state.document, network), known_dataset(self._state.document, data)
            fresh |= {item.id: item for item in kept if item.id not in self._state.document.items}
            wanted.append((kept[0].id, kept[1].id, request))
        if fresh:
            self._history.receive(AddItems(tuple(fresh.values()), "open the example"))
        self.example_ready.emit(wanted)

    def _open_hdf5(self, path: Path, then: Callable[[], object]) -> None:
        """Open a session, or add what a file of the original loss-landscape tool holds to the session that is open."""
        if path.name.lower().endswith(SESSION_SUFFIX):
            self.open_session(path, then)
            return

        def work(job: JobContext) -> bool:
            from core.exchange.original.file import is_original_file  # noqa: PLC0415  h5py is not needed before

            return is_original_file(path, job)

        def done(original: bool) -> None:  # noqa: FBT001
            if original:
                self._import_original(path, then)
            else:
                self.open_session(path, then)

        self.checks.read(path, work, done, self.failed.emit)

    def _import_original(self, path: Path, then: Callable[[], object]) -> None:
        session = self._session

        def work(job: JobContext) -> "ImportedItems":
            from core.exchange.original.importing import import_original  # noqa: PLC0415  h5py is not needed before

            return import_original(path, job=job)

        def done(found: "ImportedItems") -> None:
            if session == self._session:  # else it was opened for a session that was left since
                self._history.receive(AddItems(found.items, f"import {quoted(path.name)}"))
                self._recents.add(path)
                self.item_opened.emit(found.items[0].id)
                if found.notes:
                    self.failed.emit(JobFailure("explained", f"{path.name}: {' '.join(found.notes)}", ""))
            then()

        def failed(failure: JobFailure) -> None:
            self.failed.emit(failure)
            then()

        self.checks.read(path, work, done, failed)

    def open_session(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Open a session in the place of the present one; `then` is called when it is open, or cannot be opened."""

        def again() -> None:
            self.open_session(path, then)

        if not self.may_replace_document(again):
            return
        left, session = self._state.document, self._session

        def work(job: JobContext) -> "tuple[OpenedSession, Stamp | None]":
            from core.session.files import open_session  # noqa: PLC0415  h5py is not needed before

            stamp = stamp_of(path)  # before: what somebody writes meanwhile is not what was read
            return open_session(path, job), stamp

        def done(found: "tuple[OpenedSession, Stamp | None]") -> None:
            opened, stamp = found
            if session != self._session:  # another session was opened meanwhile, by a later wish
                return
            if not same_content(left, self._state.document) and not self.may_replace_document(again):
                return
            partly = opened.newer or bool(opened.unknown)
            view = self._looks.of(opened.document.document_id, stamp)
            self._state.open(opened.document, path, partly_understood=partly, view=view, stamp=stamp)
            self._recents.add(path)
            self.document_opened.emit(path)
            if self._state.partly_understood:
                self.failed.emit(JobFailure("explained", _newer(path, opened), ""))
            then()

        def failed(failure: JobFailure) -> None:
            self.failed.emit(failure)
            then()

        self.checks.read(path, work, done, failed)

    def _open_data(self, origin: str, path: Path | None) -> None:
        session = self._session

        def work() -> DatasetItem:
            data = open_dataset(origin)
            return store_dataset(data, origin=origin, keep=data.x.nbytes <= KEEP_BYTES)

        def done(item: DatasetItem) -> None:
            if session == self._session:  # else it was opened for a session that was left since
                self._add(known_dataset(self._state.document, item), path)

        run_in_background(work, done, self.failed.emit, name=origin, owner=self)

    def open_as_it_is(self, path: Path) -> None:
        """Open a network without a question. One that leaves something to be decided is refused with the reason."""

        def work(job: JobContext) -> NetworkItem:
            self._workbench.warm_up()
            from core.networks.loading import open_network  # noqa: PLC0415  imports torch
            from core.networks.storing import store_network  # noqa: PLC0415

            return store_network(open_network(path, job=job))

        def done(item: object) -> None:
            if isinstance(item, NetworkItem):
                self._add(known_network(self._state.document, item), path)

        self._submit(f"Opening {path.name}", work, done)

    def adopt(self, item: NetworkItem, path: Path) -> None:
        """Put a network that was imported from a file into the document, once."""
        self._add(known_network(self._state.document, item), path)

    def _submit(self, name: str, work: Callable[[JobContext], object], done: Callable[[object], None]) -> None:
        self._opening[self._jobs.submit(JobSpec(name, work))] = done

    def _on_job_finished(self, job: Job[object]) -> None:
        done = self._opening.pop(job, None)
        if done is None:
            return
        if job.failure is not None:
            self.failed.emit(job.failure)
        elif job.result is not None:
            done(job.result)

    def _add(self, item: NetworkItem | DatasetItem, path: Path | None) -> None:
        if item.id not in self._state.document.items:
            self._history.receive(AddItems((item,), f"open {quoted(item.name)}"))
        if path is not None:
            self._recents.add(path)
        self.item_opened.emit(item.id)

    def _on_opened(self) -> None:
        """What is being opened was meant for the session before."""
        self._session += 1
        abandoned, self._opening = self._opening, {}
        for job in abandoned:
            self._jobs.stop(job)


def _newer(path: Path, opened: "OpenedSession") -> str:
    parts = f" ({', '.join(opened.unknown[:3])}{', …' if len(opened.unknown) > 3 else ''})" if opened.unknown else ""
    return (
        f"{path}: Corrie {opened.app_version} wrote this file, and this version does not know all of it{parts}. "
        "What it knows is shown. Saving over the file would lose the rest, so save under another name."
    )


def explained(error: CorrieError) -> JobFailure:
    """An error of our own as a failure to be shown."""
    return JobFailure("explained", str(error), "")
