"""The page of a spectrum: panels, buttons and the table of layers."""

import csv
import io
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.views.pages.neighbours import ALONE
from app.views.pages.spectrum_page import SpectrumPage
from core.session.document import DatasetItem
from core.spectrum.spectrum import SpectrumRequest
from tests import documents


@pytest.fixture
def page(qtbot: QtBot) -> SpectrumPage:
    made = SpectrumPage("spectrum-0")
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show_result(documents.whole_spectrum())
    with qtbot.waitExposed(made):
        made.show()
    return made


def reading(page: SpectrumPage) -> str:
    label = page.findChild(QLabel, "reading")
    assert label is not None
    return label.text()


def test_panels_are_there_where_there_is_something_to_show(page: SpectrumPage) -> None:
    assert page.bars.density.isVisible()
    assert page.layers.isVisible()
    page.show_result(documents.spectrum())
    assert not page.bars.below.isVisible()
    assert not page.header.density.isVisible()
    assert page.header.everything.isVisible()


def test_a_panel_can_be_switched_off(page: SpectrumPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.view_changed):
        qtbot.mouseClick(page.header.density, Qt.MouseButton.LeftButton)
    assert not page.bars.density.isVisible()
    assert page.layers.isVisible()


def test_a_narrow_page_has_one_panel_and_a_wide_one_both_again(page: SpectrumPage, qtbot: QtBot) -> None:
    page.resize(500, 800)
    qtbot.waitUntil(lambda: not page.layers.isVisible())
    assert page.bars.density.isVisible()
    page.header.layers.setChecked(True)
    assert page.layers.isVisible()
    assert not page.bars.density.isVisible()
    page.resize(1000, 800)
    qtbot.waitUntil(lambda: page.layers.isVisible() and page.bars.density.isVisible())


def test_the_buttons_name_the_eigenvectors_that_are_meant(page: SpectrumPage, qtbot: QtBot) -> None:
    assert page.header.along.text().replace("&", "") == "Loss along v₁, v₂, v₃"
    page.bars.choice.choose((3, 1))
    assert page.header.along.text().replace("&", "") == "Loss along v₂, v₄"
    assert page.header.plane.text().replace("&", "") == "Surface over v₄, v₂"
    with qtbot.waitSignal(page.along_wanted) as along:
        qtbot.mouseClick(page.header.along, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.plane_wanted) as plane:
        qtbot.mouseClick(page.header.plane, Qt.MouseButton.LeftButton)
    assert along.args == plane.args == ["spectrum-0", (3, 1)]


def test_a_spectrum_without_vectors_offers_nothing_along_them(page: SpectrumPage) -> None:
    page.show_result(documents.spectrum(vectors=False))
    assert not page.header.along.isVisible()
    assert not page.header.plane.isVisible()
    page.show_result(replace(documents.spectrum(), status="partial"))
    assert not page.header.along.isVisible()


def test_density_and_layers_are_asked_for_where_they_lack(page: SpectrumPage, qtbot: QtBot) -> None:
    page.show_result(documents.spectrum())
    with qtbot.waitSignal(page.computation_wanted) as wanted:
        qtbot.mouseClick(page.header.everything, Qt.MouseButton.LeftButton)
    assert wanted.args == ["spectrum-0", SpectrumRequest(top=8, density=True, trace=True, layer_table=True)]


def test_a_selected_layer_is_read_and_computed_alone(page: SpectrumPage, qtbot: QtBot) -> None:
    assert not page.layers.alone.isEnabled()
    page.layers.table.selectRow(1)
    assert reading(page).startswith("3: top eigenvalue −12.25 ± 0.012 (residual), trace 30.62 ± 0.24")
    with qtbot.waitSignal(page.computation_wanted) as wanted:
        qtbot.mouseClick(page.layers.alone, Qt.MouseButton.LeftButton)
    request = wanted.args[1]
    assert (request.layers, request.top, request.density, request.layer_table) == (("3",), 10, False, False)


