"""Trainings that an unexpected end of Corrie interrupted: found at the start, put into the session on request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.actions.holding_until_kept import HeldUntilKept
from app.actions.journal import DataOrigin, Journal, KeptTraining, kept_trainings
from app.actions.kept import Home
from app.actions.opening import KEEP_BYTES
from app.actions.training import TrainingTask
from app.commands.history import History
from app.commands.items import AddItems, quoted
from app.commands.runs import ReplaceRun
from app.jobs.failure import JobFailure
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.recovery.interrupted import InterruptedWork
from app.state.document_state import DocumentState
from core.data.loading import open_dataset
from core.data.storing import store_dataset
from core.errors import CorrieError, DataError
from core.job import JobContext
from core.session.adding import free_name, known_dataset
from core.session.document import DatasetItem, Item, NetworkItem, RunItem, new_id, utc_now
from core.training.recipe import TrainingRequest
from core.training.run import Run


@dataclass(frozen=True, eq=False)
class Interrupted:
    """A training that was found: its folder, what it belongs to, and how far it came."""

    kept: KeptTraining
    journal: Journal
    run: Run

    @property
    def words(self) -> str:
        """``“C1” at epoch 7 of 20``."""
        return f"“{self.journal.name}” at epoch {self.run.epochs_done} of {self.run.request.epochs}"

    @property
    def home(self) -> Home:
        """The session that it was asked for in."""
        return Home(self.journal.document_id, self.journal.session)


@dataclass(frozen=True, eq=False)
class Opened:
    """What restoring has read: the run, and of its data those that are still the same."""

    interrupted: Interrupted
    data: DatasetItem | None
    test: DatasetItem | None
    network: NetworkItem | None
    trouble: str  # why data are missing, in a sentence; "" if they are not


class InterruptedTrainings(InterruptedWork[Interrupted]):
    """Their runs go into the document as partial ones, with their data where those are still the same."""

    waiting = Signal(str, object)  # name of a sweep, tuple of TrainingTask that had not begun

    def __init__(
        self,
        state: DocumentState,
        history: History,
        jobs: JobManager,
        workbench: Workbench,
        held: HeldUntilKept,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(kept_trainings, _read, "interrupted trainings", parent)
        self._state, self._history = state, history
        self._jobs, self._workbench, self._held = jobs, workbench, held
        self._restoring: dict[Job[list[Opened]], tuple[Interrupted, ...]] = {}
        jobs.job_finished.connect(self._on_finished)

    def restore(self, interrupted: Sequence[Interrupted]) -> None:
        wanted = tuple(interrupted)

        def work(job: JobContext) -> list[Opened]:
            return [_open(one, self._workbench, job) for one in wanted]

        self._restoring[self._jobs.submit(JobSpec("Restoring interrupted trainings", work))] = wanted

    def _on_finished(self, job: Job[list[Opened]]) -> None:
        wanted = self._restoring.pop(job, None)
        if wanted is None:
            return
        if job.result is None:  # stopped, or failed: they stay on the disk for the next start
            for one in wanted:
                one.kept.release()
            if job.failure is not None:
                self.failed.emit(job.failure)
            return
        for opened in job.result:
            self._add(opened)

    def _add(self, opened: Opened) -> None:
        journal, document = opened.interrupted.journal, self._state.document
        present = document.items.get(journal.item_id) if journal.document_id == document.document_id else None
        if isinstance(present, RunItem) and present.run.request == opened.interrupted.run.request:
            self._go_on(present, opened)
            return
        known = [None if data is None else known_dataset(document, data) for data in (opened.data, opened.test)]
        ids = ["" if data is None else data.id for data in known]
        name = free_name(document, journal.name)
        item = RunItem(
            id=new_id("run") if journal.item_id in document.items else journal.item_id,
            name=name,
            created_utc=utc_now(),
            dataset_id=ids[0],
            test_id=ids[1],
            network_id="" if opened.network is None else opened.network.id,
            sweep=journal.sweep,
            run=opened.interrupted.run,
        )
        fresh: list[Item] = [data for data in known if data is not None and data.id not in document.items]
        if opened.network is not None:
            fresh.append(replace(opened.network, name=name))
        self._history.receive(AddItems((item, *fresh), f"restore {quoted(item.name)}"))
        self._held.hold(opened.interrupted.kept, item.id)
        self.restored.emit(item.id)
        if opened.trouble:
            self.failed.emit(JobFailure("explained", opened.trouble, ""))
        elif journal.waiting and known[0] is not None:
            tasks = _tasks(journal, journal.waiting, known[0], known[1])
            self.waiting.emit(journal.sweep, tasks)

    def _go_on(self, present: RunItem, opened: Opened) -> None:
        """The document has that run already: as far as it was when it was kept, or all of it."""
        run = opened.interrupted.run
        if run.epochs_done > present.run.epochs_done:
            self._history.receive(ReplaceRun(present.id, run, opened.network))
        self._held.hold(opened.interrupted.kept, present.id)
        self.restored.emit(present.id)


def _tasks(
    journal: Journal, requests: tuple[TrainingRequest, ...], data: DatasetItem, test: DatasetItem | None
) -> tuple[TrainingTask, ...]:
    return tuple(TrainingTask(request=request, data=data, test=test, sweep=journal.sweep) for request in requests)


def _read(kept: KeptTraining) -> Interrupted | None:
    from core.training.checkpoints import CheckpointFolder  # noqa: PLC0415  not needed before

    journal, run = kept.journal(), CheckpointFolder(kept.checkpoints).read()
    return None if run is None else Interrupted(kept, journal, run)  # None: it had not come to its first checkpoint


def _open(interrupted: Interrupted, workbench: Workbench, job: JobContext) -> Opened:
    """Open the data of a training again and make its network, in the engine's thread."""
    journal, troubles = interrupted.journal, []
    data: list[DatasetItem | None] = []
    for origin in (journal.data, journal.test):
        job.check()
        try:
            data.append(None if origin is None else _reopened(origin))
        except CorrieError as error:
            data.append(None)
            troubles.append(str(error))
    network = None if data[0] is None else workbench.network_of(interrupted.run, data[0], job).network
    trouble = f"“{journal.name}” was restored without its data. {troubles[0]}" if troubles else ""
    return Opened(interrupted, data[0], data[1], network, trouble)


def _reopened(origin: DataOrigin) -> DatasetItem:
    """Data from where they were opened, in the session from now on.

    Raises
    ------
    UnreadableFile, DataError
        If they are not there any more, or not the same.
    """
    data = open_dataset(origin.origin)
    if origin.start:
        data = replace(data, name=origin.name, x=data.x[origin.start :], y=data.y[origin.start :])
    if data.sha256 != origin.sha256:
        raise DataError(f"{origin.origin} is no longer the data “{origin.name}” that it learnt from.")
    return replace(store_dataset(data, origin=origin.origin, keep=data.x.nbytes <= KEEP_BYTES), name=origin.name)
