"""The page of all pairs: matrix and list choose the same pair, and what is known of it stands below."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.pages.pairs_page import PairsPage
from app.views.pairs import ranked_list
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.pairs import Pairs
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
    assert page.ranked.currentIndex().siblingAtColumn(1).data() == "Duration × Amount"
    page.ranked.setCurrentIndex(page.ranked.model().index(2, 0))
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


def numbers(count: int) -> Pairs:
    """So many numbers, of which any two are nearer together than alone."""
    request = replace(
        pairs_result().request,
        input=tuple(1.0 for _ in range(count)),
        freedom=Freedom(
            numbers=tuple(FreeFeature(name=f"number {place}", low=0.0, high=10.0) for place in range(count)),
            moves=tuple(Move(columns=(place,)) for place in range(count)),
        ),
    )
    both = [(first, second) for first in range(count) for second in range(first + 1, count)]
    distance = np.ones((count, count)) + np.eye(count)
    return replace(
        pairs_result(),
        request=request,
        order=np.array([*((place, place) for place in range(count)), *both]),
        distance=distance,
        lower_bound=distance,
        proof=np.ones((count, count), np.uint8),
        centres=np.full((count, count, 2), 2.0),
        lanes=(),
        tables=(),
    )


def test_of_many_pairs_only_those_that_are_seen_are_put_into_words(
    page: PairsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[int, int]] = []

    def change_words(pairs: Pairs, _subject: object, *pair: int, **_how: bool) -> str:
        written.append(pair)
        return "1 → 2"

    monkeypatch.setattr(ranked_list, "pair_change_words", change_words)
    page.show_result(numbers(20))
    page.grab()
    assert len(page.ranked.pairs) == 20 * 21 / 2
    assert 3 < len(set(written)) < 100
    page.ranked.verticalScrollBar().setValue(40)
    page.show_result(numbers(20))
    assert page.ranked.verticalScrollBar().value() == 40
