"""The report from the window: what is chosen, in which order, and what becomes of it."""

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.jobs.background import background_is_idle
from app.views.report.report_dialog import ReportDialog
from core.exchange.report.choice import chosen_items
from core.session.files import save_document
from tests import documents
from tests.app.views.conftest import SLOW, Driver


def opened(driver: Driver) -> ReportDialog:
    driver.trigger("file.report")
    dialog = driver.window.findChild(ReportDialog)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def headings(page: Path) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", page.read_text(encoding="utf-8"))


def test_the_ticked_items_are_written_in_their_order_and_under_the_title(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(documents.document(), None)
    dialog = opened(driver)
    whole = tuple(item.id for item in chosen_items(driver.document))
    assert dialog.list.chosen == whole
    dialog.list.tick(["dataset-0", "network-0"])
    dialog.list.setCurrentRow(whole.index("dataset-0"))
    while dialog.list.chosen[0] != "dataset-0":
        driver.click("report.up")
    dialog.title.setText("For the review")
    driver.answers.target = tmp_path / "review.html"
    with driver.qtbot.waitSignal(dialog.reporting.written, timeout=SLOW):
        driver.click("report.write")
    names = headings(tmp_path / "review.html")
    wanted = [driver.document.items[one].name for one in ("dataset-0", "network-0")]
    assert [name for name in names if name in wanted] == wanted
    assert "<h1>For the review</h1>" in (tmp_path / "review.html").read_text(encoding="utf-8")
    assert not any(item.name in names for item in driver.document.results)
    assert dialog.said.text() == f"Written: {tmp_path / 'review.html'}"
    assert driver.find(QPushButton, "report.open").isEnabled()


def test_a_saved_session_is_reported_with_the_hash_of_its_file_and_unsaved_changes_are_told(
    driver: Driver, tmp_path: Path
) -> None:
    save_document(documents.document(), tmp_path / "s.corrie.h5")
    driver.open(tmp_path / "s.corrie.h5")
    driver.window.pages.rename("network-0", "Another name")
    dialog = opened(driver)
    dialog.list.tick(["network-0"])
    driver.answers.target = tmp_path / "r.html"
    with driver.qtbot.waitSignal(dialog.reporting.written, timeout=SLOW):
        driver.click("report.write")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h1>s.corrie.h5</h1>" in page
    assert "sha256 of its manifest" in page
    assert "changes that were not saved" in page
    assert "was written again" not in page
    assert "Another name" in page
    save_document(documents.document(), tmp_path / "s.corrie.h5")  # by another program
    with driver.qtbot.waitSignal(dialog.reporting.written, timeout=SLOW):
        driver.click("report.write")
    assert "The file was written again after this session was read" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_report_that_is_stopped_leaves_the_older_one_alone(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(documents.document(), None)
    dialog = opened(driver)
    (tmp_path / "r.pdf").write_text("older")
    driver.answers.target = tmp_path / "r.pdf"
    with driver.qtbot.waitSignal(dialog.reporting.progressed, timeout=SLOW):
        driver.click("report.write")
    driver.click("report.stop")
    assert not dialog.reporting.busy
    assert dialog.said.text().startswith("Stopped.")
    driver.wait(background_is_idle)
    assert (tmp_path / "r.pdf").read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]


def test_a_place_that_cannot_be_written_is_told_in_the_dialog(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(documents.document(), None)
    dialog = opened(driver)
    dialog.list.tick(["network-0"])
    for target, words in ((tmp_path / "nowhere" / "r.pdf", "folder does not exist"), (tmp_path / "r.docx", ".docx")):
        driver.answers.target = target
        with driver.qtbot.waitSignal(dialog.reporting.failed, timeout=SLOW):
            driver.click("report.write")
        assert words in dialog.said.text()
    assert list(tmp_path.iterdir()) == []


def test_the_list_follows_the_session_and_keeps_what_was_chosen(driver: Driver) -> None:
    driver.window.desk.state.open(documents.document(), None)
    dialog = opened(driver)
    dialog.list.tick(["network-0"])
    item = documents.result_item(documents.whole_spectrum(), "spectrum-1", "New")
    driver.window.desk.state.edit(driver.document.with_item(item))
    assert dialog.list.chosen == ("network-0", "spectrum-1")
    driver.window.desk.state.edit(driver.document.without("spectrum-1"))
    assert dialog.list.chosen == ("network-0",)
    driver.click("report.none")
    assert not driver.find(QPushButton, "report.write").isEnabled()
    driver.click("report.all")
    assert set(dialog.list.chosen) == set(driver.document.items)


def test_the_dialog_closes_with_the_window(driver: Driver, qtbot: QtBot) -> None:
    driver.window.desk.state.open(documents.document(), None)
    driver.window.desk.state.mark_saved(driver.document, Path("saved.corrie.h5"))
    dialog = opened(driver)
    driver.window.show()
    qtbot.waitExposed(driver.window)
    driver.window.close()
    assert not dialog.isVisible()
    assert dialog.windowModality() is Qt.WindowModality.NonModal
