"""From a recipe to a run in the document: queued, watched while it learns, kept however it ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.actions.holding_until_kept import HeldUntilKept
from app.actions.journal import Journal, KeptTraining, origin_of, training_folder
from app.actions.kept import Home, free_path
from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.commands.runs import ReplaceRun
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Trained, Workbench
from app.state.document_state import DocumentState
from app.state.live import LiveResults
from core.errors import InvalidRequest
from core.job import JobContext
from core.session.adding import free_name, known_dataset
from core.session.document import DatasetItem, Document, Item, RunItem, new_id, utc_now
from core.training.recipe import TrainingRequest
from core.training.run import Run


@dataclass(frozen=True, eq=False)
class PendingRun:
    """A run that is on its way."""

    item_id: str  # that it will have in the document
    name: str
    request: TrainingRequest
    data: DatasetItem
    test: DatasetItem | None  # joins the document with the run if it is not there: held-out data
    sweep: str
    job: Job[Trained]
    kept: KeptTraining
    home: Home  # the session that it was asked for in
    resume: RunItem | None  # the partial run that it goes on from
    expected: float | None  # seconds, from the estimate before the start


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingTask:
    """One run that is wished for."""

    request: TrainingRequest
    data: DatasetItem
    test: DatasetItem | None = None
    sweep: str = ""
    expected: float | None = None


class Trainings(QObject):
    """All trainings of the window, one job each. What they learn goes into the document by commands.

    A run that was stopped or that failed is kept as a partial one, with its network so far, and can go on. A run whose
    data were removed meanwhile is kept too: it no longer refers to them.
    """

    submitted = Signal(str)  # id of the item to be; look it up in `pending`
    ended = Signal(str)  # id; it is now in the document, or nothing came of it
    failed = Signal(object)  # JobFailure
    _not_kept = Signal(object)  # the same, from the engine's thread

    def __init__(
        self,
        state: DocumentState,
        history: History,
        live: LiveResults,
        jobs: JobManager,
        workbench: Workbench,
        held: HeldUntilKept,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._history, self._live = state, history, live
        self._jobs, self._workbench, self._held = jobs, workbench, held
        self.pending: dict[str, PendingRun] = {}
        self._waiting: dict[str, tuple[TrainingRequest, ...]] = {}  # by item id: of its sweep, when it began
        self._abandoned: dict[Job[Trained], KeptTraining] = {}
        self._not_kept.connect(self.failed)
        state.opened.connect(self._on_opened)
        jobs.job_started.connect(self._on_started)
        jobs.job_partial.connect(self._on_partial)
        jobs.job_finished.connect(self._on_finished)

    def submit(self, task: TrainingTask) -> str:
        """Train one network. Returns the id that the run will have."""
        name = self._free_name(task.request.name)
        return self._submit(task, new_id("run"), name, None)

    def submit_sweep(self, tasks: Iterable[TrainingTask]) -> tuple[str, ...]:
        """Train several networks one after another. Returns the ids in that order."""
        return tuple(self.submit(task) for task in tasks)

    def resume(self, item: RunItem) -> None:
        """Go on with a partial run from its last checkpoint.

        Raises
        ------
        InvalidRequest
            If the data are gone, or the run cannot go on because it diverged.
        """
        document = self._state.document
        data, test = document.items.get(item.dataset_id), document.items.get(item.test_id)
        if refusal := resume_refusal(item, document):
            raise InvalidRequest(refusal)
        if isinstance(data, DatasetItem):
            tests = test if isinstance(test, DatasetItem) else None
            task = TrainingTask(request=item.run.request, data=data, test=tests, sweep=item.sweep)
            self._submit(task, item.id, item.name, item)

    def stop(self, item_id: str) -> None:
        """Stop this training; what is there is kept as a partial run."""
        if item_id in self.pending:
            self._jobs.stop(self.pending[item_id].job)

    def stop_sweep(self, sweep: str) -> None:
        """Stop the running training of a sweep, and forget those that have not begun."""
        for pending in reversed(self._of_sweep(sweep)):  # the running one last, so that its end starts no other
            self._jobs.stop(pending.job)

    def seconds_left(self, items: Sequence[str] | None = None) -> float | None:
        """How long the pending runs (or those with these ids) will still take, as far as anybody knows."""
        total = 0.0
        for pending in self.pending.values():
            if items is not None and pending.item_id not in items:
                continue
            known = pending.job.progress.seconds_left if pending.job.progress is not None else None
            seconds = pending.expected if known is None else known
            if seconds is None:
                return None
            total += seconds
        return total

    def _submit(self, task: TrainingTask, item_id: str, name: str, resume: RunItem | None) -> str:
        if item_id in self.pending:
            return item_id
        kept = KeptTraining(free_path(training_folder() / item_id))
        earlier = None if resume is None else resume.run
        data, test = task.data, task.test

        def run(job: JobContext) -> Trained:
            checkpoints = kept.checkpoints if self._begin(item_id, kept) else None
            return self._workbench.train(task.request, data, test, job, resume=earlier, checkpoints=checkpoints)

        job = self._jobs.submit(JobSpec(f"Training of {name}", run))
        self.pending[item_id] = PendingRun(
            item_id, name, task.request, data, test, task.sweep, job, kept, self._home(), resume, task.expected
        )
        self.submitted.emit(item_id)
        return item_id

    def _home(self) -> Home:
        path = self._state.path
        return Home(self._state.document.document_id, "" if path is None else str(path))

    def _free_name(self, name: str) -> str:
        """A name that neither an item nor a pending run bears."""
        document = self._state.document
        taken = {pending.name for pending in self.pending.values()}
        number, candidate = 1, free_name(document, name)
        while candidate in taken:
            number += 1
            candidate = free_name(document, f"{name} ({number})")
        return candidate

    def _of_sweep(self, sweep: str) -> list[PendingRun]:
        return [pending for pending in self.pending.values() if pending.sweep == sweep]

    def _begin(self, item_id: str, kept: KeptTraining) -> bool:
        """Make the folder of a training, in the engine's thread. Whether checkpoints can be kept there."""
        pending = self.pending[item_id]
        journal = Journal(
            item_id=item_id,
            name=pending.name,
            data=origin_of(pending.data),
            test=None if pending.test is None else origin_of(pending.test, pending.data),
            sweep=pending.sweep,
            waiting=self._waiting.get(item_id, ()),
            document_id=pending.home.document_id,
            session=pending.home.path,
        )
        try:
            kept.begin(journal)
        except OSError as error:
            why = f"{kept.folder}: Checkpoints cannot be kept there ({error.strerror or error}). “{pending.name}” is "
            rest = "trained all the same, but would be lost if Corrie ended unexpectedly. Make room on that disk."
            self._not_kept.emit(JobFailure("explained", why + rest, ""))
            return False
        return True

    def _on_opened(self) -> None:
        """Another document took the place of the one these were for: nobody waits for them any more."""
        abandoned, self.pending = self.pending, {}
        self._abandoned |= {pending.job: pending.kept for pending in abandoned.values()}
        for pending in abandoned.values():
            self._jobs.stop(pending.job)
            self._live.remove(pending.item_id)

    def _item_of(self, job: Job[Trained]) -> PendingRun | None:
        return next((pending for pending in self.pending.values() if pending.job is job), None)

    def _on_started(self, job: Job[Trained]) -> None:
        pending = self._item_of(job)
        if pending is not None and pending.sweep:
            others = (other for other in self._of_sweep(pending.sweep) if other is not pending and other.resume is None)
            self._waiting[pending.item_id] = tuple(other.request for other in others)

    def _on_partial(self, job: Job[Trained], snapshot: object) -> None:
        pending, run = self._item_of(job), _run_of(snapshot)
        if pending is not None and run is not None:
            self._live.put(pending.item_id, run)

    def _on_finished(self, job: Job[Trained]) -> None:
        if (abandoned := self._abandoned.pop(job, None)) is not None:
            abandoned.remove()
        pending = self._item_of(job)
        if pending is None:
            return
        del self.pending[pending.item_id]
        self._waiting.pop(pending.item_id, None)
        outcome = job.result if job.result is not None else job.last_partial
        if _run_of(outcome) is not None:
            self._keep(pending, outcome)
        if self._jobs.closing:
            pending.kept.release()  # the window is going, and the document with it: offered again at the next start
        elif pending.item_id in self._state.document.items:
            self._held.hold(pending.kept, pending.item_id)
        else:
            pending.kept.remove()
        self._live.remove(pending.item_id)
        self.ended.emit(pending.item_id)
        if job.failure is not None:
            self.failed.emit(job.failure)

    def _keep(self, pending: PendingRun, outcome: object) -> None:
        run = _run_of(outcome)
        if run is None:
            return
        network = replace(outcome.network, name=pending.name) if isinstance(outcome, Trained) else None
        document = self._state.document
        if isinstance(document.items.get(pending.item_id), RunItem):
            self._history.receive(ReplaceRun(pending.item_id, run, network))
            return
        items: list[Item] = [] if network is None else [network]
        references, held_out = _references(pending, document)
        item = RunItem(
            id=pending.item_id,
            name=pending.name,
            created_utc=utc_now(),
            network_id="" if network is None else network.id,
            sweep=pending.sweep,
            run=run,
            **references,
        )
        self._history.receive(AddItems((item, *items, *held_out), f"train {quoted(item.name)}"))


