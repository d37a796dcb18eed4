"""The way of a training through a plane, over the surface of that plane if the session has one."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.render.pins.ground import PinGround
from app.render.plot.trajectories.view import TrajectoryView
from app.views.pages.over_surface_page import OverSurfacePage
from app.views.pages.picture import picture_of
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run

NO_SURFACE = "The session has no surface of this plane yet, so only the way itself is shown."


class TrajectoryPage(OverSurfacePage):
    """Map and charts; offers to compute the surface under the way where there is none."""

    icon_name = "trajectory"
    kept_as = "logarithmic"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        self.way = TrajectoryView()
        self._ground = self.way.map.pin_ground()
        super().__init__(item_id, self.way, "Lo&garithmic loss", NO_SURFACE, parent)
        self.logarithmic = self.tick
        self.way.hovered.connect(self.hovered)
        self.logarithmic.toggled.connect(self.way.set_logarithmic)

    @property
    def shown(self) -> Trajectory | None:
        return self.way.trajectory

    def show_result(self, result: Result | Run | None) -> None:
        self.way.set_trajectory(result if isinstance(result, Trajectory) else None)
        self.arrange()

    def lay_over(self, surface: Surface | None) -> None:
        if surface is not self.way.surface:
            self.way.set_surface(surface)

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.way.map.pointed_anchor

    def view_state(self) -> dict[str, object]:
        chosen = self.way.chosen
        return super().view_state() | ({} if chosen is None else {"checkpoint": chosen})

    def restore_view(self, state: dict[str, object]) -> None:
        super().restore_view(state)
        if type(chosen := state.get("checkpoint")) is int:
            self.way.choose(chosen)

    def image(self) -> QImage:
        return picture_of(self.way)
