"""The training lab as a person uses it, with the real engine on problems that train in a second."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.training.training_page import PAGE_ID, TrainingPage
from core.session.document import RunItem
from tests.app.views.conftest import Driver, make_driver

TINY = "mlp:64-16-10"


class Lab(Driver):
    """The window with the training lab open on the built-in digits."""

    @property
    def page(self) -> TrainingPage:
        page = self.window.area.page(PAGE_ID)
        assert isinstance(page, TrainingPage)
        return page

    @property
    def runs(self) -> tuple[RunItem, ...]:
        return self.document.runs

    def open_lab(self) -> None:
        self.trigger("training.page")
        self.wait(lambda: not self.page.form.busy)

    def open_digits(self) -> None:
        self.trigger("open.digits")
        self.wait(lambda: len(self.document.datasets) == 1)

    def type(self, name: str, text: str) -> None:
        """Type into the text field, number field or editable choice of that name."""
        field = next(
            found
            for kind in (QLineEdit, QSpinBox, QComboBox)
            if (found := self.window.findChild(kind, name)) is not None
        )
        line = field if isinstance(field, QLineEdit) else field.lineEdit()
        line.selectAll()
        self.qtbot.keyClicks(line, text)
        if isinstance(field, QSpinBox):
            self.qtbot.keyClick(line, Qt.Key.Key_Tab)

    def check(self, name: str) -> None:
        box = self.find(QCheckBox, name)
        self.page.form.findChild(QCheckBox, name)
        box.setFocus()
        self.qtbot.keyClick(box, Qt.Key.Key_Space)

    def ready(self) -> None:
        """Wait until the form knows whether it may start."""
        self.wait(lambda: not self.page.form.busy)

    def start(self) -> None:
        self.ready()
        self.click("training.start")


@pytest.fixture
def lab(qtbot: QtBot, theme: Theme) -> Lab:
    driver = make_driver(qtbot, theme)
    lab = Lab(driver.window, driver.answers, qtbot)
    lab.open_digits()
    lab.open_lab()
    return lab


def tiny(lab: Lab, epochs: int = 2, name: str = "Tiny") -> None:
    """Fill in a run of a second."""
    lab.type("training.name", name)
    lab.type("training.architecture", TINY)
    lab.type("training.epochs", str(epochs))
    lab.ready()
