"""The line above a comparison: which kind of picture, clipped where, and the way out to a file."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.render.cameras import PRESETS
from app.views.inspector.fields import NumberField
from app.views.made import named, with_icon
from app.views.pages.surface_header import MAX_LIMIT
from app.views.pages.surface_header import PRESETS as PRESET_WORDS

MODES = (("relief", "3-D", "surface"), ("contour", "Contour", "contour"), ("difference", "Difference", "convexity"))


class ComparisonHeader(QWidget):
    """Says what is wanted; the page does it."""

    mode_wanted = Signal(str)
    limit_wanted = Signal(float)
    camera_wanted = Signal(str)
    export_wanted = Signal()

    def __init__(self, limit: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modes = QButtonGroup(self)
        self.limit = NumberField("comparison.limit", 1e-6, MAX_LIMIT, limit, step=10.0)
        self.limit.setToolTip("Loss above this is drawn flat and hatched, in all pictures alike")
        self.limit.setMaximumWidth(80)
        self.limit.valueChanged.connect(self.limit_wanted)
        self.camera = self._camera()
        self.export = named(with_icon(QPushButton("E&xport figure…"), "export"), "comparison.export")
        self.export.clicked.connect(self.export_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 4)
        row.setSpacing(4)
        for index, (name, text, icon_name) in enumerate(MODES):
            row.addWidget(self._mode(index, name, text, icon_name))
        row.addStretch(1)
        label = QLabel("Loss up &to")
        label.setBuddy(self.limit)
        for widget in (label, self.limit, self.camera, self.export):
            row.addWidget(widget)

    def set_limit(self, limit: float) -> None:
        """Show where the pictures are clipped. Tells nobody."""
        blocker = QSignalBlocker(self.limit)
        self.limit.setValue(limit)
        blocker.unblock()

    def set_mode(self, mode: str) -> None:
        """Show which kind of picture is on. Tells nobody."""
        index = next(i for i, (name, _, _) in enumerate(MODES) if name == mode)
        self.modes.button(index).setChecked(True)

    def _mode(self, index: int, name: str, text: str, icon_name: str) -> QToolButton:
        button = named(with_icon(QToolButton(), icon_name), f"comparison.{name}")
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _checked: self.mode_wanted.emit(name))
        self.modes.addButton(button, index)
        return button

    def _camera(self) -> QToolButton:
        button = named(with_icon(QToolButton(), "camera"), "comparison.camera")
        button.setText("Camera")
        button.setToolTip("Where all of them are seen from")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAutoRaise(True)
        menu = QMenu(button)
        for name, text in PRESET_WORDS:
            if name in PRESETS:
                menu.addAction(text).triggered.connect(lambda _checked, preset=name: self.camera_wanted.emit(preset))
        button.setMenu(menu)
        return button
