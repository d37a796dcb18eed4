"""The theme: chosen, or the system's, and told only when the colours change."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QDockWidget, QDoubleSpinBox, QMainWindow
from pytestqt.qtbot import QtBot

from app.theme.colours import DARK, LIGHT
from app.theme.numbers import use_plain_numbers
from app.theme.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    palette, sheet, style = qapp.palette(), qapp.styleSheet(), qapp.style().objectName()
    theme = Theme(qapp, "light")
    yield theme
    shiboken6.delete(theme)
    qapp.styleHints().unsetColorScheme()
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)


def window_colour(qapp: QApplication) -> str:
    return qapp.palette().color(QPalette.ColorRole.Window).name()


def test_choosing_a_theme_dresses_the_application_in_fusion(theme: Theme, qapp: QApplication) -> None:
    assert (window_colour(qapp), theme.is_dark) == (LIGHT.window, False)
    theme.choose("dark")
    assert (window_colour(qapp), theme.is_dark, theme.colours) == (DARK.window, True, DARK)
    qapp.setStyleSheet("")  # which hides the style's name
    assert qapp.style().objectName().lower() == "fusion"


def test_a_change_is_told_once_and_only_if_the_colours_change(theme: Theme) -> None:
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_dark))
    for choice in ("light", "dark", "dark", "light"):
        theme.choose(choice)  # type: ignore[arg-type]
    assert told == [True, False]


def test_following_the_system_changes_with_it(theme: Theme, qapp: QApplication) -> None:
    theme.choose("system")
    for scheme, colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        qapp.styleHints().colorSchemeChanged.emit(scheme)  # what Qt sends when the user changes the system's
        assert theme.colours is colours
        assert window_colour(qapp) == colours.window


def test_a_chosen_theme_does_not_follow_the_system(theme: Theme, qapp: QApplication) -> None:
    theme.choose("light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.colours is LIGHT


def test_a_window_is_painted_in_the_colours_of_the_theme(theme: Theme, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, QDockWidget("Session", window))
    window.resize(300, 200)
    for choice, colours in (("light", LIGHT), ("dark", DARK)):
        theme.choose(choice)  # type: ignore[arg-type]
        assert window.grab().toImage().pixelColor(280, 180).name() == colours.window


def test_numbers_in_fields_are_written_as_in_a_program(qtbot: QtBot) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        use_plain_numbers()
        field = QDoubleSpinBox(maximum=1e9, decimals=2)
        qtbot.addWidget(field)
        field.setValue(1234567.5)
        assert field.text() == "1234567.50"
        field.lineEdit().setText("0.25")
        field.interpretText()
        assert field.value() == 0.25
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_box_that_is_ticked_in_part_looks_like_neither_of_the_others(theme: Theme, qtbot: QtBot, name: str) -> None:
    theme.choose(name)
    box = QCheckBox("body")
    qtbot.addWidget(box)
    box.setTristate(True)
    pictures = []
    for state in (Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Checked):
        box.setCheckState(state)
        pictures.append(box.grab().toImage())
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])
