"""Notes on corrections in lists: a row of a table of cases, one of several ways."""

import pytest
from pytestqt.qtbot import QtBot

from app.views.pages.joint_page import JointPage
from core.exchange.subject import Subject
from core.review.note import RegionAnchor
from core.review.places import check_place, in_words
from tests import documents
from tests.app.views.conftest import Driver
from tests.app.views.review.reviewing import room, write
from tests.app.views.test_cases_in_the_window import cases_of, corrected, page_of, ready
from tests.joints import joint

__all__ = ["corrected", "ready"]  # fixtures


def test_a_row_of_a_table_of_cases_takes_a_note_and_is_selected_again(corrected: Driver) -> None:
    page, cases = page_of(corrected), cases_of(corrected)
    assert page.pointed_anchor is None
    page.table.select_id("2")
    corrected.trigger("review.add")
    write(corrected, "This one is odd")
    (note,) = corrected.document.notes.values()
    assert note.anchor == RegionAnchor(part=int(cases.rows[2]))
    page.table.select_id("0")
    page.filter.setText("no row says this")
    room(corrected).open(note.note_id)
    assert page.table.current_id == "2"
    assert page.filter.text() == ""


@pytest.mark.usefixtures("theme")
def test_one_of_several_ways_takes_a_note_and_is_marked_again(qtbot: QtBot) -> None:
    page, found = JointPage("joint-0"), joint()
    qtbot.addWidget(page)
    page.set_surroundings(Subject(title="Joint"), None, editable=True)
    page.show_result(found)
    page.ways.ways.setCurrentCell(0, 0)
    anchor = page.pointed_anchor
    assert anchor == RegionAnchor(part=0)
    item = documents.result_item(found, "joint-0", "Joint")
    check_place(anchor, item)
    assert in_words(anchor, item) == "correction 1"
    moved: list[object] = []
    page.box_changed.connect(lambda *told: moved.append(told))
    page.ways.ways.clearSelection()
    page.ways.ways.setCurrentCell(-1, -1)
    assert page.pointed_anchor is None
    page.reveal(anchor)
    assert page.ways.ways.currentRow() == 0
    assert moved == []  # to read a note is no edit
