"""Ask which features of an input are worth a try."""

from PySide6.QtCore import QObject, Signal

from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from core.corrections.records.suggestion import SuggestionRequest
from core.job import JobContext
from core.session.document import NetworkItem


class Suggesting(QObject):
    """One question at a time: a newer one takes the place of an older one that waits."""

    suggested = Signal(str, object, object)  # network id, SuggestionRequest, Suggestions, the best first
    refused = Signal(str, object, str)  # network id, SuggestionRequest, why there are none

    def __init__(
        self, state: DocumentState, jobs: JobManager, workbench: Workbench, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._workbench = state, jobs, workbench
        self._asked: dict[Job[object], tuple[str, SuggestionRequest]] = {}
        jobs.job_finished.connect(self._on_finished)
        state.opened.connect(self._asked.clear)

    def ask(self, network_id: str, request: SuggestionRequest) -> None:
        """Emit `suggested` or `refused` when the answer is known."""
        network = self._state.document.items.get(network_id)
        if not isinstance(network, NetworkItem):
            return

        def work(job: JobContext) -> object:
            return self._workbench.suggestions(request, network, job)

        spec = JobSpec("Looking for features that are worth a try", work, key="suggestions", replaces_running=True)
        self._asked[self._jobs.submit(spec)] = network_id, request

    def _on_finished(self, job: Job[object]) -> None:
        asked = self._asked.pop(job, None)
        if asked is None:
            return
        if job.failure is not None:
            self.refused.emit(*asked, job.failure.message)
        elif isinstance(job.result, tuple):
            self.suggested.emit(*asked, job.result)
