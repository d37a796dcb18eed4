"""A session with many tabs: their pages are made when somebody turns to them, and lose nothing until then."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from app.views.comparison.comparison_page import PAGE_ID, ComparisonPage
from app.views.pages.curve_page import CurvePage
from app.views.pages.surface_page import SurfacePage
from app.views.pages.waiting_page import WaitingPage
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import Driver

TABS = [["surface-1", "curve-draws", "trajectory-1", PAGE_ID], ["curve-line"]]
STATES = {"curve-draws": {"logarithmic": True}, PAGE_ID: {"mode": "contour"}}


@pytest.fixture
def opened(driver: Driver) -> Driver:
    view = {"panes": TABS, "shown": ["surface-1", "curve-line"], "pages": STATES}
    document = replace(landscapes.everything(), view=MappingProxyType(view))
    driver.window.desk.state.open(document, None)
    return driver


def waiting(driver: Driver) -> list[str]:
    return [page.item_id for page in driver.window.area.pages() if isinstance(page, WaitingPage)]


def test_a_session_makes_the_pages_that_are_seen_and_no_others(opened: Driver) -> None:
    assert waiting(opened) == ["curve-draws", "trajectory-1", PAGE_ID]
    left, right = opened.window.area.shown_pages()
    assert isinstance(left, SurfacePage)
    assert left.surface is opened.document.items["surface-1"].result
    assert isinstance(right, CurvePage)
    assert [page.item_id for page in opened.window.area.pages()] == [*TABS[0], *TABS[1]]


def test_a_page_that_is_turned_to_shows_its_result_as_it_was_left(opened: Driver) -> None:
    pane = opened.window.area._left
    pane.setCurrentIndex(1)
    page = opened.window.area.shown_pages()[0]
    assert isinstance(page, CurvePage)
    assert page.lines.curves[0].curve is opened.document.items["curve-draws"].result
    assert page.lines.logarithmic
    assert pane.tabText(1) == "curve draws"
    assert opened.window.desk.selection.current_id == "curve-draws"
    assert waiting(opened) == ["trajectory-1", PAGE_ID]


def test_a_fixed_page_of_a_session_is_made_when_it_is_turned_to(opened: Driver) -> None:
    opened.window.pages.open_page(PAGE_ID)
    page = opened.window.area.shown_pages()[0]
    assert isinstance(page, ComparisonPage)
    assert page.mode == "contour"


def test_what_was_never_turned_to_is_saved_as_it_was(opened: Driver) -> None:
    opened.window.area.turn_to("curve-draws")
    view = opened.window.desk.state.snapshot().view
    assert view["panes"] == TABS
    assert view["pages"][PAGE_ID] == {"mode": "contour"}
    assert view["pages"]["curve-draws"]["logarithmic"] is True


def test_tabs_that_wait_can_be_moved_renamed_and_closed(opened: Driver) -> None:
    area = opened.window.area
    opened.window.pages.rename("curve-draws", "Ten draws")
    assert area._left.tabText(1) == "Ten draws"
    area.move_to_side("trajectory-1", right=True)
    assert area.shown_pages()[1] is area.page("trajectory-1")
    opened.window.pages.remove("curve-draws")
    assert [page.item_id for page in area.pages()] == ["surface-1", PAGE_ID, "curve-line", "trajectory-1"]
    for item_id in ("surface-1", "trajectory-1"):
        area.close_page(item_id)
    assert isinstance(area.shown_pages()[0], ComparisonPage)
    assert waiting(opened) == []


def test_a_tab_that_waits_shows_what_its_result_has_become(opened: Driver) -> None:
    state = opened.window.desk.state
    newer = landscapes.curve(draws=3)
    state.edit(state.document.with_item(documents.result_item(newer, "curve-draws", "curve draws")))
    assert "curve-draws" in waiting(opened)
    assert opened.window.area.page("curve-draws").lines.curves[0].curve is newer
