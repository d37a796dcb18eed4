"""The page of a correction: where its curve of minimal against stable lies, and how it follows the result."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.views.pages.correction_page import CorrectionPage
from core.corrections.records.correction import Box
from tests import documents


@pytest.fixture
def page(qtbot: QtBot) -> CorrectionPage:
    around = QWidget()  # as in the window, which gives a page what room there is: a window of its own never gets lower
    qtbot.addWidget(around)
    around.resize(1600, 1100)
    made = CorrectionPage("correction-0", documents.feature_card(), ("denied", "granted"))
    made.setParent(around)
    made.show_result(documents.explained_correction())
    with qtbot.waitExposed(around):
        around.show()
    return made


def resized(page: CorrectionPage, width: int, height: int, qtbot: QtBot) -> tuple[bool, QPoint]:
    """Whether the curve has a tab of its own, and how far it is right of the slice and below its top."""
    page.resize(width, height)
    qtbot.waitUntil(lambda: (page.width(), page.height()) == (width, height))
    slice_, curve = (part.mapTo(page, QPoint(0, 0)) for part in (page.slice, page.tradeoff))
    return page.tabs.apart, curve - slice_


def test_the_curve_lies_below_the_slice_of_a_high_page_and_beside_it_in_a_wide_one(
    page: CorrectionPage, qtbot: QtBot
) -> None:
    apart, by = resized(page, 700, 1000, qtbot)
    assert (apart, by.x() > 0, by.y() > 0) == (False, False, True)
    apart, by = resized(page, 1100, 600, qtbot)
    assert (apart, by.x() > 0, by.y() > 0) == (False, True, False)
    assert page.slice.width() > page.tradeoff.width()


def test_in_a_small_page_the_curve_has_a_tab_and_comes_back_out_of_it(page: CorrectionPage, qtbot: QtBot) -> None:
    apart, _ = resized(page, 500, 560, qtbot)
    assert apart
    page.tabs.setCurrentWidget(page.tradeoff)
    assert page.tradeoff.isVisible()
    apart, by = resized(page, 1100, 600, qtbot)
    assert (apart, by.x() > 0) == (False, True)
    assert page.slice.isVisible()


def test_a_correction_without_a_curve_has_no_room_for_one(page: CorrectionPage, qtbot: QtBot) -> None:
    page.show_result(documents.correction())
    assert not page.tradeoff.isVisible()
    resized(page, 500, 560, qtbot)
    assert not page.tabs.isTabVisible(page.tabs.indexOf(page.tradeoff))
    page.show_result(documents.explained_correction())
    assert page.tabs.isTabVisible(page.tabs.indexOf(page.tradeoff))
    resized(page, 1100, 600, qtbot)
    assert page.tradeoff.isVisible()


def test_a_correction_without_a_box_gets_one_by_picking_a_stability(page: CorrectionPage) -> None:
    told: list[tuple[str, Box]] = []
    page.box_changed.connect(lambda item_id, box: told.append((item_id, box)))
    page.show_result(replace(documents.explained_correction(), box=None))
    assert page.tradeoff.at is None
    page.tradeoff.setFocus()
    QTest.keyClick(page.tradeoff, Qt.Key.Key_Home)
    ((item_id, box),) = told
    assert (item_id, box.half_width, box.proof) == ("correction-0", (0.0, 0.0), "proved")


def test_the_mark_on_the_curve_follows_the_box_of_the_slice(page: CorrectionPage) -> None:
    assert page.tradeoff.at == 1.0
    page.slice.box_changing.emit(Box(centre=(30.0, 8500.0), half_width=(4.0, 1000.0)))
    assert page.tradeoff.at == 2.0
    page.show_result(replace(documents.explained_correction(), box=Box(centre=(30.0, 8500.0), half_width=(4.0, 900.0))))
    assert page.tradeoff.at is None


def test_that_nothing_is_stable_is_said_in_the_lowest_page_and_takes_no_room_for_a_curve(
    page: CorrectionPage, qtbot: QtBot
) -> None:
    nothing = replace(documents.impossible_correction(), tradeoff=documents.tradeoff_without_room())
    page.show_result(nothing)
    resized(page, 500, 330, qtbot)
    answer = page.slice.findChild(QLabel, "answer")
    assert answer.isVisible()
    assert answer.text().startswith("There is provably no stable correction")
    assert not page.tabs.isTabVisible(page.tabs.indexOf(page.tradeoff))
    page.show_result(documents.explained_correction())
    assert not answer.isVisible()
    assert page.tabs.isTabVisible(page.tabs.indexOf(page.tradeoff))
