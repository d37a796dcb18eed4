"""How convex the loss is over a plane, with the contour lines of its surface if the session has one."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.render.pins.ground import PinGround
from app.render.plot.planes.convexity_view import ConvexityView
from app.views.pages.over_surface_page import OverSurfacePage
from core.landscape.convexity import Convexity
from core.landscape.surface import Surface
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run

NO_SURFACE = "The session has no surface of this plane, so there are no lines of equal loss over the map."


class ConvexityPage(OverSurfacePage):
    """The map of |λmin/λmax| as in Li et al. 2018, Figure 7."""

    icon_name = "convexity"
    kept_as = "lines"

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        self.map = ConvexityView()
        self._ground = self.map.pin_ground()
        super().__init__(item_id, self.map, "&Lines of equal loss", NO_SURFACE, parent)
        self.lines = self.tick
        self.map.hovered.connect(self.hovered)

    @property
    def shown(self) -> Convexity | None:
        return self.map.convexity

    def show_result(self, result: Result | Run | None) -> None:
        self.map.set_convexity(result if isinstance(result, Convexity) else None)
        self.arrange()

    def lay_over(self, surface: Surface | None) -> None:
        self.lines.setEnabled(surface is not None)
        wanted = surface if self.lines.isChecked() else None
        if wanted is not self.map.surface:
            self.map.set_surface(wanted)

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.map.pointed_anchor

    def image(self) -> QImage:
        return self.map.image()
