"""From a request to a result in the document: submitted, watched while it grows, added when it ends."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.commands.results import ReplaceResult
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from app.state.live import LiveResults
from core.corrections.records.correction import CorrectionRequest
from core.corrections.requests.slices import search_request
from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.plane import Directions
from core.naming import Request, kind_of, result_name
from core.session.adding import free_name
from core.session.companions import companion_items
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem, new_id, utc_now
from core.session.known import known_spectrum
from core.spectrum.spectrum import SpectrumRequest


@dataclass(frozen=True, eq=False)
class Task:
    """What a form asks for: a request, and the items of the document that it is about."""

    request: Request
    network_id: str
    dataset_id: str
    test_id: str = ""  # data set to test on
    run_id: str = ""  # run whose checkpoints are asked for
    directions: Directions | None = None  # read from a file


@dataclass(frozen=True, eq=False)
class Pending:
    """A result that is on its way."""

    item_id: str  # that it will have in the document
    name: str
    task: Task
    job: Job[Result]
    continues: bool  # it goes on from a partial result that is in the document

    @property
    def request(self) -> Request:
        """What is computed."""
        return self.task.request

    @property
    def network_id(self) -> str:
        """Of the network it is computed from."""
        return self.task.network_id

    @property
    def dataset_id(self) -> str:
        """Of the data it is computed on."""
        return self.task.dataset_id

    def item(self, result: Result, document: Document) -> ResultItem:
        """The result as an item of the document; it stays without what was removed there meanwhile."""
        task, items = self.task, document.items
        return ResultItem(
            id=self.item_id,
            name=self.name,
            created_utc=utc_now(),
            network_id=task.network_id,
            dataset_id=task.dataset_id,
            test_id=task.test_id if task.test_id in items else "",
            run_id=task.run_id if task.run_id in items else "",
            result=result,
        )


class Computations(QObject):
    """All computations of the window. Their results go into the document by commands, so they can be undone."""

    submitted = Signal(str)  # id of the item to be; look it up in `pending`
    ended = Signal(str)  # id; it is now in the document, or nothing came of it
    failed = Signal(object)  # JobFailure
    search_possible = Signal(object, object)  # JobFailure of an exact slice, Task that would do without it

    def __init__(
        self,
        state: DocumentState,
        history: History,
        live: LiveResults,
        jobs: JobManager,
        workbench: Workbench,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._history, self._live = state, history, live
        self._jobs, self._workbench = jobs, workbench
        self.pending: dict[str, Pending] = {}
        state.opened.connect(self._on_opened)
        jobs.job_partial.connect(self._on_partial)
        jobs.job_finished.connect(self._on_finished)

    def submit(self, request: Request, network_id: str, dataset_id: str, *, test_id: str = "", run_id: str = "") -> str:
        """Compute a request on items of the document. Returns the id that the result will have.

        Raises
        ------
        InvalidRequest
            If one of the items is gone.
        """
        return self.submit_task(Task(request, network_id, dataset_id, test_id, run_id))

    def submit_task(self, task: Task) -> str:
        """As `submit`, with directions that were read from a file if the task has them."""
        return self._submit(task, new_id(kind_of(task.request)), None)

    def resume(self, item: ResultItem) -> None:
        """Go on with a partial result; what it holds already is not computed again where the engine can use it."""
        held = getattr(item.result, "directions", None)  # its own axes: where they came from may be gone by now
        task = Task(item.result.request, item.network_id, item.dataset_id, item.test_id, item.run_id, held)
        self._submit(task, item.id, item)

    def stop(self, item_id: str) -> None:
        """Stop computing this item; what is there is kept as a partial result."""
        if item_id in self.pending:
            self._jobs.stop(self.pending[item_id].job)

    def _submit(self, task: Task, item_id: str, resume: ResultItem | None) -> str:
        if item_id in self.pending:
            return item_id
        document, request = self._state.document, task.request
        network, data = document.items.get(task.network_id), document.items.get(task.dataset_id)
        if not isinstance(network, NetworkItem) or not isinstance(data, DatasetItem):
            raise InvalidRequest("The network or the data are no longer in the session. Undo their removal first.")
        companions = companion_items(
            request, document, test_id=task.test_id, run_id=task.run_id, directions=task.directions
        )
        earlier = _known(document, request, network, data) or (None if resume is None else resume.result)
        name = resume.name if resume is not None else free_name(document, result_name(request, network.name))

        def run(job: JobContext) -> Result:
            return self._workbench.compute(request, network, data, job, earlier, companions)

        job = self._jobs.submit(JobSpec(name, run))
        self.pending[item_id] = Pending(item_id, name, task, job, resume is not None)
        self.submitted.emit(item_id)
        return item_id

    def _on_opened(self) -> None:
        """Another document took the place of the one these were for: nobody waits for them any more."""
        abandoned, self.pending = self.pending, {}
        for pending in abandoned.values():
            self._jobs.stop(pending.job)
            self._live.remove(pending.item_id)

    def _item_of(self, job: Job[object]) -> Pending | None:
        return next((pending for pending in self.pending.values() if pending.job is job), None)

    def _on_partial(self, job: Job[object], snapshot: object) -> None:
        pending = self._item_of(job)
        if pending is not None:
            self._live.put(pending.item_id, snapshot)

    def _on_finished(self, job: Job[object]) -> None:
        pending = self._item_of(job)
        if pending is None:
            return
        del self.pending[pending.item_id]
        result = job.result if job.result is not None else job.last_partial
        if result is not None:
            self._keep(pending, result)  # type: ignore[arg-type]  # engines give partials of their result's kind
        self._live.remove(pending.item_id)
        self.ended.emit(pending.item_id)
        request = pending.task.request
        if job.failure is not None and job.failure.searchable and isinstance(request, CorrectionRequest):
            self.search_possible.emit(job.failure, replace(pending.task, request=search_request(request)))
        elif job.failure is not None:
            self.failed.emit(job.failure)

    def _keep(self, pending: Pending, result: Result) -> None:
        document = self._state.document
        try:
            if pending.item_id in document.items:
                self._history.receive(ReplaceResult(pending.item_id, result))
            else:
                item = pending.item(result, document)
                self._history.receive(AddItems((item,), f"compute {quoted(item.name)}"))
        except InvalidRequest as error:  # its network was removed meanwhile
            self.failed.emit(JobFailure("explained", str(error), ""))


def _known(document: Document, request: Request, network: NetworkItem, data: DatasetItem) -> Result | None:
    """A spectrum of the session whose eigenpairs need not be searched again."""
    if not isinstance(request, SpectrumRequest):
        return None
    return known_spectrum(document, request, network.sha256, data.sha256, data.samples)