def test_layers_sort_by_value_and_copy_with_headings_and_units(page: SpectrumPage, qtbot: QtBot) -> None:
    page.layers.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    qtbot.mouseClick(page.layers.copy, Qt.MouseButton.LeftButton)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0][2] == "top eigenvalue (nats per squared weight)"
    assert [row[0] for row in rows[1:]] == ["3", "1"]
    assert [float(row[2]) for row in rows[1:]] == [-12.25, 31.5]
    assert float(rows[1][6]) == 0.19


def test_how_a_spectrum_is_looked_at_is_kept(page: SpectrumPage, qtbot: QtBot) -> None:
    page.bars.set_logarithmic(True)
    page.header.layers.setChecked(False)
    page.bars.choice.choose((2, 0))
    other = SpectrumPage("spectrum-0")
    qtbot.addWidget(other)
    other.show_result(documents.whole_spectrum())
    other.restore_view(page.view_state())
    assert other.view_state() == page.view_state()
    assert other.chosen == (2, 0)
    other.restore_view({"chosen": [99, "x", 1, 1], "density": 3, "logarithmic": None})
    assert other.chosen == (1,)


def test_a_picture_holds_the_whole_page(page: SpectrumPage) -> None:
    image = page.image()
    assert (image.width(), image.height()) == (2 * page.width(), 2 * page.height())


def test_the_test_set_is_chosen_at_the_button_or_left_out(qtbot: QtBot) -> None:
    held: list[DatasetItem] = []
    page = SpectrumPage("spectrum-0", lambda: tuple(held))
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show_result(documents.whole_spectrum())
    with qtbot.waitExposed(page):
        page.show()
    assert page.header.along.menu() is None
    held += [replace(documents.dataset_item(f"data-{place}"), name=f"Set & {place}") for place in (1, 2)]
    page.show_neighbours(ALONE)
    assert page.test_set is held[0]  # as long as nobody has chosen
    menu = page.header.test_sets
    assert page.header.along.menu() is menu
    qtbot.keyClick(page.header.along, Qt.Key.Key_Down)
    qtbot.waitUntil(menu.isVisible)
    assert [action.text() for action in menu.actions()] == [
        "No test set",
        *(f"Set && {place} ({held[0].samples:,})" for place in (1, 2)),
    ]
    assert [action.isChecked() for action in menu.actions()] == [False, True, False]
    with qtbot.waitSignal(page.view_changed):
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[2]).center())
    assert page.test_set is held[1]
    assert "“Set & 2”" in page.header.along.toolTip()
    qtbot.keyClick(page.header.along, Qt.Key.Key_Down)
    qtbot.waitUntil(menu.isVisible)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):  # the first entry
        qtbot.keyClick(menu, key)
    assert page.test_set is None
    assert "no test set" in page.header.along.toolTip()
    kept = page.view_state()
    assert kept["test"] == ""
    page.restore_view({"test": "data-2"})
    assert page.test_set is held[1]
    held.clear()
    assert page.test_set is None  # it is gone


def test_nothing_lies_over_anything_else_in_a_small_window(page: SpectrumPage, qtbot: QtBot) -> None:
    view = page.bars
    page.resize(390, 465)  # what a window of 1000 by 700 pixels leaves of it
    qtbot.waitUntil(lambda: not view._legend.isVisible())
    qtbot.waitUntil(lambda: view._upper.geometry().bottom() < view.below.geometry().top())
    assert view._plot.height() >= 150
    qtbot.mouseClick(page.header.density, Qt.MouseButton.LeftButton)
    assert view._legend.isVisible()
    qtbot.waitUntil(lambda: view._legend.height() >= view._legend.heightForWidth(view._legend.width()))
    qtbot.waitUntil(lambda: view._plot.geometry().bottom() < view._legend.geometry().top())
    page.resize(1000, 800)
    qtbot.mouseClick(page.header.density, Qt.MouseButton.LeftButton)
    assert view.below.isVisible()
    assert view._legend.isVisible()
