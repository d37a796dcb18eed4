"""One of several small pictures: a surface under its name, with its value at the shared crosshair."""

import contextlib
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.render.first_pictures import first_pictures
from app.render.plot.planes.contour_view import ContourView
from app.render.pointing import Place
from app.render.scales import HeightScale
from app.render.surface_widget import make_surface_widget
from app.render.surface_words import nearest, written
from app.views.made import named
from core.errors import InvalidRequest
from core.landscape.surface import Surface

if TYPE_CHECKING:
    from app.render.gl.surface_view import SurfaceView
    from app.render.plot.planes.relief_view import ReliefView

SMALLEST = 150  # pixels: a picture must not vanish


class SurfaceCell(QWidget):
    """Either a contour view or a view in three dimensions, for all of its life."""

    pointed = Signal(float, float)
    camera_changed = Signal()
    opened = Signal(str)  # item id: double-clicked on its name

    def __init__(self, item_id: str, mode: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"cell.{item_id}")
        self.item_id, self.mode = item_id, mode
        self.surface: Surface | None = None
        if mode == "relief":
            relief = make_surface_widget(self)
            relief.camera_changed.connect(self.camera_changed)
            self.view: SurfaceView | ReliefView | ContourView = relief
        else:
            self.view = ContourView(self)
            self.view.hide()  # until it is its turn: see `begin`
        self.view.set_compact(True)
        self.view.setMinimumSize(SMALLEST, SMALLEST)
        room = self.view.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.view.setSizePolicy(room)
        self.title, self.value = QLabel(), QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMinimumWidth(1)
        self.title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        named(self.value, f"cell.value.{item_id}")
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 6, 0)
        row.addWidget(self.title, 1)
        row.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.view.pointed.connect(self._on_pointed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.view.isHidden():
            first_pictures().ask(self)

    def hideEvent(self, event: QHideEvent) -> None:
        first_pictures().forget(self)
        super().hideEvent(event)

    def prepare(self) -> None:
        """Nothing is made ahead of a flat picture; one in three dimensions waits for its turn by itself."""

    def begin(self) -> bool:
        """Show the view, which draws then. Whether somebody will see it."""
        if not self.isVisible():
            return False
        self.view.show()
        return True

    @property
    def begun(self) -> bool:
        """Whether it was its turn."""
        return not self.view.isHidden()

    def show_surface(self, surface: Surface, scale: HeightScale, title: str) -> None:
        """Draw this on the shared scale."""
        if self.title.text() != title:
            self.title.setText(title)
            self.title.setToolTip(title)
        if self.view.scale != scale:
            self.view.set_scale(scale)
        if surface is not self.surface:
            self.surface = surface
            self.view.set_surface(surface)

    def set_pointed(self, place: Place | None) -> None:
        """Put the crosshair there and say what is known there. Tells nobody."""
        self.view.set_pointed(place)
        self._show_value(place)

    def value_at(self, place: Place) -> str:
        """The loss at the grid point nearest to a place, in words."""
        surface = self.surface
        if surface is None:
            return ""
        loss = float(surface.loss[nearest(surface.y, place[1]), nearest(surface.x, place[0])])
        return written(loss) if math.isfinite(loss) else "not finite" if math.isinf(loss) else "not known"

    def camera_state(self) -> dict[str, object]:
        """The point of view as plain numbers."""
        return {} if isinstance(self.view, ContourView) else self.view.camera_state()

    def set_camera_state(self, state: object) -> None:
        """Look from there; contours are always seen from above."""
        if not isinstance(self.view, ContourView) and isinstance(state, dict) and state:
            with contextlib.suppress(InvalidRequest):  # a camera from a damaged view: keep ours
                self.view.set_camera_state(state)

    def image(self, scale: float) -> QImage:
        """The picture without the name."""
        self.view.show()  # a picture of a view whose turn has not come
        return self.view.image(scale)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self.item_id)
        event.accept()

    def _on_pointed(self, a: float, b: float) -> None:
        self._show_value(None if math.isnan(a) else (a, b))
        self.pointed.emit(a, b)

    def _show_value(self, place: Place | None) -> None:
        self.value.setText("" if place is None else self.value_at(place))
