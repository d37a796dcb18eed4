"""The spectrum of the Hessian as bars with their errors."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.spectra.view import SpectrumView
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.session.document import Result
from core.spectrum.spectrum import Spectrum
from core.training.run import Run


class SpectrumPage(Page):
    """Bars, signs, whiskers and what was verified."""

    icon_name = "spectrum"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self.bars = SpectrumView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bars)
        self.bars.hovered.connect(self.hovered)

    def show_result(self, result: Result | Run | None) -> None:
        self.bars.set_spectrum(result if isinstance(result, Spectrum) else None)

    def image(self) -> QImage:
        return picture_of(self.bars)

    def view_state(self) -> dict[str, object]:
        return {"logarithmic": self.bars.logarithmic}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.bars.set_logarithmic(logarithmic)
