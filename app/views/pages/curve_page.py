"""Loss and accuracy along a line or curve through weight space, alone or over other curves of the session."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from app.actions.wording import literal, short
from app.render.pins.ground import PinGround
from app.render.plot.lines.curve_lines import ShownCurve
from app.render.plot.lines.line_view import MOST_CURVES, LineView
from app.views.made import named
from app.views.pages.neighbours import ALONE, Beside, Neighbours
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from core.landscape.curve import Curve
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run


class CurvePage(Page):
    """The curve; a line between the same networks is drawn with it, other curves when they are chosen."""

    icon_name = "curve"

    def __init__(self, item_id: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._name = name or "This curve"
        self._curve: Curve | None = None
        self._neighbours = ALONE
        self._scaled = False  # whether the scale is what somebody chose, or what suits the curve
        self._chosen: dict[str, bool] = {}  # by item id: what the user said; the others follow what they are
        self.lines = LineView()
        self._ground = self.lines.pin_ground(item_id)
        self.others = named(QToolButton(), f"curve.others.{item_id}")
        self.others.setText("C&ompare with")
        self.others.setToolTip("Draw other curves of the session into the same plots")
        self.others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.others)
        self.others.setMenu(self.menu)
        self.others.hide()
        self.lines.add_to_header(self.others)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.lines)
        self.lines.hovered.connect(self.hovered)
        self.lines.view_changed.connect(self.view_changed)

    def set_name(self, name: str) -> None:
        """What the curve is called in the legend."""
        if name and name != self._name:
            self._name = name
            self._draw()

    def show_result(self, result: Result | Run | None) -> None:
        self._curve = result if isinstance(result, Curve) else None
        self._draw()
        if self._curve is not None and self._curve.parabola is not None and not self._scaled:
            self._scaled = True
            self.lines.set_logarithmic(True)  # Yao et al. 2018 show losses along eigenvectors on a logarithm

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._fill_menu()
        self._draw()

    def compare_with(self, item_id: str, *, on: bool) -> None:
        """Draw another curve of the session, or leave it out."""
        self._chosen[item_id] = on
        self._draw()
        self.view_changed.emit()

    @property
    def compared(self) -> tuple[str, ...]:
        """The other curves that are drawn, by item id."""
        return tuple(shown.id for shown in self.lines.curves[1:])

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.lines.pointed_anchor(self.item_id)

    def image(self) -> QImage:
        self.lines.draw_now()
        return picture_of(self.lines)

    def view_state(self) -> dict[str, object]:
        return {"logarithmic": self.lines.logarithmic, "compared": dict(self._chosen)}

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self._scaled = True
            self.lines.set_logarithmic(logarithmic)
        compared = state.get("compared")
        if isinstance(compared, dict):
            self._chosen = {str(item_id): on for item_id, on in compared.items() if isinstance(on, bool)}
            self._fill_menu()
            self._draw()

    def _drawn_with(self) -> list[Beside[Curve]]:
        partners = {partner.id for partner in self._neighbours.partners}
        return [other for other in self._neighbours.curves if self._chosen.get(other.id, other.id in partners)]

    def _draw(self) -> None:
        if self._curve is None:
            self.lines.set_curves(())
            return
        shown = [ShownCurve(id=self.item_id, name=self._name, curve=self._curve, colour=0)]
        for colour, other in enumerate(self._drawn_with()[: MOST_CURVES - 1], start=1):
            shown.append(ShownCurve(id=other.id, name=other.name, curve=other.result, colour=colour))
        self.lines.set_curves(shown)

    def _fill_menu(self) -> None:
        self.menu.clear()
        drawn = {other.id for other in self._drawn_with()}
        for other in self._neighbours.curves:
            action = self.menu.addAction(literal(short(other.name)))
            action.setCheckable(True)
            action.setChecked(other.id in drawn)
            action.triggered.connect(lambda on, item_id=other.id: self.compare_with(item_id, on=on))
        self.others.setVisible(bool(self._neighbours.curves))
