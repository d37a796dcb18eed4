"""What a new user meets first: forms that remember, words that can be read, files that get their suffix."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QSpinBox, QTabWidget

from app.views.dialogs import SESSION_FILTER, Dialogs, suffix_of
from app.views.inspector.fields import NumberField
from core.data.builtin import examples_folder
from core.exchange.endings import file_filter
from tests import documents
from tests.app.views.conftest import Driver

EXAMPLES = examples_folder()
CARDS = (EXAMPLES / "digits_resnet.toml", EXAMPLES / "digits_noshort.toml")
DIGITS = EXAMPLES / "digits.npz"
CREDIT = EXAMPLES / "german_credit.features.toml"
JUDGE = EXAMPLES / "german_credit.toml"
FIGURES_AND_MORE = file_filter(documents.surface(3, 3))


def open_two_networks(driver: Driver) -> None:
    driver.open(DIGITS, *CARDS)
    driver.wait(lambda: len(driver.document.networks) == 2)


def test_what_was_entered_for_a_network_is_there_when_one_comes_back_to_it(driver: Driver) -> None:
    open_two_networks(driver)
    first, second = driver.document.networks
    driver.select(first.id)
    driver.find(QSpinBox, "surface.grid").setValue(17)
    driver.find(NumberField, "surface.low").setValue(-0.25)
    norm = driver.find(QComboBox, "surface.norm")
    norm.setCurrentIndex(norm.findData("layer"))
    driver.find(QSpinBox, "spectrum.top").setValue(3)
    driver.find(QTabWidget, "compute.tabs").setCurrentIndex(1)
    driver.select(second.id)
    assert driver.find(QSpinBox, "surface.grid").value() == 51
    driver.select(first.id)
    assert driver.find(QSpinBox, "surface.grid").value() == 17
    assert driver.find(NumberField, "surface.low").value() == -0.25
    assert driver.find(QComboBox, "surface.norm").currentData() == "layer"
    assert driver.find(QSpinBox, "spectrum.top").value() == 3
    assert driver.find(QTabWidget, "compute.tabs").currentIndex() == 1


def test_a_network_that_one_comes_to_first_is_asked_for_what_its_data_want(driver: Driver) -> None:
    driver.open(CREDIT, JUDGE)
    driver.wait(lambda: len(driver.document.networks) == 1)
    driver.select(driver.document.networks[0].id)
    target = driver.find(QComboBox, "correction.target")
    assert target.currentText() == "good"  # as the feature card says
    driver.wait(lambda: "judged bad" in driver.find(QLabel, "correction.verdict").text())
    target.setCurrentText("bad")
    driver.select(driver.document.datasets[0].id)
    driver.select(driver.document.networks[0].id)
    assert driver.find(QComboBox, "correction.target").currentText() == "bad"


def test_entries_do_not_reach_the_next_session(driver: Driver) -> None:
    open_two_networks(driver)
    driver.select(driver.document.networks[0].id)
    driver.find(QSpinBox, "surface.grid").setValue(17)
    driver.trigger("file.new")
    assert driver.document.items == {}
    open_two_networks(driver)
    driver.select(driver.document.networks[0].id)
    assert driver.find(QSpinBox, "surface.grid").value() == 51


def test_renaming_a_network_keeps_what_was_entered(driver: Driver) -> None:
    open_two_networks(driver)
    network = driver.document.networks[0]
    driver.select(network.id)
    driver.find(QSpinBox, "surface.samples").setValue(99)
    driver.window.pages.rename(network.id, "Ours")
    assert driver.document.networks[0].name == "Ours"
    assert driver.find(QSpinBox, "surface.samples").value() == 99


def test_a_result_that_undo_took_away_is_shown_again_by_redo(driver: Driver) -> None:
    open_two_networks(driver)
    driver.select(driver.document.networks[0].id)
    driver.find(QSpinBox, "surface.grid").setValue(2)
    driver.find(QSpinBox, "surface.samples").setValue(1)
    driver.click("compute.surface")
    driver.wait(lambda: len(driver.results()) == 1)
    result = driver.results()[0].id
    driver.trigger("edit.undo")
    assert driver.window.area.pages() == []
    driver.trigger("edit.redo")
    assert [page.item_id for page in driver.window.area.shown_pages()] == [result]
    assert driver.window.desk.selection.current_id == result
    driver.window.area.close_page(result)
    driver.select(driver.document.networks[0].id)
    assert driver.window.area.pages() == []
    driver.select(result)  # one click, while nothing else is being looked at
    assert [page.item_id for page in driver.window.area.shown_pages()] == [result]


def test_another_theme_keeps_the_selection_and_draws_the_icons_in_its_colours(driver: Driver) -> None:
    open_two_networks(driver)
    network = driver.document.networks[1].id
    driver.select(network)
    assert brightness(driver.find(QPushButton, "compute.surface")) < 100
    driver.trigger("theme.dark")
    assert driver.window.desk.selection.current_id == network
    for name in ("compute.surface", "welcome.example"):
        assert brightness(driver.find(QPushButton, name)) > 150


def brightness(button: QPushButton) -> float:
    """Of the lines of its icon, 0 to 255."""
    picture = button.icon().pixmap(24).toImage()
    drawn = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    lines = [colour.lightness() for colour in drawn if colour.alpha() > 200]
    return sum(lines) / len(lines)


def test_data_alone_say_what_is_missing(driver: Driver) -> None:
    driver.open(CREDIT)
    driver.wait(lambda: len(driver.document.datasets) == 1)
    driver.select(driver.document.datasets[0].id)
    assert "open a network" in driver.find(QLabel, "data.hint").text()


def test_nothing_of_the_inspector_is_cut_off_at_its_side(driver: Driver) -> None:
    driver.window.resize(1000, 650)
    open_two_networks(driver)
    for item_id in driver.document.items:
        driver.select(item_id)
        QApplication.processEvents()
        inspector = driver.window.inspector
        assert inspector.widget().minimumSizeHint().width() <= inspector.viewport().width()


def test_tabs_side_by_side_keep_enough_of_their_titles(driver: Driver) -> None:
    open_two_networks(driver)
    for done, network in enumerate((*driver.document.networks, *driver.document.networks), start=1):
        driver.select(network.id)
        driver.find(QSpinBox, "surface.grid").setValue(2)
        driver.find(QSpinBox, "surface.samples").setValue(1)
        driver.click("compute.surface")
        driver.wait(lambda done=done: len(driver.results()) == done)
    driver.window.resize(1000, 650)
    QApplication.processEvents()
    for pane in (driver.window.area._left, driver.window.area._right):
        bar = pane.tabBar()
        assert all(bar.tabRect(index).width() >= 150 for index in range(bar.count()))


@pytest.mark.parametrize(
    ("name_filter", "typed", "expected"),
    [
        (SESSION_FILTER, "mine", "mine.corrie.h5"),
        (FIGURES_AND_MORE, "figure", "figure.png"),
        (FIGURES_AND_MORE, "figure.svg", "figure.svg"),
    ],
)
def test_a_name_without_its_suffix_gets_one(
    qapp: QApplication, tmp_path: Path, name_filter: str, typed: str, expected: str
) -> None:
    def answer() -> None:
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(str(tmp_path / typed))
        dialog.accept()

    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    QTimer.singleShot(100, answer)
    assert Dialogs().save_file("Save", "suggested", name_filter) == tmp_path / expected


def test_the_suffix_of_a_filter_is_its_first_one() -> None:
    assert [suffix_of(name) for name in (SESSION_FILTER, FIGURES_AND_MORE, "All files (*)")] == ["corrie.h5", "png", ""]
