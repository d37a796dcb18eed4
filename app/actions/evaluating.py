"""Loss and accuracy of networks on data: computed when asked for, kept as long as the session is open."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from core.errors import CorrieError
from core.job import JobContext, Stage
from core.session.document import DatasetItem, NetworkItem

if TYPE_CHECKING:
    from core.evaluation import Evaluation

Key = tuple[str, str, str]  # fingerprint of the network, its input card as text, fingerprint of the data
Answers = Mapping[Key, "Evaluation | str"]  # a text says why there is none


class Evaluations(QObject):
    """What is known about networks on data. Another mean or std in a card makes it another network here."""

    changed = Signal()  # another evaluation is known, or one is on its way
    failed = Signal(object)  # JobFailure

    def __init__(
        self, state: DocumentState, jobs: JobManager, workbench: Workbench, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._workbench = jobs, workbench
        self._known: dict[Key, Evaluation | str] = {}
        self._job: Job[Answers] | None = None
        jobs.job_partial.connect(self._on_partial)
        jobs.job_finished.connect(self._on_finished)
        state.opened.connect(self._on_opened)

    @property
    def busy(self) -> bool:
        """Whether networks are being evaluated, or wait for it."""
        return self._job is not None

    def of(self, network: NetworkItem, data: DatasetItem) -> "Evaluation | str | None":
        """What is known; a text says why nothing can be; None if nobody has asked yet."""
        return self._known.get(_key(network, data))

    def ask(self, networks: Sequence[NetworkItem], data: DatasetItem, samples: int) -> None:
        """Evaluate these networks on so many samples, one after the other, in one job."""
        wanted = tuple(networks)

        def work(job: JobContext) -> Answers:
            answers: dict[Key, Evaluation | str] = {}
            for done, network in enumerate(wanted):
                job.check()
                job.progress(done, len(wanted), network.name)
                stage = Stage(job, network.name, relay_partial=False)
                try:
                    answers[_key(network, data)] = self._workbench.evaluate(network, data, samples, stage)
                except CorrieError as error:
                    answers[_key(network, data)] = str(error)
                job.partial(MappingProxyType(dict(answers)))
            return answers

        self.stop()
        which = wanted[0].name if len(wanted) == 1 else f"{len(wanted)} networks"
        self._job = self._jobs.submit(JobSpec(f"Evaluating {which} on {data.name}", work))
        self.changed.emit()

    def stop(self) -> None:
        """Stop evaluating; what is known by now is kept."""
        if self._job is not None:
            self._jobs.stop(self._job)

    def _on_partial(self, job: Job[object], answers: object) -> None:
        if job is self._job:
            self._known.update(answers)  # type: ignore[call-overload]  # an `Answers`
            self.changed.emit()

    def _on_finished(self, job: Job[object]) -> None:
        if job is self._job:
            self._job = None
            self.changed.emit()
            if job.failure is not None:
                self.failed.emit(job.failure)

    def _on_opened(self) -> None:
        self._known.clear()
        job, self._job = self._job, None
        if job is not None:
            self._jobs.stop(job)
        self.changed.emit()


def _key(network: NetworkItem, data: DatasetItem) -> Key:
    return network.sha256, repr(network.card.input), data.sha256
