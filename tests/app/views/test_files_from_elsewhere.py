"""A file from elsewhere is read by a process of its own behind the window, which goes on, says so, and can stop it."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.session import contents
from core.session.document import Document
from core.session.files import save_document
from core.session.stranger import rehearsal
from tests import documents
from tests.app.views.conftest import Driver
from tests.core.session.stranger.failing_child import WAY


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "review.corrie.h5"
    with monkeypatch.context() as theirs:
        theirs.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "theirs"))
        save_document(Document().with_item(documents.network_item()), path)
    return path


def test_a_session_from_elsewhere_opens_as_any_other(driver: Driver, elsewhere: Path) -> None:
    driver.window.open_paths([elsewhere])
    driver.wait(lambda: "network-0" in driver.document.items)
    assert driver.window.banner.text == ""


def test_a_check_that_takes_long_is_said_and_stopped(
    driver: Driver, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(rehearsal, "CHILD", "tests.core.session.stranger.failing_child")
    monkeypatch.setenv(WAY, "hang")
    before = driver.document
    driver.window.open_paths([elsewhere])
    bar = driver.window.checking
    driver.wait(lambda: "“review.corrie.h5” was written elsewhere" in bar.text)
    beats, ends_at = 0, time.monotonic() + 0.5
    while time.monotonic() < ends_at:
        qtbot.wait(1)  # one round of the window's thread
        beats += 1
    assert beats > 10  # it went on all the while
    qtbot.mouseClick(bar.findChild(QPushButton, "checking.stop"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: bar.text == "")
    assert driver.document is before
    assert driver.window.banner.text == ""  # whoever stopped it needs no explanation


def test_a_file_that_takes_long_to_be_read_is_said_and_stopped_before_anybody_knows_whose_it_is(
    driver: Driver, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(contents, "BLOCK_BYTES", 1)  # a hash for each byte: as slow as gigabytes
    with elsewhere.open("r+b") as file:
        file.truncate(2**24)
    driver.window.open_paths([elsewhere])
    bar = driver.window.checking
    driver.wait(lambda: bar.text == "“review.corrie.h5” is being read …")
    qtbot.mouseClick(bar.findChild(QPushButton, "checking.stop"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: bar.text == "")
    assert driver.document.items == {}
    assert driver.window.banner.text == ""


@pytest.mark.skipif(not hasattr(time, "clock_gettime"), reason="Windows bounds no time of the processor")
def test_a_check_that_never_ends_is_explained(driver: Driver, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "CHILD", "tests.core.session.stranger.failing_child")
    monkeypatch.setattr(rehearsal, "PROCESSOR_SECONDS", 1)
    monkeypatch.setenv(WAY, "hang")
    driver.window.open_paths([elsewhere])
    driver.wait(lambda: "did not end within 1 s" in driver.window.banner.text)
    assert driver.window.checking.text == ""
