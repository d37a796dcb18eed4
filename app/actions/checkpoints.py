"""Networks of the session from the checkpoints that a run has kept."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.commands.history import History
from app.commands.items import AddItems
from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Trained, Workbench
from app.state.document_state import DocumentState
from core.errors import InvalidRequest
from core.job import JobContext
from core.session.adding import free_name, known_network
from core.session.document import DatasetItem, NetworkItem, RunItem


class CheckpointNetworks(QObject):
    """Adds the network of an epoch as an item of its own."""

    added = Signal(str)  # id of the network that is now in the document
    failed = Signal(object)  # JobFailure

    def __init__(
        self,
        state: DocumentState,
        history: History,
        jobs: JobManager,
        workbench: Workbench,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._history = state, history
        self._jobs, self._workbench = jobs, workbench
        self._asked: dict[Job[Trained], str] = {}  # names of the networks to be
        state.opened.connect(self._asked.clear)
        jobs.job_finished.connect(self._on_finished)

    def add(self, item: RunItem, epoch: int) -> None:
        """Put the network that the run was after that epoch into the session.

        Raises
        ------
        InvalidRequest
            If the data that the run learnt from are gone: they say what its outputs mean.
        """
        data = self._state.document.items.get(item.dataset_id)
        if not isinstance(data, DatasetItem):
            raise InvalidRequest(
                f"The data that “{item.name}” learnt from are no longer in the session. Undo that first."
            )

        def work(job: JobContext) -> Trained:
            return self._workbench.network_of(item.run, data, job, epoch)

        name = f"{item.name}, epoch {epoch}"
        self._asked[self._jobs.submit(JobSpec(f"Network of {name}", work))] = name

    def _on_finished(self, job: Job[Trained]) -> None:
        name = self._asked.pop(job, None)
        if name is None:
            return
        if job.failure is not None:
            self.failed.emit(job.failure)
        elif job.result is not None:
            self._add(name, job.result.network)

    def _add(self, name: str, network: NetworkItem) -> None:
        document = self._state.document
        item = known_network(document, replace(network, name=free_name(document, name)))
        if item.id not in document.items:
            self._history.receive(AddItems((item,)))
        self.added.emit(item.id)
