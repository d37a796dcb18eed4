"""Asks for size and sharpness of a network."""

from PySide6.QtWidgets import QCheckBox, QWidget

from app.actions.computing import Task
from app.jobs.measure_effort import complexity_effort
from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.choices import refill
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.landscape.surroundings import Surroundings
from app.views.made import chooser, named
from core.generalisation.complexity import ComplexityRequest
from core.landscape.effort import Effort
from core.naming import Request

USUAL_SAMPLES = 1000
NO_TEST = "Without a test set there is no generalisation gap to compare these measures with."


class ComplexityForm(RequestForm):
    """On which samples, against which test set, how far and how often weights are moved."""

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__("Measure size and sharpness", "complexity", parent)
        self.samples = whole_number("complexity.samples", 1, max(1, around.samples), min(around.samples, USUAL_SAMPLES))
        self.test = chooser("complexity.test")
        self.radius = NumberField("complexity.radius", 0.01, 1000.0, 5.0, step=1.0)
        self.radius.setSuffix(" %")
        self.draws = whole_number("complexity.draws", 2, 10_000, 20)
        self.eigenvalue = named(QCheckBox("Top &eigenvalue"), "complexity.eigenvalue")
        self.eigenvalue.setChecked(True)
        self.seed = whole_number("complexity.seed", 0, 2**31 - 1, 0)
        self._tests = around.tests
        rows = self._rows = Rows(self.fields, lambda: True)

        def always() -> bool:
            return True

        tip = "The first so many samples of the data, and of the test set"
        rows.add("Sa&mples", self.samples, when=always, tip=tip)
        tip = "Gives the generalisation gap, with which the measures are compared"
        rows.add("&Test set", self.test, when=lambda: self.test.count() > 1, tip=tip)
        tip = "How far every filter is moved in a random direction, relative to its own length"
        rows.add("&Radius", self.radius, when=always, tip=tip)
        rows.add("&Directions", self.draws, when=always, tip="Random ones; the sharpness is the mean rise of the loss")
        tip = "Of the Hessian: how sharp the minimum is as it stands. It changes when weights are rescaled"
        rows.add("", self.eigenvalue, when=always, tip=tip)
        rows.add("&Seed", self.seed, when=always, tip="Of the random directions")
        self.look_around(around)
        if self._tests:
            self.test.setCurrentIndex(1)  # what is measured here is nothing without the gap
        self.eigenvalue.toggled.connect(self.edited)
        self.watch()

    @property
    def test_id(self) -> str:
        """Id of the test set; "" for none."""
        return str(self.test.currentData() or "")

    def look_around(self, around: Surroundings) -> None:
        """Offer what is in the session now, and leave what is entered as it is."""
        self._tests = around.tests
        refill(self.test, [("none", ""), *((item.name, item.id) for item in around.tests)])
        self._rows.refresh()

    def request(self) -> ComplexityRequest:
        return ComplexityRequest(
            samples=self.samples.value(),
            radius=self.radius.value() / 100,
            draws=self.draws.value(),
            eigenvalue=self.eigenvalue.isChecked(),
            seed=self.seed.value(),
            test=bool(self.test_id),
        )

    def task(self, request: Request, network_id: str, dataset_id: str) -> Task:
        return Task(request, network_id, dataset_id, test_id=self.test_id)

    def say(self, text: str) -> None:
        super().say("\n".join(part for part in (text, "" if self.test_id else NO_TEST) if part))

    def effort(self) -> Effort:
        test = next((item for item in self._tests if item.id == self.test_id), None)
        samples = self.samples.value()
        return complexity_effort(self.request(), samples, 0 if test is None else min(samples, test.samples))