def _references(pending: PendingRun, document: Document) -> tuple[dict[str, str], tuple[DatasetItem, ...]]:
    """Ids of the data that a run refers to, and those that have to be added for that: held-out data."""
    dataset_id = pending.data.id if pending.data.id in document.items else ""
    test = pending.test
    if test is None:
        return {"dataset_id": dataset_id, "test_id": ""}, ()
    known = known_dataset(document, test)
    if known.id in document.items:
        return {"dataset_id": dataset_id, "test_id": known.id}, ()
    if dataset_id and origin_of(test, pending.data).start:
        return {"dataset_id": dataset_id, "test_id": test.id}, (test,)
    return {"dataset_id": dataset_id, "test_id": ""}, ()  # it was removed meanwhile


def resume_refusal(item: RunItem, document: Document) -> str:
    """Why a run cannot go on, in a sentence; empty if it can."""
    if item.run.status == "complete":
        return f"“{item.name}” is complete: there is nothing left to train."
    if item.run.state is None or item.run.ended:
        return f"“{item.name}” cannot go on as it is. {item.run.ended or 'It holds no state to go on from.'}"
    if not isinstance(document.items.get(item.dataset_id), DatasetItem):
        return f"The data that “{item.name}” learnt from are no longer in the session. Undo their removal first."
    return ""


def _run_of(snapshot: object) -> Run | None:
    if isinstance(snapshot, Trained):
        return snapshot.run
    return snapshot if isinstance(snapshot, Run) else None
