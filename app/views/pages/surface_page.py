"""A loss surface: in relief and as contours."""

import contextlib

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.render.plot.contour_view import ContourView
from app.render.plot.relief_view import ReliefView
from app.render.scales import HeightScale
from app.render.surface_widget import draws_in_software, make_surface_widget
from app.views.inspector.fields import NumberField
from app.views.made import named, with_icon
from app.views.pages.page import Page
from core.errors import InvalidRequest
from core.landscape.surface import Surface
from core.session.document import Result
from core.training.run import Run

MODES = (("relief", "3-D", "surface"), ("contour", "Contour", "contour"))
SOFTWARE_INTERVAL = 0.25  # seconds: a picture costs a core what twenty evaluations of a small network do
DEFAULT_LIMIT = 10.0  # Li et al. 2018: vmax of the contour plots
ROOMY = 64  # widths of a letter that the header needs with words
MAX_LIMIT = 1e12
PRESETS = (("paper", "Oblique"), ("front", "Front"), ("top", "Top"))


class SurfacePage(Page):
    """The same surface twice, one at a time: lit in three dimensions, and from above with contour lines."""

    icon_name = "surface"
    limit_changed = Signal(float)  # the user clips the picture at another loss

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self.surface: Surface | None = None
        self._limit: float | None = None
        self.live_interval = SOFTWARE_INTERVAL if draws_in_software() else 0.0
        self._scale: HeightScale | None = None
        self.relief = make_surface_widget(self)
        self.contour = ContourView(self)
        self._stack = QStackedWidget()
        self._three_dimensional = not isinstance(self.relief, ReliefView)
        self._stack.addWidget(self.relief)
        self._stack.addWidget(self.contour)
        self._mode_buttons = QButtonGroup(self)
        self._limit_label = QLabel("Loss up &to")
        self.limit_field = NumberField(f"limit.{item_id}", 1e-6, MAX_LIMIT, DEFAULT_LIMIT, step=10.0)
        self.limit_field.setToolTip("Loss above this is drawn flat and hatched")
        self.limit_field.setMaximumWidth(80)
        self.limit_field.valueChanged.connect(self.set_limit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._header())
        layout.addWidget(self._stack, 1)
        self.contour.hovered.connect(self.hovered)
        self.relief.camera_changed.connect(self.view_changed)

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
            self._show_limit()
            self.limit_changed.emit(limit)
            self.view_changed.emit()

    @property
    def mode(self) -> str:
        """``relief`` or ``contour``."""
        return MODES[self._stack.currentIndex()][0]

    def set_mode(self, mode: str) -> None:
        """Show the relief or the contours."""
        index = next((i for i, (name, _, _) in enumerate(MODES) if name == mode), self._stack.currentIndex())
        self._mode_buttons.button(index).setChecked(True)
        self._stack.setCurrentIndex(index)
        self._draw()
        self.view_changed.emit()

    def show_result(self, result: Result | Run | None) -> None:
        self.surface = result if isinstance(result, Surface) else None
        self._show_limit()
        self._draw()

    def set_scale(self, scale: HeightScale | None) -> None:
        """Use this scale instead of the surface's own; None gives it back its own."""
        if scale != self._scale:
            self._scale = scale
            for view in (self.relief, self.contour):
                view.set_scale(scale)

    def image(self) -> QImage:
        if self.mode == "relief":
            return self.relief.image()
        return self.contour.image()

    def view_state(self) -> dict[str, object]:
        return {"mode": self.mode, "camera": self.relief.camera_state(), "limit": self._limit}

    def restore_view(self, state: dict[str, object]) -> None:
        camera = state.get("camera")
        if isinstance(camera, dict):
            with contextlib.suppress(InvalidRequest):  # a camera from a damaged view: keep ours
                self.relief.set_camera_state(camera)
        limit = state.get("limit")
        if isinstance(limit, int | float) and 0 < limit < MAX_LIMIT:
            self.set_limit(float(limit))
        self.set_mode(str(state.get("mode", self.mode)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page shows icons without words."""
        roomy = event.size().width() > ROOMY * self.fontMetrics().averageCharWidth()
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self.findChildren(QToolButton):
            button.setToolButtonStyle(style)
        self._limit_label.setVisible(roomy)
        super().resizeEvent(event)

    def _draw(self) -> None:
        """Only the view that is seen is drawn; the other one when it is turned to."""
        (self.relief if self.mode == "relief" else self.contour).set_surface(self.surface)

    def _show_limit(self) -> None:
        blocker = QSignalBlocker(self.limit_field)
        self.limit_field.setValue(self.limit)
        blocker.unblock()

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 4)
        row.setSpacing(2)
        for index, (name, text, icon_name) in enumerate(MODES):
            flat = name == "relief" and not self._three_dimensional
            button = self._button("Relief" if flat else text, name)
            with_icon(button, icon_name)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setChecked(index == 0)
            button.clicked.connect(lambda _checked, mode=name: self.set_mode(mode))
            self._mode_buttons.addButton(button, index)
            row.addWidget(button)
        row.addStretch(1)
        self._limit_label.setBuddy(self.limit_field)
        row.addWidget(self._limit_label)
        row.addWidget(self.limit_field)
        row.addSpacing(8)
        if self._three_dimensional:
            row.addWidget(self._camera_button())
        return row

    def _camera_button(self) -> QToolButton:
        button = self._button("Camera", f"camera.{self.item_id}")
        with_icon(button, "camera")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name, text in PRESETS:
            menu.addAction(text).triggered.connect(lambda _checked, preset=name: self._look_from(preset))
        button.setMenu(menu)
        return button

    def _button(self, text: str, name: str) -> QToolButton:
        button = named(QToolButton(), f"{name}.{self.item_id}")
        button.setText(text)
        button.setToolTip(text)  # in a narrow page there is no other word for it
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return button

    def _look_from(self, preset: str) -> None:
        self.set_mode("relief")
        self.relief.set_camera_preset(preset)
