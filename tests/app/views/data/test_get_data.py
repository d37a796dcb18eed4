"""“Get data…” with a server on this machine, driven as a person would."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.views.data.get_data_dialog import GetDataDialog
from core.data.public.catalogue import SETS
from tests.app.views.conftest import SLOW, Driver
from tests.core.data.public.origin import serving
from tests.realdata import realdata_path

LINE = b'{"word": "cat", "recognized": true, "drawing": [[[0, 9, 30], [0, 9, 4]], [[5, 7], [5, 9]]]}\n'
DRAWINGS = LINE * 4000


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CORRIE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(files={"/quickdraw/cat.ndjson": DRAWINGS}) as origin:
        monkeypatch.setenv("CORRIE_DATA_MIRROR", origin.address)
        yield origin


@pytest.fixture
def dialog(qtbot: QtBot, theme, origin):
    dialog = GetDataDialog(theme)
    qtbot.addWidget(dialog, before_close_func=stopped)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def stopped(dialog: GetDataDialog) -> None:
    dialog.downloads.stop_all()
    wait_for_background(SLOW)


def state(dialog: GetDataDialog, name: str) -> str:
    index = [wanted.name for wanted in SETS].index(name)
    item = dialog.list.topLevelItem(index)
    assert item is not None
    return item.text(3)


def test_the_list_shows_every_set_with_size_licence_and_state(dialog: GetDataDialog, origin) -> None:
    assert dialog.list.topLevelItemCount() == len(SETS)
    assert [dialog.list.topLevelItem(0).text(column) for column in range(4)] == [
        "MNIST",
        "11.6 MB",
        "CC BY-SA 3.0",
        "not there",
    ]
    assert "ossci-datasets" in dialog.facts["origin"].text()
    assert "LeCun" in dialog.facts["cite"].text()
    assert origin.asked == []


def test_a_set_arrives_is_told_and_can_be_opened(qtbot: QtBot, dialog: GetDataDialog, tmp_path: Path) -> None:
    dialog.choose("quickdraw-cat")
    assert not dialog.open_button.isEnabled()
    qtbot.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    assert dialog.stop.isEnabled()
    assert not dialog.fetch.isEnabled()
    qtbot.waitUntil(lambda: state(dialog, "quickdraw-cat") == "there", timeout=SLOW)
    assert (tmp_path / "data" / "quickdraw" / "cat.ndjson").read_bytes() == DRAWINGS
    assert dialog.progress.text() == f"All of it is there: {len(DRAWINGS) / 1e6:.1f} MB."
    with qtbot.waitSignal(dialog.open_wanted) as wish:
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert wish.args == ["quickdraw-cat"]
    assert not dialog.isVisible()


def test_a_stopped_download_shows_what_is_there_and_goes_on(qtbot: QtBot, dialog: GetDataDialog, origin) -> None:
    origin.stalls_after = 5 * 2**14
    dialog.choose("quickdraw-cat")
    dialog.fetch.click()
    qtbot.waitUntil(lambda: state(dialog, "quickdraw-cat").startswith("arriving, 2"), timeout=SLOW)
    assert dialog.bar.value() > 0
    assert "of 0.4 MB" in dialog.progress.text()
    dialog.stop.click()
    qtbot.waitUntil(lambda: state(dialog, "quickdraw-cat") == "partly, 0.1 MB", timeout=SLOW)
    assert dialog.fetch.text() == "&Go on"
    assert not dialog.complaint.isVisible()
    origin.stalls_after = None
    dialog.fetch.click()
    qtbot.waitUntil(lambda: state(dialog, "quickdraw-cat") == "there", timeout=SLOW)
    assert origin.asked[-1][1].startswith("bytes=")


def test_a_failure_stands_beside_the_set_until_the_next_try(qtbot: QtBot, dialog: GetDataDialog) -> None:
    dialog.choose("quickdraw-dog")
    dialog.fetch.click()
    qtbot.waitUntil(dialog.complaint.isVisible, timeout=SLOW)
    assert "no longer has this file" in dialog.complaint.text()
    dialog.choose("mnist")
    assert not dialog.complaint.isVisible()
    dialog.choose("quickdraw-dog")
    assert dialog.complaint.isVisible()


def test_a_second_set_waits_and_can_be_taken_out_of_the_queue(qtbot: QtBot, dialog: GetDataDialog, origin) -> None:
    origin.stalls_after = 2**14
    dialog.choose("quickdraw-cat")
    dialog.fetch.click()
    dialog.choose("mnist")
    dialog.fetch.click()
    assert state(dialog, "mnist") == "waits"
    assert dialog.progress.text() == "Waits until the set before it has arrived."
    dialog.stop.click()
    assert state(dialog, "mnist") == "not there"


def test_the_keyboard_alone_suffices_to_get_and_open_a_set(qtbot: QtBot, dialog: GetDataDialog) -> None:
    dialog.list.setFocus()
    for _ in range(4):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.chosen.name == "quickdraw-cat"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: state(dialog, "quickdraw-cat") == "there", timeout=SLOW)
    with qtbot.waitSignal(dialog.open_wanted):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)


def test_one_may_choose_between_training_and_test_set(dialog: GetDataDialog) -> None:
    dialog.choose("mnist")
    assert [dialog.part.itemText(index) for index in range(dialog.part.count())] == ["training set", "test set"]
    dialog.choose("quickdraw-cat")
    assert not dialog.part.isVisible()


def test_a_window_that_closes_stops_the_download_and_keeps_what_came(driver: Driver, origin, tmp_path: Path) -> None:
    origin.stalls_after = 5 * 2**14
    driver.trigger("open.get_data")
    (dialog,) = driver.window.findChildren(GetDataDialog)
    dialog.choose("quickdraw-cat")
    dialog.fetch.click()
    driver.wait(lambda: state(dialog, "quickdraw-cat").startswith("arriving, 2"))
    dialog.close()
    assert dialog.downloads.current is not None  # the list may be closed meanwhile
    driver.window.close()
    assert wait_for_background(SLOW)
    assert (tmp_path / "data" / "quickdraw" / "cat.ndjson.part").stat().st_size > 0


@pytest.mark.realdata
def test_a_set_that_arrived_is_opened_into_the_session(driver: Driver, origin) -> None:
    origin.files["/quickdraw/cat.ndjson"] = realdata_path("quickdraw-cats/cat_simplified25.ndjson").read_bytes()
    driver.trigger("open.get_data")
    (dialog,) = driver.window.findChildren(GetDataDialog)
    dialog.choose("quickdraw-cat")
    dialog.fetch.click()
    driver.wait(dialog.open_button.isEnabled)
    dialog.open_button.click()
    driver.wait(lambda: len(driver.document.items) == 1)
    (item,) = driver.document.items.values()
    assert (item.name, item.origin) == ("Quick, Draw! cat", "quickdraw-cat")
    assert "CC BY 4.0" in item.source
