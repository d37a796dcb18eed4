"""What a save in the window may not do: lose what somebody else wrote, end unseen, or be asked for by a camera."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.theme.theme import Theme
from app.views.waiting_box import WaitingBox
from core.session.files import open_document, save_document
from tests import documents
from tests.app.views.conftest import SLOW, Driver, make_driver


@pytest.fixture
def reviewed(driver: Driver, tmp_path: Path) -> Driver:
    """A window with a saved session in it."""
    path = tmp_path / "review.corrie.h5"
    save_document(documents.document(), path)
    open_in(driver, path)
    return driver


@pytest.fixture
def before_exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Holds a save when all is written and only the exchange is left. The events: it is there; it may go on."""
    there, may_go_on = threading.Event(), threading.Event()

    def slow_save(document, path, *, last_look, **more):
        def look() -> None:
            there.set()
            assert may_go_on.wait(60)
            last_look()

        save_document(document, path, last_look=look, **more)

    with monkeypatch.context() as patch:
        patch.setattr("core.session.files.save_document", slow_save)
        yield there, may_go_on
        may_go_on.set()
        assert wait_for_background(SLOW)


def open_in(driver: Driver, path: Path) -> None:
    driver.window.open_paths([path])
    driver.wait(lambda: driver.window.desk.state.path == path)


def test_a_file_that_is_replaced_while_it_is_saved_is_not_overwritten(
    reviewed: Driver, tmp_path: Path, before_exchange: tuple[threading.Event, threading.Event]
) -> None:
    there, may_go_on = before_exchange
    path = tmp_path / "review.corrie.h5"
    reviewed.window.pages.rename("surface-0", "mine")
    reviewed.trigger("file.save")
    assert there.wait(30)
    theirs = documents.document().without("surface-0")
    save_document(theirs, path)
    may_go_on.set()
    reviewed.wait(lambda: "Another program has changed this file" in reviewed.window.banner.text)
    assert open_document(path).document_id == theirs.document_id
    assert reviewed.window.desk.state.dirty
    assert not [left for left in tmp_path.iterdir() if left.name.endswith(".tmp")]


def test_a_file_that_appears_where_a_new_one_is_saved_is_not_overwritten(
    reviewed: Driver, tmp_path: Path, before_exchange: tuple[threading.Event, threading.Event]
) -> None:
    there, may_go_on = before_exchange
    path = tmp_path / "copy.corrie.h5"
    reviewed.answers.target = path
    reviewed.trigger("file.save_as")
    assert there.wait(30)
    path.write_bytes(b"somebody's")
    may_go_on.set()
    reviewed.wait(lambda: "Another program has changed this file" in reviewed.window.banner.text)
    assert path.read_bytes() == b"somebody's"


def test_closing_waits_visibly_for_a_save_however_long_and_can_be_called_off(
    reviewed: Driver, tmp_path: Path, before_exchange: tuple[threading.Event, threading.Event]
) -> None:
    there, may_go_on = before_exchange
    reviewed.window.pages.rename("surface-0", "mine")
    reviewed.trigger("file.save")
    assert there.wait(30)
    boxes: list[WaitingBox] = []

    def call_off() -> None:
        boxes.extend(box for box in QApplication.topLevelWidgets() if isinstance(box, WaitingBox) and box.isVisible())
        if boxes:
            boxes[0].reject()
        else:  # it comes a moment after the window was asked to close
            QTimer.singleShot(50, reviewed.window, call_off)

    QTimer.singleShot(0, reviewed.window, call_off)
    assert not reviewed.window.close()
    assert reviewed.window.isVisible()
    assert len(boxes) == 1
    QTimer.singleShot(800, reviewed.window, may_go_on.set)
    began = time.monotonic()
    assert reviewed.window.close()
    assert time.monotonic() - began >= 0.8
    assert reviewed.answers.asked == []
    assert open_document(tmp_path / "review.corrie.h5").items["surface-0"].name == "mine"


def test_another_look_can_be_saved_is_never_asked_about_and_comes_back_with_the_same_file(
    qtbot: QtBot, theme: Theme, reviewed: Driver, tmp_path: Path
) -> None:
    path, state = tmp_path / "review.corrie.h5", reviewed.window.desk.state
    save, before = reviewed.window.actions_registry.action("file.save"), path.read_bytes()
    reviewed.window.pages.open_page("spectrum-0")
    assert state.view_unsaved
    assert not state.dirty
    assert save.isEnabled()
    assert reviewed.window.close()
    assert reviewed.answers.asked == []
    assert path.read_bytes() == before  # nobody asked for another file
    again = make_driver(qtbot, theme)
    open_in(again, path)
    assert again.window.area.open_page("spectrum-0") is not None
    again.trigger("file.save")
    again.wait(lambda: not again.window.desk.state.view_unsaved)
    assert not again.window.actions_registry.action("file.save").isEnabled()
    assert open_document(path).view["panes"] == again.window.desk.state.view["panes"]


def test_the_second_window_of_a_file_only_reads_until_the_first_has_gone(
    qtbot: QtBot, theme: Theme, reviewed: Driver, tmp_path: Path
) -> None:
    path, copy = tmp_path / "review.corrie.h5", tmp_path / "copy.corrie.h5"
    second = make_driver(qtbot, theme)
    open_in(second, path)
    assert second.window.offers.text.startswith("“review.corrie.h5” is open in another Corrie window (process ")
    assert "(read only)" in second.window.windowTitle()
    before = path.read_bytes()
    second.window.pages.rename("surface-0", "theirs")
    second.answers.target = path
    second.trigger("file.save")
    second.wait(lambda: "Another window has this file open" in second.window.banner.text)
    assert path.read_bytes() == before
    second.answers.target = copy
    second.trigger("file.save")
    second.wait(lambda: second.window.desk.state.path == copy)
    assert not second.window.desk.state.read_only
    second.window.banner.hide()
    second.answers.target = path
    second.trigger("file.save_as")  # the dialog has asked about the file, and knows nothing of the other window
    second.wait(lambda: "Another window has this file open" in second.window.banner.text)
    assert path.read_bytes() == before
    open_in(second, path)
    assert second.window.desk.state.read_only
    assert reviewed.window.close()
    second.window.desk.claims.look()
    second.wait(lambda: not second.window.desk.state.read_only)
    second.window.pages.rename("surface-0", "mine now")
    second.trigger("file.save")
    second.wait(lambda: not second.window.desk.state.dirty)
    assert open_document(path).items["surface-0"].name == "mine now"


def test_a_file_that_was_deleted_meanwhile_is_written_again_and_a_folder_that_is_gone_is_named(
    reviewed: Driver, tmp_path: Path
) -> None:
    path, state = tmp_path / "review.corrie.h5", reviewed.window.desk.state
    path.unlink()
    reviewed.window.pages.rename("surface-0", "mine")
    reviewed.trigger("file.save")
    reviewed.wait(lambda: not state.dirty)
    assert open_document(path).items["surface-0"].name == "mine"
    gone = tmp_path.with_name("gone")
    tmp_path.rename(gone)
    reviewed.window.pages.rename("surface-0", "mine again")
    reviewed.trigger("file.save")
    reviewed.wait(lambda: "The folder does not exist" in reviewed.window.banner.text)
    assert state.dirty
    gone.rename(tmp_path)
    reviewed.trigger("file.save")
    reviewed.wait(lambda: not state.dirty)
    assert open_document(path).items["surface-0"].name == "mine again"
