"""The way of a training through a plane, over the surface of that plane if the session has one."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.render.plot.trajectories.view import TrajectoryView
from app.views.made import named
from app.views.pages.neighbours import ALONE, Neighbours
from app.views.pages.offer import PageOffer
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.plane_chooser import PlaneChooser
from app.views.pages.plane_requests import surface_under
from core.landscape.trajectory import Trajectory
from core.session.document import Result
from core.training.run import Run

NO_SURFACE = "The session has no surface of this plane yet, so only the way itself is shown."


class TrajectoryPage(Page):
    """Map and charts; offers to compute the surface under the way where there is none."""

    icon_name = "trajectory"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._neighbours = ALONE
        self.way = TrajectoryView()
        self.surfaces = PlaneChooser(f"trajectory.surface.{item_id}")
        self.logarithmic = named(QCheckBox("Lo&garithmic loss"), f"trajectory.logarithmic.{item_id}")
        self.logarithmic.setChecked(True)
        self.offer = PageOffer(NO_SURFACE, "Compute the &surface of this plane", f"trajectory.offer.{item_id}")
        header = QHBoxLayout()
        header.setContentsMargins(10, 6, 10, 2)
        header.addWidget(self.logarithmic)
        header.addStretch(1)
        header.addWidget(self.surfaces)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.offer)
        layout.addWidget(self.way, 1)
        self.way.hovered.connect(self.hovered)
        self.logarithmic.toggled.connect(self._on_scale)
        self.surfaces.changed.connect(self._on_surface)
        self.offer.taken.connect(self._on_taken)

    def show_result(self, result: Result | Run | None) -> None:
        self.way.set_trajectory(result if isinstance(result, Trajectory) else None)
        self._offer()

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.surfaces.offer(neighbours.surfaces)
        self.way.set_surface(self.surfaces.surface)
        self._offer()

    def image(self) -> QImage:
        return picture_of(self.way)

    def view_state(self) -> dict[str, object]:
        return {"logarithmic": self.logarithmic.isChecked(), "surface": self.surfaces.wanted}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.logarithmic.setChecked(logarithmic)
        if isinstance(surface := state.get("surface"), str):
            self.surfaces.choose(surface)

    def _offer(self) -> None:
        self.offer.setVisible(self.way.trajectory is not None and not self._neighbours.surfaces)

    def _on_scale(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        self.way.set_logarithmic(on)
        self.view_changed.emit()

    def _on_surface(self) -> None:
        self.way.set_surface(self.surfaces.surface)
        self.view_changed.emit()

    def _on_taken(self) -> None:
        if self.way.trajectory is not None:
            self.computation_wanted.emit(self.item_id, surface_under(self.way.trajectory))
