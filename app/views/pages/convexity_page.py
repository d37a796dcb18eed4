"""How convex the loss is over a plane, with the contour lines of its surface if the session has one."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.render.plot.planes.convexity_view import ConvexityView
from app.views.made import named
from app.views.pages.neighbours import ALONE, Neighbours
from app.views.pages.offer import PageOffer
from app.views.pages.page import Page
from app.views.pages.plane_chooser import PlaneChooser
from app.views.pages.plane_requests import surface_of_map
from core.landscape.convexity import Convexity
from core.session.document import Result
from core.training.run import Run

NO_SURFACE = "The session has no surface of this plane, so there are no lines of equal loss over the map."


class ConvexityPage(Page):
    """The map of |λmin/λmax| as in Li et al. 2018, Figure 7."""

    icon_name = "convexity"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._neighbours = ALONE
        self.map = ConvexityView()
        self.surfaces = PlaneChooser(f"convexity.surface.{item_id}")
        self.lines = named(QCheckBox("&Lines of equal loss"), f"convexity.lines.{item_id}")
        self.lines.setChecked(True)
        self.offer = PageOffer(NO_SURFACE, "Compute the &surface of this plane", f"convexity.offer.{item_id}")
        header = QHBoxLayout()
        header.setContentsMargins(10, 6, 10, 2)
        header.addWidget(self.lines)
        header.addStretch(1)
        header.addWidget(self.surfaces)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.offer)
        layout.addWidget(self.map, 1)
        self.map.hovered.connect(self.hovered)
        self.lines.toggled.connect(self._on_changed)
        self.surfaces.changed.connect(self._on_changed)
        self.offer.taken.connect(self._on_taken)

    def show_result(self, result: Result | Run | None) -> None:
        self.map.set_convexity(result if isinstance(result, Convexity) else None)
        self._arrange()

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.surfaces.offer(neighbours.surfaces)
        self._arrange()

    def image(self) -> QImage:
        return self.map.image()

    def view_state(self) -> dict[str, object]:
        return {"lines": self.lines.isChecked(), "surface": self.surfaces.wanted}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(lines := state.get("lines"), bool):
            self.lines.setChecked(lines)
        if isinstance(surface := state.get("surface"), str):
            self.surfaces.choose(surface)

    def _arrange(self) -> None:
        surface = self.surfaces.surface
        self.lines.setEnabled(surface is not None)
        wanted = surface if self.lines.isChecked() else None
        if wanted is not self.map.surface:
            self.map.set_surface(wanted)
        self.offer.setVisible(self.map.convexity is not None and not self._neighbours.surfaces)

    def _on_changed(self) -> None:
        self._arrange()
        self.view_changed.emit()

    def _on_taken(self) -> None:
        if self.map.convexity is not None:
            self.computation_wanted.emit(self.item_id, surface_of_map(self.map.convexity))
