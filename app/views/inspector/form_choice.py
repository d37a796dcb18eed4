"""The titles of the forms as buttons in as many lines as they need: a bar of tabs would hide the last ones."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QTabWidget, QToolButton, QWidget

from app.views.flow_row import FlowRow
from app.views.made import named

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class FormChoice(QWidget):
    """Stands in for the bar of a `QTabWidget`, and follows it."""

    def __init__(self, tabs: QTabWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = tabs
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        self._row = FlowRow(self, spacing=3)
        tabs.tabBar().hide()
        tabs.currentChanged.connect(self._follow)
        self._buttons.idClicked.connect(tabs.setCurrentIndex)

    def refresh(self) -> None:
        """Make the buttons anew, after forms came or went."""
        for button in self._buttons.buttons():
            self._buttons.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        for index in range(self._tabs.count()):
            title = self._tabs.tabText(index)
            button = named(QToolButton(), f"compute.choose.{title.lower()}")
            button.setText(title)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons.addButton(button, index)
            self._row.addWidget(button)
        self._follow(self._tabs.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._tabs.count():
            super().keyPressEvent(event)
            return
        index = (self._tabs.currentIndex() + step) % self._tabs.count()
        self._tabs.setCurrentIndex(index)
        self._buttons.button(index).setFocus()

    def _follow(self, index: int) -> None:
        if (button := self._buttons.button(index)) is not None:
            button.setChecked(True)
