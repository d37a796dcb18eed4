"""What pages have in common that show a result over the surface of its plane."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.made import named
from app.views.pages.neighbours import ALONE, Neighbours
from app.views.pages.offer import PageOffer
from app.views.pages.page import Page
from app.views.pages.plane_chooser import PlaneChooser
from app.views.pages.plane_requests import surface_beside
from core.landscape.convexity import Convexity
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory


class OverSurfacePage(Page):
    """A picture, a box to tick about it, and the surfaces of its plane to choose from; an offer where there is none."""

    kept_as = ""  # what the session calls the box

    def __init__(self, item_id: str, picture: QWidget, tick: str, missing: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._neighbours = ALONE
        kind = self.icon_name
        self.surfaces = PlaneChooser(f"{kind}.surface.{item_id}")
        self.tick = named(QCheckBox(tick), f"{kind}.{self.kept_as}.{item_id}")
        self.tick.setChecked(True)
        self.offer = PageOffer(missing, "Compute the &surface of this plane", f"{kind}.offer.{item_id}")
        header = QHBoxLayout()
        header.setContentsMargins(10, 6, 10, 2)
        header.addWidget(self.tick)
        header.addStretch(1)
        header.addWidget(self.surfaces)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.offer)
        layout.addWidget(picture, 1)
        self.tick.toggled.connect(self._on_changed)
        self.surfaces.changed.connect(self._on_changed)
        self.offer.taken.connect(self._on_taken)

    @property
    def shown(self) -> Trajectory | Convexity | None:
        """What is on screen."""
        raise NotImplementedError

    def lay_over(self, surface: Surface | None) -> None:
        """Draw the picture over this surface, as the box says."""
        raise NotImplementedError

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.surfaces.offer(neighbours.surfaces)
        self.arrange()

    def view_state(self) -> dict[str, object]:
        return {self.kept_as: self.tick.isChecked(), "surface": self.surfaces.wanted}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(ticked := state.get(self.kept_as), bool):
            self.tick.setChecked(ticked)
        if isinstance(surface := state.get("surface"), str):
            self.surfaces.choose(surface)

    def arrange(self) -> None:
        """Draw what changed in the picture; offer to compute a surface where the session has none."""
        self.lay_over(self.surfaces.surface)
        self.offer.setVisible(self.shown is not None and not self._neighbours.surfaces)

    def _on_changed(self) -> None:
        self.arrange()
        self.view_changed.emit()

    def _on_taken(self) -> None:
        if (shown := self.shown) is not None:
            self.computation_wanted.emit(self.item_id, surface_beside(shown))
