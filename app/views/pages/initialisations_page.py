"""Where training would begin, against the levels of the surfaces around the trained network."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.lines.initialisations_view import InitialisationsView
from app.views.made import text_label
from app.views.pages.neighbours import ALONE, Neighbours
from app.views.pages.offer import PageOffer
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.surface_levels import beginning_words, levels_of
from core.landscape.initialisation import Initialisations
from core.landscape.surface import SurfaceRequest
from core.session.document import Result
from core.training.run import Run

NO_SURFACE = "The session has no surface of this network, so there is no barrier to compare the initialisations with."


class InitialisationsPage(Page):
    """A strip of losses, and what the planes of the same network say about the way down from there."""

    icon_name = "initialisations"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._neighbours = ALONE
        self.strip = InitialisationsView()
        self.offer = PageOffer(NO_SURFACE, "Compute a &surface of this network", f"initialisations.offer.{item_id}")
        self.words = text_label(name=f"initialisations.words.{item_id}")
        self.words.setContentsMargins(10, 2, 10, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offer)
        layout.addWidget(self.strip, 1)
        layout.addWidget(self.words)
        self.strip.hovered.connect(self.hovered)
        self.offer.taken.connect(self._on_taken)

    def show_result(self, result: Result | Run | None) -> None:
        self.strip.set_initialisations(result if isinstance(result, Initialisations) else None)
        self._arrange()

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.strip.set_levels([level for each in neighbours.network_surfaces for level in levels_of(each)])
        self._arrange()

    def image(self) -> QImage:
        return picture_of(self.strip)

    def _arrange(self) -> None:
        shown, surfaces = self.strip.shown, self._neighbours.network_surfaces
        told = [] if shown is None else [beginning_words(each, shown) for each in surfaces]
        self.words.setText("\n".join(words for words in told if words))
        self.words.setVisible(any(told))
        self.offer.setVisible(self.strip.shown is not None and not self._neighbours.network_surfaces)

    def _on_taken(self) -> None:
        shown = self.strip.shown
        if shown is not None:
            self.computation_wanted.emit(self.item_id, SurfaceRequest(samples=shown.request.samples))
