"""Asks for an analysis of the landscape."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.actions.computing import Task
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.choices import explain
from app.views.inspector.landscape.directions import DirectionsRows
from app.views.inspector.landscape.extent import ExtentRows
from app.views.inspector.landscape.kinds import WHATS, What
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.landscape.samples import SampleRows
from app.views.inspector.landscape.surroundings import Surroundings
from app.views.inspector.section import FoldButton
from app.views.made import chooser
from core.errors import CorrieError, InvalidRequest
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.effort import Effort, LandscapeRequest, effort_of
from core.landscape.initialisation import InitialisationRequest
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest
from core.naming import Request

NO_RUN = (
    "There is no run in this session with three checkpoints or more of such a network. Train one in the training lab, "
    "with “Checkpoints” set to every few epochs, or open a session with its training."
)


class LandscapeForm(RequestForm):
    """What, in which directions, how far, on which samples. Rows that do not apply are not there."""

    file_wanted = Signal()  # a file of directions is to be opened

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__("Compute surface", "surface", parent)
        self.what = chooser("landscape.what")
        for place, (what, (text, explanation)) in enumerate(WHATS.items()):
            self.what.addItem(text, what)
            explain(self.what, place, explanation)
        self.more = FoldButton("More", "landscape.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")
        rows = self._rows = Rows(self.fields, self.more.isChecked)
        rows.add("&What", self.what, when=lambda: True)
        self.directions = DirectionsRows(rows, self.chosen, self)
        self.extent = ExtentRows(rows, self.chosen, lambda: self.directions.chosen, self)
        self.samples = SampleRows(rows, self.chosen, around.samples, self)
        self.fields.addRow(self.more)
        self.directions.look_around(around)
        self.samples.look_around(around)
        self._around = around
        self.what.currentIndexChanged.connect(self._on_what)
        self.directions.plane_chosen.connect(self._on_plane)
        self.directions.changed.connect(self._on_directions)
        self.directions.file_wanted.connect(self.file_wanted)
        for signal in (self.extent.changed, self.samples.changed, self.more.toggled):
            signal.connect(self._refresh)
        self._refresh()
        self.watch()

    def chosen(self) -> What:
        """Which analysis is asked for."""
        what: What = self.what.currentData()
        return what

    def look_around(self, around: Surroundings) -> None:
        """Offer what is in the session now, and leave what is entered as it is."""
        self._around = around
        self.directions.look_around(around)
        self.samples.look_around(around)
        self._refresh()

    def choose(self, what: What, plane_id: str = "") -> None:
        """Turn to an analysis, in the plane of a result if one is named."""
        self.what.setCurrentIndex(self.what.findData(what))
        if plane_id:
            self.directions.choose_plane(plane_id)

    def entered(self) -> None:
        self.directions.leave_what_lacks()
        self._refresh()

    def task(self, request: Request, network_id: str, dataset_id: str) -> Task:
        return Task(
            request,
            network_id,
            dataset_id,
            test_id=self.samples.test_id,
            run_id=self.directions.run_id,
            directions=self.directions.given,
        )

    def hint(self) -> str:
        return NO_RUN if self.chosen() == "trajectory" and not self.directions.run_id else ""

    def effort(self) -> Effort | None:
        try:
            request = self.request()
        except CorrieError:
            return None
        run = next((run for run in self._around.runs if run.id == self.directions.run_id), None)
        checkpoints = 0 if run is None else len(run.run.checkpoints)
        test_samples = self.samples.test_samples.value() if self.samples.test_id else 0
        return effort_of(request, self.samples.samples.value(), test_samples, checkpoints)

    def request(self) -> LandscapeRequest:
        what, samples = self.chosen(), self.samples.samples.value()
        if what == "initialisations":
            return InitialisationRequest(
                count=self.samples.count.value(), seed=self.samples.first_seed.value(), samples=samples
            )
        directions = self.directions.request()
        if what == "trajectory":
            if not self.directions.run_id:
                raise InvalidRequest(NO_RUN)
            return TrajectoryRequest(directions=directions, samples=samples)
        if what == "convexity":
            columns, rows = self.extent.grid
            return ConvexityRequest(
                columns=columns,
                rows=rows,
                x_range=self.extent.x_range,
                y_range=self.extent.y_range,
                directions=directions,
                samples=samples,
                tolerance=self.samples.curvature_tolerance.value() / 100,
            )
        return self._curve() if what == "curve" else self._surface()

    def _curve(self) -> CurveRequest:
        return CurveRequest(
            points=self.extent.points.value(),
            x_range=self.extent.x_range,
            directions=self.directions.request(),
            draws=self.directions.draws.value() if self.directions.chosen == "random" else 1,
            samples=self.samples.samples.value(),
            batch_norm=self.samples.chosen_batch_norm,
            test=bool(self.samples.test_id),
            test_samples=self.samples.test_count,
        )

    def _surface(self) -> SurfaceRequest:
        columns, rows = self.extent.grid
        return SurfaceRequest(
            columns=columns,
            rows=rows,
            x_range=self.extent.x_range,
            y_range=self.extent.y_range,
            directions=self.directions.request(),
            samples=self.samples.samples.value(),
            display_limit=self.samples.limit.value(),
            method=self.samples.chosen_method,
            tolerance=self.samples.tolerance.value() / 100,
            batch_norm=self.samples.chosen_batch_norm,
            test=bool(self.samples.test_id),
            test_samples=self.samples.test_count,
        )

    def _on_what(self) -> None:
        self.directions.offer()
        self.button.setText(f"Compute {WHATS[self.chosen()][0].lower()}")
        self._on_directions()

    def _on_directions(self) -> None:
        self.samples.suit(self.directions.chosen)
        self._on_plane()
        self._refresh()

    def _on_plane(self) -> None:
        """The plane of another result is wanted: over the same range, so that both can be laid over each other."""
        result = self.directions.plane_result
        if result is not None and isinstance(result.result, Surface | Convexity):
            x, y = result.result.x, result.result.y
            self.extent.take_over((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))

    def _refresh(self) -> None:
        self.complain("")
        self._rows.refresh()
        self.extent.show_second_axis()
        self.more.setVisible(self._rows.has_more())
        self.edited.emit()
