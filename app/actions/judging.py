"""Ask a network for its verdict on every row, so that the rejected ones can be offered."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs.job import Job, JobSpec
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from core.job import JobContext
from core.session.document import DatasetItem, NetworkItem


class Judging(QObject):
    """Verdicts by network and data set, computed once."""

    judged = Signal(str, str, object)  # network id, data set id, (n,) class indices or values

    def __init__(
        self, state: DocumentState, jobs: JobManager, workbench: Workbench, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._workbench = state, jobs, workbench
        self._known: dict[tuple[str, str], object] = {}
        self._asked: dict[Job[object], tuple[str, str]] = {}
        jobs.job_finished.connect(self._on_finished)
        state.opened.connect(self._on_opened)
        state.item_changed.connect(self._on_changed)

    def ask(self, network_id: str, dataset_id: str) -> None:
        """Emit `judged`, at once if the answer is known, or when it is."""
        key = network_id, dataset_id
        if key in self._known:
            self.judged.emit(*key, self._known[key])
            return
        network, data = (self._state.document.items.get(item_id) for item_id in key)
        if key in self._asked.values() or not isinstance(network, NetworkItem) or not isinstance(data, DatasetItem):
            return

        def work(job: JobContext) -> object:
            return self._workbench.verdicts(network, data, job)

        self._asked[self._jobs.submit(JobSpec(f"Judging the rows of {data.name}", work))] = key

    def _on_changed(self, item_id: str) -> None:
        """A network that was trained further, or data with another card, are judged anew."""
        self._known = {key: said for key, said in self._known.items() if item_id not in key}

    def _on_opened(self) -> None:
        self._known.clear()
        abandoned, self._asked = self._asked, {}
        for job in abandoned:
            self._jobs.stop(job)

    def _on_finished(self, job: Job[object]) -> None:
        key = self._asked.pop(job, None)
        if key is not None and isinstance(job.result, np.ndarray):
            self._known[key] = job.result
            self.judged.emit(*key, job.result)
