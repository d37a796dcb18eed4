"""One door for everything that can be opened: menu, drop, command line and recent files all come here."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.commands.history import History
from app.commands.items import AddItems
from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from app.state.recents import RecentFiles
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.data.storing import store_dataset
from core.errors import CorrieError
from core.job import JobContext
from core.naming import Request
from core.session.adding import known_dataset, known_network
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem

SESSIONS = (".h5", ".hdf5")
DATA = (".npz", ".csv", ".tsv")
WEIGHTS = (".safetensors", ".pt", ".pth", ".t7", ".bin", ".ckpt")
NETWORKS = (".toml", ".pt2", *WEIGHTS)
FEATURE_CARD = ".features.toml"
KEEP_BYTES = 64 * 2**20  # data up to this size go into the session, so that it computes on another machine

ExampleTask = tuple[NetworkItem, DatasetItem, Request]


class FileDoor(QObject):
    """Opens sessions, networks and data. Everything slow happens behind the window."""

    document_opened = Signal(object)  # Path
    item_opened = Signal(str)  # id of a network or data set that is now in the document
    failed = Signal(object)  # JobFailure
    example_ready = Signal(object)  # list of (network id, data set id, request) to be computed

    def __init__(
        self,
        state: DocumentState,
        history: History,
        jobs: JobManager,
        workbench: Workbench,
        recents: RecentFiles,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._history, self._jobs = state, history, jobs
        self._workbench, self._recents = workbench, recents
        self._opening: dict[Job[object], Callable[[object], None]] = {}
        # Whoever makes the window replaces these two by dialogs.
        self.ask_architecture: Callable[[Path], str | None] = lambda _path: None
        self.may_replace_document: Callable[[], bool] = lambda: True
        jobs.job_finished.connect(self._on_job_finished)

    def open_paths(self, paths: Iterable[Path]) -> None:
        """Open several files, as dropped or named on the command line."""
        for path in paths:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a session, a network or data, by what the name ends with. A failure is told by `failed`."""
        name = path.name.lower()
        if name.endswith(SESSIONS):
            self._open_session(path)
        elif name.endswith((*DATA, FEATURE_CARD)):
            self._open_data(str(path), path)
        elif name.endswith(NETWORKS):
            self._open_network(path)
        else:
            reason = f"{path}: Corrie does not know what this is. It opens sessions (.corrie.h5), networks "
            self.failed.emit(
                JobFailure("explained", reason + f"({', '.join(NETWORKS)}) and data ({', '.join(DATA)}).", "")
            )

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
            self._history.push(AddItems(tuple(fresh.values())))
        self.example_ready.emit(wanted)

    def _open_session(self, path: Path) -> None:
        from core.session.files import open_document  # noqa: PLC0415  h5py is not needed before

        if not self.may_replace_document():
            return

        def done(document: Document) -> None:
            self._state.open(document, path)
            self._recents.add(path)
            self.document_opened.emit(path)

        run_in_background(lambda: open_document(path), done, self._fail(path), name=path.name, owner=self)

    def _open_data(self, origin: str, path: Path | None) -> None:
        def done(data: Dataset) -> None:
            item = store_dataset(data, origin=origin, keep=data.x.nbytes <= KEEP_BYTES)
            self._add(known_dataset(self._state.document, item), path)

        run_in_background(lambda: open_dataset(origin), done, self._fail(path), name=origin, owner=self)

    def _open_network(self, path: Path) -> None:
        architecture = None
        if path.name.lower().endswith(WEIGHTS):
            architecture = self.ask_architecture(path)
            if architecture is None:
                return

        def work(job: JobContext) -> NetworkItem:  # noqa: ARG001  nothing here can be stopped half-way
            self._workbench.warm_up()
            from core.networks.loading import open_network  # noqa: PLC0415  imports torch
            from core.networks.storing import store_network  # noqa: PLC0415

            return store_network(open_network(path, architecture))

        def done(item: object) -> None:
            if isinstance(item, NetworkItem):
                self._add(known_network(self._state.document, item), path)

        self._submit(f"Opening {path.name}", work, done)

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
            self._history.push(AddItems((item,)))
        if path is not None:
            self._recents.add(path)
        self.item_opened.emit(item.id)

    def _fail(self, path: Path | None) -> Callable[[JobFailure], None]:  # noqa: ARG002
        return self.failed.emit


class SessionFile(QObject):
    """Saves the document, and exports results, behind the window."""

    saved = Signal(object)  # Path
    exported = Signal(object)  # Path
    failed = Signal(object)  # JobFailure

    def __init__(self, state: DocumentState, recents: RecentFiles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._recents = state, recents

    def save(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Write the document as it is now; edits made meanwhile stay unsaved."""
        from core.session.files import save_document  # noqa: PLC0415  h5py is not needed before

        document = self._state.snapshot()

        def done(_nothing: object) -> None:
            self._state.mark_saved(document, path)
            self._recents.add(path)
            self.saved.emit(path)
            if then is not None:
                then()

        run_in_background(lambda: save_document(document, path), done, self.failed.emit, name=path.name, owner=self)

    def export(self, item: ResultItem, path: Path) -> None:
        """Write a figure or the numbers of a result, by what the name ends with."""
        document = self._state.document

        def work() -> Path:
            from core.exchange.export import export_result  # noqa: PLC0415  matplotlib takes a second

            export_result(item, document, path)
            return path

        run_in_background(work, self.exported.emit, self.failed.emit, name=path.name, owner=self)


def explained(error: CorrieError) -> JobFailure:
    """An error of our own as a failure to be shown."""
    return JobFailure("explained", str(error), "")
