"""The page of all pairs: matrix and list choose the same pair, and what is known of it stands below."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.pages.pairs_page import PairsPage
from core.corrections.records.correction import CorrectionRequest
from core.exchange.subject import subject_of
from tests import documents
from tests.pairs import pairs_result

ITEM = documents.result_item(pairs_result(), "pairs-0", "All pairs")


@pytest.fixture
def page(qtbot: QtBot) -> PairsPage:
    page = PairsPage("pairs-0")
    qtbot.addWidget(page)
    page.set_surroundings(subject_of(ITEM, documents.document()))
    page.resize(1100, 900)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_a_page_without_a_result_says_that_there_is_none_yet(page: PairsPage) -> None:
    page.show_result(None)
    assert page.empty.isVisible()
    assert not page.body.isVisible()


def test_matrix_list_and_details_show_the_nearest_until_somebody_chooses(page: PairsPage) -> None:
    page.show_result(pairs_result("partial"))
    assert "More are being looked at" in page.summary.text()
    assert page.matrix.current == (2, 0)
    assert page.details.words.text().startswith("Duration × Amount: 0.35, proved")
    assert page.details.open.isVisible()
    assert page.ranked.currentItem().text(1) == "Duration × Amount"
    page.ranked.setCurrentItem(page.ranked.topLevelItem(2))
    assert page.details.words.text().startswith("Housing alone: 1, proved")
    assert page.details.levels.isVisible()
    assert not page.details.open.isVisible()
    page.show_result(pairs_result())
    assert page.chosen == (2, 2)
    assert page.matrix.current == (1, 1)
    assert "More" not in page.summary.text()


def test_the_chosen_pair_is_kept_with_the_session(page: PairsPage, qtbot: QtBot) -> None:
    page.show_result(pairs_result())
    page.restore_view({"chosen": ["Housing", "Duration"]})
    assert page.details.lanes.isVisible()
    assert page.view_state() == {"chosen": ["Housing", "Duration"]}
    page.restore_view({"chosen": ["no such", 3]})
    assert page.chosen == (2, 0)


def test_the_slice_of_two_numbers_is_asked_for_in_their_own_ranges(page: PairsPage, qtbot: QtBot) -> None:
    page.show_result(pairs_result())
    with qtbot.waitSignal(page.slice_wanted) as asked:
        page.details.open.click()
    item_id, request = asked.args
    assert item_id == "pairs-0"
    assert isinstance(request, CorrectionRequest)
    assert [feature.name for feature in request.free] == ["Duration", "Amount"]
    assert (request.bounds, request.row, request.target) == ((4.0, 250.0, 72.0, 13500.0), 3, 1)


def test_in_a_low_window_the_chosen_pair_has_a_tab_of_its_own(page: PairsPage) -> None:
    page.show_result(pairs_result())
    page.resize(1100, 300)
    assert page.tabs.indexOf(page.details) >= 0
    page.matrix.opened.emit(1, 1)
    assert page.tabs.currentWidget() is page.details
    page.resize(1100, 900)
    assert page.body.indexOf(page.details) == 1
    assert page.details.isVisible()


def test_everything_is_copied_with_every_digit(page: PairsPage) -> None:
    page.show_result(pairs_result())
    page.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("part,first,second,distance")
    assert "accepted interval" in text
