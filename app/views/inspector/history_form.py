"""Asks for the curvature through a training."""

from PySide6.QtWidgets import QWidget

from app.actions.computing import Task
from app.jobs.measure_effort import history_effort
from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.choices import refill
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.landscape.surroundings import Surroundings
from app.views.made import chooser
from core.errors import InvalidRequest
from core.landscape.effort import Effort
from core.naming import Request
from core.spectrum.history import HistoryRequest

USUAL_SAMPLES = 256
NO_RUN = (
    "There is no run in this session with three checkpoints or more of such a network. Train one in the training lab, "
    "with “Checkpoints” set to every few epochs, or open a session with its training."
)


class HistoryForm(RequestForm):
    """Of which run, how many eigenvalues, how exact, on which samples."""

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__("Follow the curvature", "history", parent)
        self.run = chooser("history.run")
        self.top = whole_number("history.top", 1, 100, 1)
        self.tolerance = NumberField("history.tolerance", 1e-7, 0.5, 1e-3, step=1e-3)
        self.samples = whole_number("history.samples", 1, max(1, around.samples), min(around.samples, USUAL_SAMPLES))
        self.test = chooser("history.test")
        self.test_samples = whole_number("history.test_samples", 1, 1, 1)
        self.seed = whole_number("history.seed", 0, 2**31 - 1, 0)
        self._around = around
        rows = self._rows = Rows(self.fields, lambda: True)
        rows.add("&Run", self.run, when=self._has_run, tip="Whose checkpoints are measured, in their order")
        rows.add("Ei&genvalues", self.top, when=self._has_run, tip="Of largest size, at every checkpoint")
        rows.add("T&olerance", self.tolerance, when=self._has_run, tip="Relative error of an eigenvalue")
        rows.add("Sa&mples", self.samples, when=self._has_run, tip="The first so many samples of the data")
        tip = "Loss and accuracy of a test set as well; eigenvalues and gradient are those of the data"
        rows.add("&Test set", self.test, when=self._has_test, tip=tip)
        rows.add("Test samples", self.test_samples, when=lambda: bool(self.test_id), tip="The first so many")
        rows.add("&Seed", self.seed, when=self._has_run, tip="Of the random start of every search")
        self.look_around(around)
        self.test.currentIndexChanged.connect(self._on_test)
        self.watch()

    @property
    def run_id(self) -> str:
        """Id of the chosen run; "" where there is none."""
        return str(self.run.currentData() or "")

    @property
    def test_id(self) -> str:
        """Id of the test set; "" for none."""
        return str(self.test.currentData() or "")

    def look_around(self, around: Surroundings) -> None:
        """Offer what is in the session now, and leave what is entered as it is."""
        self._around = around
        refill(self.run, [(run.name, run.id) for run in around.runs])
        refill(self.test, [("none", ""), *((item.name, item.id) for item in around.tests)])
        self.button.setEnabled(self._has_run())
        self._on_test()

    def request(self) -> HistoryRequest:
        if not self.run_id:
            raise InvalidRequest(NO_RUN)
        tested = bool(self.test_id)
        return HistoryRequest(
            top=self.top.value(),
            tolerance=self.tolerance.value(),
            samples=self.samples.value(),
            seed=self.seed.value(),
            test=tested,
            test_samples=self.test_samples.value() if tested else None,
        )

    def task(self, request: Request, network_id: str, dataset_id: str) -> Task:
        return Task(request, network_id, dataset_id, test_id=self.test_id, run_id=self.run_id)

    def hint(self) -> str:
        return "" if self.run_id else NO_RUN

    def effort(self) -> Effort | None:
        run = next((run for run in self._around.runs if run.id == self.run_id), None)
        if run is None:
            return None
        tested = self.test_samples.value() if self.test_id else 0
        return history_effort(self.request(), self.samples.value(), tested, len(run.run.checkpoints))

    def entered(self) -> None:
        self._on_test()

    def _has_run(self) -> bool:
        return self.run.count() > 0

    def _has_test(self) -> bool:
        return self._has_run() and self.test.count() > 1

    def _on_test(self) -> None:
        test = next((item for item in self._around.tests if item.id == self.test_id), None)
        if test is not None:
            self.test_samples.setMaximum(max(1, test.samples))
            if self.test_samples.value() == 1:
                self.test_samples.setValue(test.samples)
        self._rows.refresh()
        self.edited.emit()
