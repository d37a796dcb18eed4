"""The training lab: a form on the left, live curves on the right, and the table of runs below them."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QToolButton, QWidget

from app.actions.training import Trainings
from app.render.plot.runs.curves_view import MOST_RUNS, CurvesView, run_colours
from app.render.plot.runs.run_series import ShownRun
from app.state.document_state import DocumentState
from app.state.live import LiveResults
from app.views.made import named, with_icon
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.training.run_rows import RunRow, run_rows
from app.views.training.runs_panel import RunsPanel
from app.views.training.training_form import TrainingForm
from app.views.training.words import about
from core.session.document import DatasetItem, RunItem

PAGE_ID = "page:training"
PULL = 100  # milliseconds in which growing runs are drawn once
FORM_WIDTH = 330
NARROWEST = 180  # pixels of curves and table that are seen at least


class TrainingPage(Page):
    """Follows the document and the trainings by itself."""

    icon_name = "training"
    start_wanted = Signal(object)  # list of TrainingTask
    data_wanted = Signal(str)  # an action that opens data
    open_wanted = Signal(str)  # id of a run
    remove_wanted = Signal(str)  # id of a run
    surfaces_wanted = Signal(object, object)  # SurfaceRequest, ids of two runs
    spectra_wanted = Signal(object, object)  # SpectrumRequest, ids of two runs

    def __init__(
        self, state: DocumentState, live: LiveResults, trainings: Trainings, parent: QWidget | None = None
    ) -> None:
        super().__init__(PAGE_ID, parent)
        self._state, self._live, self._trainings = state, live, trainings
        self._rows: list[RunRow] = []
        self._places: dict[str, int] = {}  # of the drawn runs among the colours: each keeps its own
        self.form, self.curves, self.runs = TrainingForm(), CurvesView(), RunsPanel()
        self._timer = QTimer(self, singleShot=True, interval=PULL)
        self._timer.timeout.connect(self.refresh)
        self._build()
        self._connect()
        self.form.set_document(state.document)
        self.refresh()

    def refresh(self) -> None:
        """Show the runs as they are now."""
        self._rows = run_rows(self._state.document, self._trainings, self._live)
        self.runs.set_rows(self._rows)
        self.runs.set_samples(self._samples_of_pair())
        self._draw()
        self._say_left()

    def image(self) -> QImage:
        return picture_of(self.curves)

    def view_state(self) -> dict[str, object]:
        return {
            "form": self.form.entries(),
            "form_shown": not self.form.isHidden(),
            "logarithmic": self.curves.logarithmic,
            "horizontal": self.curves.horizontal,
            "selected": list(self.runs.table.selected_ids),
        }

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(entries := state.get("form"), dict):
            self.form.enter(entries)
        if isinstance(shown := state.get("form_shown"), bool):
            self._toggle.setChecked(shown)
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.curves.set_logarithmic(logarithmic)
        self.curves.set_horizontal(str(state.get("horizontal")))
        if isinstance(selected := state.get("selected"), list | tuple):
            self.runs.table.select_ids([str(run_id) for run_id in selected])

    def select_runs(self, ids: tuple[str, ...]) -> None:
        """Select these runs in the table, once they are there."""
        self.refresh()
        self.runs.table.select_ids(ids)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # ---- following

    def _connect(self) -> None:
        state, live, trainings = self._state, self._live, self._trainings
        state.document_changed.connect(self._on_document)
        state.opened.connect(self._on_document)
        for signal in (live.updated, trainings.submitted, trainings.ended):
            signal.connect(self._soon)
        self.form.start_wanted.connect(self.start_wanted)
        self.form.open_wanted.connect(self.data_wanted)
        self.form.changed.connect(self.view_changed)
        self.curves.hovered.connect(self.hovered)
        self.curves.view_changed.connect(self.view_changed)
        self.runs.selected.connect(self._on_selected)
        self.runs.comparing.connect(self._on_comparing)
        self.runs.table.activated_row.connect(self.open_wanted)
        self.runs.table.remove_wanted.connect(self.remove_wanted)
        self.runs.comparison.surfaces_wanted.connect(lambda request: self._of_pair(self.surfaces_wanted, request))
        self.runs.comparison.spectra_wanted.connect(lambda request: self._of_pair(self.spectra_wanted, request))

    def _on_document(self) -> None:
        self.form.set_document(self._state.document)
        self._soon()

    def _soon(self) -> None:
        """Many words in a short time are one picture; a page that nobody sees is drawn when it is turned to."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _on_selected(self) -> None:
        self._draw()
        self.view_changed.emit()

    def _on_comparing(self) -> None:
        self.runs.set_samples(self._samples_of_pair())
        self._draw()

    def _of_pair(self, signal: object, request: object) -> None:
        if self.runs.pair is not None:
            signal.emit(request, self.runs.pair)  # type: ignore[attr-defined]  # a bound signal

    def _samples_of_pair(self) -> int:
        """Of the data that both networks can be computed with: those that the first one learnt from."""
        item = None if self.runs.pair is None else self._state.document.items.get(self.runs.pair[0])
        data = self._state.document.items.get(item.dataset_id) if isinstance(item, RunItem) else None
        return data.samples if isinstance(data, DatasetItem) else 0

    # ---- drawing

    def _drawn(self) -> list[RunRow]:
        """The pair that is compared, or the selected runs, or else the newest."""
        begun = [row for row in self._rows if row.run is not None]
        chosen = self.runs.pair or self.runs.table.selected_ids
        selected = [row for row in begun if row.id in chosen]
        return (selected or begun)[-MOST_RUNS:]

    def _draw(self) -> None:
        rows = self._drawn()
        ids = [row.id for row in rows]
        self._places = {run_id: place for run_id, place in self._places.items() if run_id in ids}
        for run_id in ids:
            free = (place for place in range(MOST_RUNS) if place not in self._places.values())
            self._places.setdefault(run_id, next(free, 0))
        self.curves.set_runs(
            [
                ShownRun(id=row.id, name=row.name, run=row.run, colour=self._places[row.id])
                for row in rows
                if row.run is not None
            ]
        )
        colours = run_colours(self.palette())
        self.runs.table.set_colours({run_id: colours[place] for run_id, place in self._places.items()})

    def _say_left(self) -> None:
        pending = self._trainings.pending
        if not pending:
            self.runs.show_left("")
            return
        left = self._trainings.seconds_left()
        words = f"{len(pending)} runs to go" if len(pending) > 1 else "One run to go"
        self.runs.show_left(words if left is None else f"{words}, {about(left)} left")

    # ---- the widget itself

    def _build(self) -> None:
        self._toggle = named(with_icon(QToolButton(), "note"), "training.form_shown")
        self._toggle.setText("Form")
        self._toggle.setToolTip("Show or hide the form")
        self._toggle.setCheckable(True)
        self._toggle.setChecked(True)
        self._toggle.setAutoRaise(True)
        self._toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle.toggled.connect(self.form.setVisible)
        self._toggle.toggled.connect(self.view_changed)
        self.curves.add_to_header(self._toggle)
        right = named(QSplitter(Qt.Orientation.Vertical), "training.right")
        right.setChildrenCollapsible(False)
        right.addWidget(self.curves)
        right.addWidget(self.runs)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        both = named(QSplitter(Qt.Orientation.Horizontal), "training.both")
        both.setChildrenCollapsible(False)
        self.form.setMinimumWidth(280)
        both.addWidget(self.form)
        both.addWidget(_scrolling(right, "training.right_area"))
        both.setStretchFactor(0, 0)
        both.setStretchFactor(1, 1)
        both.setSizes([FORM_WIDTH, 700])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        area = _scrolling(both, "training.sideways")  # where it is too narrow for both, they do not overlap
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(area)


def _scrolling(content: QWidget, name: str) -> QScrollArea:
    """An area that shows a part of what has no room."""
    area = named(QScrollArea(), name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setMinimumWidth(NARROWEST)
    area.setWidget(content)
    return area
