"""The open session beside another one, as a person compares them: nothing is changed, and whatever differs is seen."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from app.jobs.background import background_is_idle
from app.theme.colours import LIGHT
from app.views.two_sessions.model import DIFFERENCE, VERDICT, WHAT, ComparisonModel
from app.views.two_sessions.page import ALL_ALIKE, HINT, PAGE_ID, STALE, SessionsPage
from app.views.two_sessions.picture import ALONE, NO_PICTURE
from app.views.two_sessions.room import SessionsRoom
from core.review.comparison.comparing import compare_sessions
from core.session.document import Document
from core.session.files import save_document
from tests import documents
from tests.app.views.conftest import SLOW, Driver
from tests.core.review.comparison.pairs_of_sessions import edited, with_result
from tests.runs import run_item


def other_session() -> Document:
    """Last year's: a proof that is lost today, a spectrum that agrees, a surface that does not, one result more."""
    session = documents.landscape_document()
    spectrum, surface = documents.spectrum(), documents.certified_surface()
    session = edited(session, "spectrum-0", with_result(eigenvalues=1.001 * spectrum.eigenvalues))
    session = edited(session, "surface-1", with_result(loss=1.1 * surface.loss))
    session = edited(session, "correction-0", with_result(proof="unknown"))
    return session.without("curve-1").with_item(documents.result_item(documents.explained_correction(), "x-1", "New"))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "last-year.corrie.h5"
    save_document(other_session(), path)
    return path


def room(driver: Driver) -> SessionsRoom:
    found = driver.window.findChild(SessionsRoom)
    assert found is not None
    return found


def page(driver: Driver) -> SessionsPage:
    found = driver.window.area.page(PAGE_ID)
    assert isinstance(found, SessionsPage)
    return found


def compared(driver: Driver, path: Path) -> SessionsPage:
    """As a person does: the menu, the file, and the page once it is there."""
    driver.answers.files = [path]
    driver.trigger("file.compare")
    driver.wait(lambda: room(driver).comparing.under_way is None)
    return page(driver)


def branch(shown: SessionsPage, words: str) -> QModelIndex:
    """The item of that name in the table."""
    model = shown.model
    places = [row for row in range(model.rowCount()) if words in model.index(row, WHAT).data()]
    assert len(places) == 1, [model.index(row, WHAT).data() for row in range(model.rowCount())]
    return model.index(places[0], WHAT)


