"""The line above a surface: which picture, which quantity, what over it, clipped where, seen from where."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from app.views.inspector.fields import NumberField
from app.views.made import named, with_icon
from app.views.pages.surface_layers import SurfaceLayers

MODES = (("relief", "3-D", "surface"), ("contour", "Contour", "contour"))
FIELD_WORDS = {
    "loss": "Train loss",
    "test loss": "Test loss",
    "accuracy": "Train accuracy",
    "test accuracy": "Test accuracy",
    "convexity": "Convexity",
}
PRESETS = (("paper", "&Oblique"), ("into", "&Into the basin"), ("front", "&Front"), ("side", "&Side"), ("top", "&Top"))
ROOMY = 92  # widths of a letter that the header needs with words
MAX_LIMIT = 1e12


class SurfaceHeader(QWidget):
    """Buttons and fields; whoever owns the header does what they ask for."""

    mode_wanted = Signal(str)
    field_wanted = Signal(str)
    limit_wanted = Signal(float)
    camera_wanted = Signal(str)  # name of a preset
    turning_wanted = Signal(bool)
    animation_wanted = Signal()
    cuts_wanted = Signal(bool)

    def __init__(self, item_id: str, limit: float, *, three_dimensional: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item_id = item_id
        self.modes = QButtonGroup(self)
        self.layers = SurfaceLayers(item_id)
        self.field = named(QComboBox(), f"field.{item_id}")
        self.field.setToolTip("What the colours show")
        self.field.currentIndexChanged.connect(
            lambda _index: self.field_wanted.emit(self.field.currentData() or "loss")
        )
        self.field.hide()
        self.cuts = self._button("C&uts", f"cuts.{item_id}")
        self.cuts.setToolTip("Show the loss along the row and the column of the point that is read")
        self.cuts.setCheckable(True)
        self.cuts.toggled.connect(self.cuts_wanted)
        self._limit_label = QLabel("Loss up &to")
        self.limit = NumberField(f"limit.{item_id}", 1e-6, MAX_LIMIT, limit, step=10.0)
        self.limit.setToolTip("Loss above this is drawn flat and hatched")
        self.limit.setMaximumWidth(80)
        self.limit.valueChanged.connect(self.limit_wanted)
        self._limit_label.setBuddy(self.limit)
        self.turning: QAction | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 4)
        row.setSpacing(2)
        for index, (name, text, icon_name) in enumerate(MODES):
            flat = name == "relief" and not three_dimensional
            row.addWidget(self._mode_button("Relief" if flat else text, name, icon_name, index))
        row.addSpacing(6)
        row.addWidget(self.field)
        row.addWidget(self.layers)
        row.addWidget(self.cuts)
        row.addStretch(1)
        row.addWidget(self._limit_label)
        row.addWidget(self.limit)
        row.addSpacing(8)
        if three_dimensional:
            row.addWidget(self._camera_button())

    def set_fields(self, names: tuple[str, ...], chosen: str) -> None:
        """Offer these quantities; nothing to choose from is not shown."""
        if names != tuple(self.field.itemData(index) for index in range(self.field.count())):
            blocker = QSignalBlocker(self.field)
            self.field.clear()
            for name in names:
                self.field.addItem(FIELD_WORDS[name], name)
            blocker.unblock()
        blocker = QSignalBlocker(self.field)
        self.field.setCurrentIndex(max(0, self.field.findData(chosen)))
        blocker.unblock()
        self.field.setVisible(len(names) > 1)

    def set_limit(self, limit: float) -> None:
        """Show where the picture is clipped."""
        blocker = QSignalBlocker(self.limit)
        self.limit.setValue(limit)
        blocker.unblock()

    def set_room(self, width: int) -> None:
        """A narrow page shows icons without words."""
        roomy = width > ROOMY * self.fontMetrics().averageCharWidth()
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self.findChildren(QToolButton):
            if not button.icon().isNull():
                button.setToolButtonStyle(style)
        self._limit_label.setVisible(roomy)

    def _mode_button(self, text: str, name: str, icon_name: str, index: int) -> QToolButton:
        button = with_icon(self._button(text, f"{name}.{self._item_id}"), icon_name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setChecked(index == 0)
        button.clicked.connect(lambda _checked: self.mode_wanted.emit(name))
        self.modes.addButton(button, index)
        return button

    def _camera_button(self) -> QToolButton:
        button = with_icon(self._button("Camera", f"camera.{self._item_id}"), "camera")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name, text in PRESETS:
            menu.addAction(text).triggered.connect(_telling(self.camera_wanted.emit, name))
        menu.addSeparator()
        turning = self.turning = named(menu.addAction("T&urn by itself"), f"turntable.{self._item_id}")
        turning.setCheckable(True)
        turning.toggled.connect(self.turning_wanted)
        export = named(menu.addAction("Export one turn as an &animation…"), f"animation.{self._item_id}")
        export.triggered.connect(lambda _checked: self.animation_wanted.emit())
        button.setMenu(menu)
        return button

    def _button(self, text: str, name: str) -> QToolButton:
        button = named(QToolButton(), name)
        button.setText(text)
        button.setToolTip(text.replace("&", ""))  # in a narrow page there is no other word for it
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return button


def _telling(tell: Callable[[str], object], name: str) -> Callable[[bool], object]:
    return lambda _checked: tell(name)
