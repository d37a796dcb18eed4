"""Loss, gradient and curvature at every checkpoint of a training."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.histories.history_view import HistoryView
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.session.document import Result
from core.spectrum.history import History
from core.training.run import Run


class HistoryPage(Page):
    """Three curves over the epochs."""

    icon_name = "history"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self.curves = HistoryView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.curves)
        self.curves.hovered.connect(self.hovered)
        self.curves.view_changed.connect(self.view_changed)

    def show_result(self, result: Result | Run | None) -> None:
        self.curves.set_history(result if isinstance(result, History) else None)

    def image(self) -> QImage:
        return picture_of(self.curves)

    def view_state(self) -> dict[str, object]:
        return {"logarithmic": self.curves.logarithmic}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.curves.set_logarithmic(logarithmic)