def double_click(driver: Driver, shown: SessionsPage, index: QModelIndex) -> None:
    shown.tree.scrollTo(index)
    place = shown.tree.visualRect(index).center()
    for _ in range(2):
        driver.qtbot.mouseClick(shown.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    driver.qtbot.mouseDClick(shown.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_two_sessions_are_compared_item_by_item_and_neither_is_changed(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    before, content = driver.document, other.read_bytes()
    shown = compared(driver, other)
    assert "Applicant 7: proof proved → not proved" in shown.summary.text()
    assert "B: last-year.corrie.h5" in shown.sides.text()
    verdict = branch(shown, "Sharpest directions").siblingAtColumn(VERDICT)
    assert verdict.data() == "agree within stated error"
    assert branch(shown, "Ten draws").siblingAtColumn(VERDICT).data() == "only in A"
    assert branch(shown, "New").siblingAtColumn(VERDICT).data() == "only in B"
    proof = shown.model.index(0, WHAT, branch(shown, "Applicant 7"))
    assert (proof.data(), proof.siblingAtColumn(DIFFERENCE).data()) == ("Proof", "proved → not proved")
    assert driver.document is before
    assert not driver.window.desk.history.undo_text
    assert other.read_bytes() == content


def test_what_differs_is_seen_without_scrolling_in_a_narrow_window_and_no_key_is_one_of_the_menus(
    driver: Driver, other: Path
) -> None:
    driver.window.resize(1280, 800)
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    driver.wait(lambda: shown.tree.header().length() <= shown.tree.viewport().width())
    assert shown.tree.columnWidth(DIFFERENCE) > 80
    assert shown.sides.text() == "A: the open session · B: last-year.corrie.h5"
    of_menus = {QKeySequence.mnemonic(action.text()) for action in driver.window.menuBar().actions()}
    buttons = (shown.choose, shown.again, shown.stop, shown.only, shown.copy, shown.export)
    keys = {QKeySequence.mnemonic(button.text()) for button in buttons}
    assert len(keys) == len(buttons)
    assert not of_menus.intersection(keys)


def test_only_differences_are_listed_until_everything_is_asked_for(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    listed = shown.model.rowCount()
    lines = shown.model.rowCount(branch(shown, "Applicant 7"))
    driver.qtbot.mouseClick(driver.find(QCheckBox, "two_sessions.only"), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert not shown.only.isChecked()
    assert shown.model.rowCount() == len(driver.document.items) + 1 > listed
    assert shown.model.rowCount(branch(shown, "Applicant 7")) > lines
    assert shown.view_state() == {"only_differences": False}


def test_a_double_click_opens_the_item_of_the_open_session(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    double_click(driver, shown, branch(shown, "New"))
    assert "only in B" in shown.note.text()
    double_click(driver, shown, branch(shown, "Certified"))
    assert driver.window.area.current_page().item_id == "surface-1"
    assert driver.window.desk.selection.current_id == "surface-1"


def test_two_of_a_kind_are_drawn_together_where_there_is_such_a_picture(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    shown.tree.setCurrentIndex(branch(shown, "Certified"))
    assert shown.picture.map is not None
    assert shown.picture.map.difference is not None
    shown.tree.setCurrentIndex(branch(shown, "Sharpest directions"))
    assert shown.picture.map is None
    assert [panel.line_count for panel in shown.picture.lines] == [2, 4]
    shown.tree.setCurrentIndex(branch(shown, "Applicant 7"))
    assert shown.picture.words.text() == NO_PICTURE
    shown.tree.setCurrentIndex(branch(shown, "Ten draws"))
    assert shown.picture.words.text() == ALONE


def test_a_line_that_is_chosen_is_said_whole_below_the_table(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    correction = branch(shown, "Applicant 7")
    shown.tree.expand(correction)
    shown.tree.setCurrentIndex(shown.model.index(0, WHAT, correction))
    assert shown.note.text() == "Proof: proved → not proved; differ."
    shown.tree.setCurrentIndex(correction)
    assert shown.note.text() == HINT


def test_what_is_listed_is_copied_as_csv(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    for copy in (
        lambda: driver.click("two_sessions.copy"),
        lambda: driver.qtbot.keyClick(shown.tree, "c", Qt.KeyboardModifier.ControlModifier),
    ):
        QGuiApplication.clipboard().clear()
        copy()
        rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
        assert {row["verdict"] for row in rows} == {"differ", "agree within stated error", "only in A", "only in B"}
        assert "proved → not proved" in {row["difference"] for row in rows}


@pytest.mark.parametrize("ending", ["html", "csv"])
def test_a_comparison_is_exported_as_its_ending_says(driver: Driver, other: Path, tmp_path: Path, ending: str) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    compared(driver, other)
    driver.answers.target = tmp_path / f"review.{ending}"
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=SLOW):
        driver.click("two_sessions.export")
    assert "Applicant 7" in (tmp_path / f"review.{ending}").read_text(encoding="utf-8")


def test_a_change_of_the_open_session_is_said_and_compared_again(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    driver.window.pages.rename("surface-1", "Another name")
    assert shown.note.text() == STALE
    driver.click("two_sessions.again")
    driver.wait(lambda: room(driver).comparing.under_way is None)
    assert shown.note.text() != STALE
    assert branch(shown, "Another name")


def test_a_damaged_second_file_is_refused_in_words_and_the_session_stays(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    before = driver.document
    other.write_bytes(other.read_bytes()[:4000])
    shown = compared(driver, other)
    assert "last-year.corrie.h5" in driver.window.banner.text
    assert room(driver).comparing.found is None
    assert shown.choose.isEnabled()
    assert driver.document is before


def test_an_earlier_comparison_stays_where_the_next_file_cannot_be_read(
    driver: Driver, other: Path, tmp_path: Path
) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    shown = compared(driver, other)
    compared(driver, tmp_path / "gone.corrie.h5")
    assert "gone.corrie.h5" in driver.window.banner.text
    assert "Applicant 7" in shown.summary.text()


def test_reading_the_other_session_can_be_stopped(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    driver.answers.files = [other]
    driver.trigger("file.compare")
    assert "Reading last-year.corrie.h5" in page(driver).summary.text()
    driver.click("two_sessions.stop")
    driver.wait(background_is_idle)
    assert room(driver).comparing.found is None
    assert not driver.window.banner.text
    assert driver.find(QPushButton, "two_sessions.choose").isEnabled()


def test_the_bar_that_stops_a_file_stops_its_comparison(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    driver.answers.files = [other]
    driver.trigger("file.compare")
    driver.window.desk.door.checks.stop(other)
    assert room(driver).comparing.under_way is None
    driver.wait(background_is_idle)
    assert room(driver).comparing.found is None


def test_a_session_beside_its_own_file_has_nothing_to_list(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "same.corrie.h5"
    save_document(documents.landscape_document(), path)
    driver.open(path)
    shown = compared(driver, path)
    assert shown.summary.text() == f"All {len(driver.document.items)} items are the same bit for bit."
    assert shown.model.rowCount() == 0
    assert shown.note.text() == ALL_ALIKE


def test_another_session_that_is_opened_takes_the_comparison_away(driver: Driver, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    compared(driver, other)
    driver.window.desk.state.open(Document(), None)
    assert room(driver).comparing.found is None
    assert room(driver).comparing.other is None


def test_sessions_of_other_kinds_are_each_listed_alone(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(Document().with_item(run_item("run-1")), None)
    path = tmp_path / "kinds.corrie.h5"
    save_document(Document().with_item(documents.network_item()), path)
    shown = compared(driver, path)
    verdicts = {shown.model.index(row, VERDICT).data() for row in range(shown.model.rowCount())}
    assert verdicts == {"only in A", "only in B"}


def test_a_thousand_items_are_listed() -> None:
    items = {f"dataset-{n}": replace(documents.dataset_item(), id=f"dataset-{n}", name=f"Set {n}") for n in range(1000)}
    changed = {key: replace(item, samples=item.samples + 1) for key, item in items.items()}
    one, other = (replace(Document(), items=MappingProxyType(found)) for found in (items, changed))
    model = ComparisonModel()
    model.show_comparison(compare_sessions(one, other), only_differences=True, colours=LIGHT)
    assert model.rowCount() == 1000
    last = model.index(999, WHAT)
    assert last.data() == "Data: Set 999"
    assert model.index(0, WHAT, last).data() == "Samples (what it is)"


def test_the_tree_of_a_comparison_keeps_qts_rules(driver: Driver, other: Path, qtmodeltester) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    qtmodeltester.check(compared(driver, other).model)


def test_the_page_is_a_place_to_begin_before_anything_is_compared(driver: Driver, qtbot: QtBot, other: Path) -> None:
    driver.window.desk.state.open(documents.landscape_document(), None)
    driver.window.pages.open_page(PAGE_ID)
    assert "Neither session is changed" in page(driver).empty.text()
    driver.answers.files = []
    driver.click("two_sessions.choose")
    assert room(driver).comparing.under_way is None
    driver.answers.files = [other]
    driver.click("two_sessions.choose")
    qtbot.waitUntil(lambda: room(driver).comparing.found is not None, timeout=SLOW)
