"""Asks on which samples, and how exactly."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.actions.wording import sized
from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.landscape.choices import refill
from app.views.inspector.landscape.kinds import Kind, What
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.landscape.surroundings import Surroundings
from app.views.made import chooser
from core.landscape.plane import BatchNorm
from core.landscape.surface import Method

USUAL_SAMPLES = 256
TESTED: tuple[What, ...] = ("surface", "curve")


class SampleRows(QObject):
    """The part of the form that is about samples, the test set and exactness."""

    changed = Signal()  # other rows apply

    def __init__(self, rows: Rows, what: Callable[[], What], samples: int, parent: QObject) -> None:
        super().__init__(parent)
        self._what = what
        self._normalises = False
        self._suggested = False  # whether the statistics are measured anew because of the directions
        self.method = chooser("surface.method")
        self.method.addItem("adaptive, certified", "adaptive")
        self.method.addItem("every point", "grid")
        self.tolerance = NumberField("surface.tolerance", 0.01, 99.0, 2.0, step=0.5)
        self.tolerance.setSuffix(" %")
        self.curvature_tolerance = NumberField("convexity.tolerance", 0.001, 99.0, 1.0, step=0.5)
        self.curvature_tolerance.setSuffix(" %")
        self.count = whole_number("initialisations.count", 1, 1000, 10)
        self.first_seed = whole_number("initialisations.seed", 0, 2**31 - 1001, 0)
        self.samples = whole_number("surface.samples", 1, max(1, samples), min(samples, USUAL_SAMPLES))
        self.test = chooser("landscape.test")
        self.test_samples = whole_number("landscape.test_samples", 1, 1, 1)
        self.batch_norm = chooser("landscape.batch_norm")
        self.batch_norm.addItem("as trained", "frozen")
        self.batch_norm.addItem("anew at every point", "recalibrated")
        self.limit = NumberField("surface.limit", 1e-9, 1e12, 10.0, step=1.0)
        self._tests: dict[str, int] = {}  # samples, by id
        self._add_rows(rows)
        self.method.currentIndexChanged.connect(self.changed)
        self.batch_norm.activated.connect(self._on_statistics)
        self.test.currentIndexChanged.connect(self._on_test)

    @property
    def test_id(self) -> str:
        """Id of the test set; "" for none."""
        return str(self.test.currentData() or "") if self._what() in TESTED else ""

    @property
    def test_count(self) -> int | None:
        """How many samples of the test set; None for all, or without one."""
        everything = self._tests.get(self.test_id)
        return None if everything in (None, self.test_samples.value()) else self.test_samples.value()

    @property
    def chosen_method(self) -> Method:
        """How a surface is computed."""
        method: Method = self.method.currentData()
        return method

    @property
    def chosen_batch_norm(self) -> BatchNorm:
        """What becomes of the statistics of normalisation away from the network."""
        chosen: BatchNorm = self.batch_norm.currentData() if self._normalises else "frozen"
        return chosen

    def suit(self, directions: Kind | None) -> None:
        """Suggest what such directions need: between networks, statistics of training belong to neither."""
        if directions == "bezier" and self.batch_norm.currentData() == "frozen":
            self.batch_norm.setCurrentIndex(self.batch_norm.findData("recalibrated"))
            self._suggested = True
        elif directions != "bezier" and self._suggested:
            self.batch_norm.setCurrentIndex(self.batch_norm.findData("frozen"))
            self._suggested = False

    def look_around(self, around: Surroundings) -> None:
        """Offer the test sets that there are now."""
        self._normalises = around.normalises
        self._tests = {item.id: item.samples for item in around.tests}
        refill(self.test, (("none", ""), *((sized(item), item.id) for item in around.tests)))

    def _on_statistics(self) -> None:
        self._suggested = False  # chosen by hand: it stays

    def _on_test(self) -> None:
        if samples := self._tests.get(self.test_id, 0):
            self.test_samples.setMaximum(samples)
            self.test_samples.setValue(min(samples, self.samples.value()))
        self.changed.emit()

    def _adaptive(self) -> bool:
        return self._what() == "surface" and self.method.currentData() == "adaptive"

    def _add_rows(self, rows: Rows) -> None:
        def of(*whats: What) -> Callable[[], bool]:
            return lambda: self._what() in whats

        rows.add(
            "Met&hod",
            self.method,
            when=of("surface"),
            tip="Adaptive computes only as many points or samples as the tolerance needs, marks every cell, and "
            "certifies the result on points it has not used. Every point is the original tool's way",
        )
        rows.add(
            "T&olerance",
            self.tolerance,
            when=self._adaptive,
            tip="Error of the height shown, log(loss + 0.1), that the certificate is about",
        )
        rows.add(
            "T&olerance",
            self.curvature_tolerance,
            when=of("convexity"),
            more=True,
            tip="Error of an eigenvalue, relative to the larger one",
        )
        rows.add("D&raws", self.count, when=of("initialisations"), tip="How many fresh sets of random weights")
        rows.add(
            "&Seed",
            self.first_seed,
            when=of("initialisations"),
            more=True,
            tip="Of the first draw; the others count upwards",
        )
        rows.add(
            "Sa&mples",
            self.samples,
            when=lambda: True,
            tip="The first so many samples of the data; the loss is their mean",
        )
        rows.add(
            "T&est set",
            self.test,
            when=lambda: self._what() in TESTED and bool(self._tests),
            tip="Loss and accuracy on other data as well, at the same points",
        )
        rows.add("&Test samples", self.test_samples, when=lambda: bool(self.test_id), tip="The first so many of them")
        rows.add(
            "Normal&isation",
            self.batch_norm,
            when=lambda: self._normalises and self._what() in TESTED,
            more=True,
            tip="Batch normalisation keeps the means and variances of training, as in Li et al., or measures them "
            "anew at every point, which is slower",
        )
        rows.add(
            "Shown &up to",
            self.limit,
            when=of("surface"),
            more=True,
            tip="Loss at which the picture is clipped; the tolerance counts only below it",
        )
