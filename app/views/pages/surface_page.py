"""A loss surface: in relief and as contours, with what else the session has of its plane."""

import contextlib
import math
from dataclasses import fields
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.render.fields import available_fields
from app.render.overlays import Overlays
from app.render.pins.ground import PinGround
from app.render.plot.planes.contour_view import ContourView
from app.render.plot.planes.cuts import CutsView
from app.render.plot.planes.relief_view import ReliefView
from app.render.pointing import Place
from app.render.scales import HeightScale
from app.render.surface_widget import draws_in_software, make_surface_widget
from app.views.made import text_label
from app.views.pages.looks import place_in
from app.views.pages.neighbours import ALONE, Neighbours
from app.views.pages.page import Page
from app.views.pages.plane_requests import convexity_of
from app.views.pages.surface_certainty import certainty_words
from app.views.pages.surface_header import MAX_LIMIT, MODES, SurfaceHeader
from core.errors import InvalidRequest
from core.landscape.surface import Surface
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run

if TYPE_CHECKING:
    from app.render.gl.surface_view import SurfaceView

SOFTWARE_INTERVAL = 0.25  # seconds: a picture costs a core what twenty evaluations of a small network do
DEFAULT_LIMIT = 10.0  # Li et al. 2018: vmax of the contour plots


class SurfacePage(Page):
    """The same surface twice, one at a time: lit in three dimensions, and from above with contour lines."""

    icon_name = "surface"
    limit_changed = Signal(float)  # the user clips the picture at another loss
    pointed = Signal(float, float)  # the point of the plane that is read; NaN when none is any more
    animation_wanted = Signal(str)  # item id: one turn around the surface as a moving picture

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self.surface: Surface | None = None
        self._limit: float | None = None
        self.live_interval = SOFTWARE_INTERVAL if draws_in_software() else 0.0
        self._scale: HeightScale | None = None
        self._neighbours = ALONE
        self._field = "loss"
        self._overlays = Overlays()
        self.relief = make_surface_widget(self)
        self._contour: ContourView | None = None  # made when it is first asked for, as are the cuts
        self._grounds = [self.relief.pin_ground()]
        self._stack = QStackedWidget()
        self._stack.addWidget(self.relief)
        self.cuts: CutsView | None = None
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._stack)
        self._split.setStretchFactor(0, 3)
        three_dimensional = not isinstance(self.relief, ReliefView)
        self.header = SurfaceHeader(item_id, DEFAULT_LIMIT, three_dimensional=three_dimensional)
        self.limit_field = self.header.limit
        self.certainty = text_label(name=f"certainty.{item_id}")
        self.certainty.setContentsMargins(10, 2, 10, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.certainty)
        self._connect()

    def _connect(self) -> None:
        header = self.header
        header.mode_wanted.connect(self.set_mode)
        header.field_wanted.connect(self.set_field)
        header.limit_wanted.connect(self.set_limit)
        header.camera_wanted.connect(self._look_from)
        header.turning_wanted.connect(self._turn)
        header.animation_wanted.connect(lambda: self.animation_wanted.emit(self.item_id))
        header.layers.changed.connect(self._on_layers)
        header.layers.convexity_wanted.connect(self._on_convexity_wanted)
        header.cuts_wanted.connect(self.set_cuts_shown)
        self.relief.camera_changed.connect(self.view_changed)
        if header.turning is not None:
            self.relief.turntable_changed.connect(header.turning.setChecked)  # a hand stops it too
        self._listen_to(self.relief)

    def _listen_to(self, view: "SurfaceView | ReliefView | ContourView") -> None:
        view.hovered.connect(self.hovered)
        view.pointed.connect(self.pointed)

    @property
    def contour(self) -> ContourView:
        """The surface from above."""
        if self._contour is None:
            self._contour = ContourView(self)
            self._contour.set_scale(self._scale)
            self._listen_to(self._contour)
            self._stack.addWidget(self._contour)
        return self._contour

    # ---- how it is looked at

    @property
    def limit(self) -> float:
        """Loss above which the picture is clipped: the user's own, or the one that the surface was asked for with."""
        if self._limit is not None:
            return self._limit
        return DEFAULT_LIMIT if self.surface is None else self.surface.request.display_limit

    def set_limit(self, limit: float) -> None:
        """Clip the picture at another loss. The surface itself keeps all it knows."""
        if limit != self.limit:
            self._limit = limit
            self.header.set_limit(self.limit)
            self.limit_changed.emit(limit)
            self.view_changed.emit()

    @property
    def mode(self) -> str:
        """``relief`` or ``contour``."""
        return "relief" if self._stack.currentWidget() is self.relief else "contour"

    def set_mode(self, mode: str) -> None:
        """Show the relief or the contours."""
        names = [name for name, _, _ in MODES]
        index = names.index(mode if mode in names else self.mode)
        self.header.modes.button(index).setChecked(True)
        self._stack.setCurrentWidget(self.relief if MODES[index][0] == "relief" else self.contour)
        self._draw()
        self.view_changed.emit()

    @property
    def field(self) -> str:
        """What the colours show: one of `app.render.fields.FIELDS`."""
        return self._field

    def set_field(self, name: str) -> None:
        """Colour by another quantity; one that the surface does not have leaves it with the loss."""
        if name != self._field:
            self._field = name
            self._draw()
            self.view_changed.emit()

    @property
    def overlays(self) -> Overlays:
        """What is laid over the surface."""
        return self._overlays

    def set_scale(self, scale: HeightScale | None) -> None:
        """Use this scale instead of the surface's own; None gives it back its own."""
        if scale != self._scale:
            self._scale = scale
            for view in (self.relief, self._contour, self.cuts):
                if view is not None:
                    view.set_scale(scale)

    def set_pointed(self, place: Place | None) -> None:
        """Put the crosshair where another view of the same plane coordinates is read. Tells nobody."""
        (self.relief if self.mode == "relief" else self.contour).set_pointed(place)
        if self.cuts is not None:
            self.cuts.set_pointed(place)

    def set_cuts_shown(self, shown: bool) -> None:  # noqa: FBT001  a Qt slot
        """Show the loss along both directions through the crosshair, below the picture."""
        self.header.cuts.setChecked(shown)
        if shown and self.cuts is None:
            self.cuts = CutsView(self)
            self.cuts.set_scale(self._scale)
            self.cuts.pointed.connect(self._on_cut_pointed)
            self.pointed.connect(self.cuts.follow)
            self._split.addWidget(self.cuts)
            self._split.setStretchFactor(1, 1)
        if self.cuts is not None:
            self.cuts.setVisible(shown)
            self._draw()
        self.view_changed.emit()

    # ---- what is shown

    def show_result(self, result: Result | Run | None) -> None:
        self.surface = result if isinstance(result, Surface) else None
        self.header.set_limit(self.limit)
        self._lay_over()

    def show_neighbours(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._lay_over()

    def pin_grounds(self) -> list[PinGround]:
        if self._contour is not None and len(self._grounds) < 2:
            self._grounds.append(self._contour.pin_ground())
        return self._grounds

    @property
    def pointed_anchor(self) -> Anchor | None:
        return (self.relief if self.mode == "relief" else self.contour).pointed_anchor

    def reveal(self, anchor: Anchor) -> None:
        self.pin_grounds()[0 if self.mode == "relief" else -1].reveal(anchor)

    def image(self) -> QImage:
        if self.mode == "relief":
            return self.relief.image()
        return self.contour.image()

    def view_state(self) -> dict[str, object]:
        shown = self.relief if self.mode == "relief" else self.contour
        return {
            "mode": self.mode,
            "camera": self.relief.camera_state(),
            "limit": self._limit,
            "field": self._field,
            "overlays": self.header.layers.state(),
            "cuts": self.header.cuts.isChecked(),
        } | ({} if (place := shown.place) is None else {"pointed": list(place)})

    def restore_view(self, state: dict[str, object]) -> None:
        camera = state.get("camera")
        if isinstance(camera, dict):
            with contextlib.suppress(InvalidRequest):  # a camera from a damaged view: keep ours
                self.relief.set_camera_state(camera)
        limit = state.get("limit")
        if isinstance(limit, int | float) and 0 < limit < MAX_LIMIT:
            self.set_limit(float(limit))
        if isinstance(field := state.get("field"), str):
            self._field = field
        self.header.layers.restore(state.get("overlays"))
        if isinstance(cuts := state.get("cuts"), bool) and cuts != self.header.cuts.isChecked():
            self.set_cuts_shown(cuts)
        self.set_mode(str(state.get("mode", self.mode)))
        if (pointed := place_in(state.get("pointed"))) is not None:
            self.set_pointed(pointed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.header.set_room(event.size().width())
        super().resizeEvent(event)

    def _lay_over(self) -> None:
        self.header.layers.offer(self.surface, self._neighbours)
        self._overlays = self.header.layers.overlays()
        self._draw()

    def _on_convexity_wanted(self) -> None:
        if self.surface is not None:
            self.computation_wanted.emit(self.item_id, convexity_of(self.surface))

    def _on_layers(self) -> None:
        self._lay_over()
        self.view_changed.emit()

    def _draw(self) -> None:
        """Only the view that is seen is drawn; the other one when it is turned to."""
        surface, overlays = self.surface, self._overlays
        offered = available_fields(surface, overlays)
        field = self._field if self._field in offered else "loss"
        self.header.set_fields(offered, field)
        view = self.relief if self.mode == "relief" else self.contour
        _show(view, surface, field, overlays)
        if self.cuts is not None and self.header.cuts.isChecked():
            _show(self.cuts, surface, field, overlays)
        self.certainty.setText("" if surface is None else certainty_words(surface))
        self.certainty.setVisible(surface is not None)

    def _on_cut_pointed(self, a: float, b: float) -> None:
        self.set_pointed((a, b))
        self.pointed.emit(a, b)

    def _look_from(self, preset: str) -> None:
        self.set_mode("relief")
        self.relief.set_camera_preset(preset)

    def _turn(self, turning: bool) -> None:  # noqa: FBT001  a Qt slot
        if turning:
            self.set_mode("relief")
        self.relief.set_turntable(turning)


def _show(
    view: "SurfaceView | ReliefView | ContourView | CutsView", surface: Surface | None, field: str, overlays: Overlays
) -> None:
    """Give a view what it does not show yet."""
    if not _alike(view.overlays, overlays):
        view.set_overlays(overlays)
    if view.field != field:
        view.set_field(field)
    if view.surface is not surface or surface is None:
        view.set_surface(surface)


def _alike(one: Overlays, other: Overlays) -> bool:
    """Whether the same records are laid over."""
    return all(getattr(one, each.name) is getattr(other, each.name) for each in fields(Overlays))


def place_of(a: float, b: float) -> Place | None:
    """What `pointed` says as a place; None for nowhere."""
    return None if math.isnan(a) or math.isnan(b) else (a, b)
