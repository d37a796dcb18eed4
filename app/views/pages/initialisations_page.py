"""Where training would begin, against the levels of the surfaces around the trained network."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.render.plot.lines.initialisations_view import InitialisationsView
from app.render.plot.lines.level_marks import Level
from app.views.made import text_label
from app.views.pages.neighbours import ALONE, Beside, Neighbours
from app.views.pages.offer import PageOffer
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.surface_levels import beginning_words, levels_of
from core.job import JobContext
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface, SurfaceRequest
from core.session.document import Result
from core.training.run import Run

MEASURING = "The planes of this network are being measured…"
NO_SURFACE = "The session has no surface of this network, so there is no barrier to compare the initialisations with."

Told = tuple[list[Level], str]  # levels in the strip, and words below it


class InitialisationsPage(Page):
    """A strip of losses, and what the planes of the same network say about the way down from there.

    Basins and roughness of a plane take longer than a frame, so planes are measured in another thread.
    """

    icon_name = "initialisations"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._neighbours = ALONE
        self._asked: tuple[object, ...] = ()  # what was measured last, or is being measured
        self._levels: dict[tuple[str, Surface], list[Level]] = {}  # of planes that were measured
        self._work = LatestWork(self)
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
        self._arrange()

    def image(self) -> QImage:
        return picture_of(self.strip)

    def _arrange(self) -> None:
        shown, surfaces = self.strip.shown, self._neighbours.network_surfaces
        self.offer.setVisible(shown is not None and not surfaces)
        asked = (shown, *((each.name, each.result) for each in surfaces))
        if asked == self._asked:
            return
        self._asked = asked
        if not surfaces:
            self._work.stop()
            self._tell(([], ""))
            return
        if not self.words.text():
            self._say(MEASURING)
        self._work.start("the planes", lambda job: self._measured(surfaces, shown, job), self._tell, self._explain)

    def _measured(self, surfaces: tuple[Beside[Surface], ...], fresh: Initialisations | None, job: JobContext) -> Told:
        """Done in another thread: touches nothing but what is remembered of planes."""
        known = {(each.name, each.result): self._levels.get((each.name, each.result)) for each in surfaces}
        told = []
        for each in surfaces:
            job.check()
            known[each.name, each.result] = known[each.name, each.result] or levels_of(each)
            told.append("" if fresh is None else beginning_words(each, fresh))
        self._levels = {key: levels for key, levels in known.items() if levels is not None}
        return [level for levels in self._levels.values() for level in levels], "\n".join(filter(None, told))

    def _tell(self, told: Told) -> None:
        levels, words = told
        self.strip.set_levels(levels)
        self._say(words)

    def _explain(self, failure: JobFailure) -> None:
        self._say(failure.message)

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _on_taken(self) -> None:
        shown = self.strip.shown
        if shown is not None:
            self.computation_wanted.emit(self.item_id, SurfaceRequest(samples=shown.request.samples))
