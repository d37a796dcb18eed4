"""One training run: its curves, live while it learns."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.render.plot.runs.curves_view import CurvesView
from app.render.plot.runs.run_series import ShownRun
from app.views.made import named, text_label, with_icon
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.session.document import Result
from core.training.run import Run

WAITING = "This run waits for its turn, or is being prepared. Its curves grow here."


class RunPage(Page):
    """Curves with a line above them that says how the run stands, and the way to stop it or to go on."""

    icon_name = "training"
    stop_wanted = Signal(str)  # item id
    resume_wanted = Signal(str)  # item id

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._name = ""
        self._under_way = False
        self.curves = CurvesView(WAITING)
        self.status = text_label(name=f"run.status.{item_id}")
        self.stop = named(with_icon(QPushButton("Stop"), "stop"), f"run.stop.{item_id}")
        self.resume = named(with_icon(QPushButton("Resume"), "compute"), f"run.resume.{item_id}")
        self.stop.clicked.connect(lambda: self.stop_wanted.emit(self.item_id))
        self.resume.clicked.connect(lambda: self.resume_wanted.emit(self.item_id))
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 4)
        row.addWidget(self.status, 1)
        row.addWidget(self.stop)
        row.addWidget(self.resume)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.curves, 1)
        self.curves.hovered.connect(self.hovered)
        self.curves.view_changed.connect(self.view_changed)
        self.show_result(None)

    def set_standing(self, name: str, *, under_way: bool) -> None:
        """Say what the run is called, and whether it is being trained or waits for that."""
        self._name, self._under_way = name, under_way

    def show_result(self, result: Result | Run | None) -> None:
        run = result if isinstance(result, Run) else None
        shown = [] if run is None else [ShownRun(id=self.item_id, name=self._name, run=run, colour=0)]
        self.curves.set_runs(shown)
        self.status.setText(_words(run, under_way=self._under_way))
        self.stop.setVisible(self._under_way)
        self.resume.setVisible(not self._under_way and run is not None and run.status == "partial" and not run.ended)

    def image(self) -> QImage:
        return picture_of(self.curves)

    def view_state(self) -> dict[str, object]:
        return {"logarithmic": self.curves.logarithmic, "horizontal": self.curves.horizontal}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.curves.set_logarithmic(logarithmic)
        self.curves.set_horizontal(str(state.get("horizontal")))


def _words(run: Run | None, *, under_way: bool) -> str:
    if run is None:
        return "Waiting"
    done = f"epoch {run.epochs_done} of {run.request.epochs}"
    if under_way:
        return f"▸ Training: {done} finished"
    if run.status == "complete":
        return f"✓ Complete: {run.request.epochs} epochs"
    return f"⚠ Ended early, after {done}. {run.ended}" if run.ended else f"◐ Partial: stopped after {done}"
