"""An unsaved session after a process was killed: found, shown, restored as unsaved, and kept until it is saved."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.commands.items import AddItems
from app.jobs.background import wait_for_background
from app.recovery.slot import Slot, recovery_folder, slots
from app.theme.theme import Theme
from app.views.recovery_dialog import RecoveryDialog
from core.landscape.surface import SurfaceRequest
from core.session.files import open_document, save_document
from tests import documents
from tests.app.views.conftest import Driver, make_driver, theme

__all__ = ["theme"]  # a fixture

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


@pytest.fixture(scope="module")
def remains(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A session file, and the settings folder of a window that was killed after it had changed that session."""
    folder = tmp_path_factory.mktemp("killed")
    path, settings = folder / "review.corrie.h5", folder / "settings"
    save_document(documents.document(), path)
    environment = {**os.environ, "CORRIE_SETTINGS_DIR": str(settings), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.app.recovery.session_crash", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    return path, settings


@pytest.fixture
def slot(remains: tuple[Path, Path], tmp_path: Path) -> Slot:
    """What it left, where this window looks; its session belongs to a copy of the file."""
    path, settings = remains
    copy = tmp_path / path.name
    shutil.copy2(path, copy)
    shutil.copytree(settings / "recovery", recovery_folder())
    (slot,) = slots()
    about = slot.folder / "about.json"
    about.write_text(about.read_text(encoding="utf-8").replace(str(path), str(copy)), encoding="utf-8")
    return slot


def start(qtbot: QtBot, theme: Theme) -> tuple[Driver, RecoveryDialog]:
    """A window as it is started the next time, and the dialog in it."""
    driver = make_driver(qtbot, theme)
    driver.window.recovery.look()
    driver.wait(lambda: driver.window.findChild(RecoveryDialog) is not None)
    dialog = driver.window.findChild(RecoveryDialog)
    assert dialog is not None
    return driver, dialog


def test_what_a_killed_window_had_not_saved_comes_back_unsaved_and_is_kept_until_it_is_saved(
    qtbot: QtBot, theme: Theme, slot: Slot, tmp_path: Path
) -> None:
    driver, dialog = start(qtbot, theme)
    shown = dialog.findChild(QListWidget, "recovery.list")
    assert shown.count() == 1
    words = shown.item(0).text()
    assert words.startswith("review.corrie.h5\nKept today at ")
    assert f"Belongs to {tmp_path / 'review.corrie.h5'}" in words
    assert slot.picture() is not None
    driver.click("recovery.restore")
    state = driver.window.desk.state
    assert state.document.items["surface-0"].name == "worth hours"
    assert state.path == tmp_path / "review.corrie.h5"
    assert state.dirty
    assert slot.session.exists()
    assert not next(slots()).take()  # another window does not offer it
    driver.window.desk.file.save(state.path, chosen=True)  # the copy has another number on the disk than the original
    driver.wait(lambda: not state.dirty)
    assert open_document(state.path).items["surface-0"].name == "worth hours"
    assert not list(slots())


def test_a_file_that_was_changed_after_the_crash_is_not_overwritten_by_what_is_restored(
    qtbot: QtBot, theme: Theme, slot: Slot, tmp_path: Path
) -> None:
    path = tmp_path / "review.corrie.h5"
    save_document(documents.document().without("spectrum-0"), path)
    driver, _ = start(qtbot, theme)
    driver.click("recovery.restore")
    driver.trigger("file.save")
    driver.wait(lambda: "Another program has changed this file" in driver.window.banner.text)
    assert "spectrum-0" not in open_document(path).items
    assert slot.session.exists()


def test_it_is_offered_again_after_not_now_and_gone_after_throwing_it_away(
    qtbot: QtBot, theme: Theme, slot: Slot
) -> None:
    driver, _ = start(qtbot, theme)
    driver.click("recovery.not_now")
    assert slot.session.exists()
    assert driver.document.items == {}
    other = next(slots())
    assert other.take()  # another window may offer it now
    other.release()
    driver.window.recovery.look()
    driver.wait(lambda: driver.window.findChild(RecoveryDialog) is not None)
    driver.answers.throw_away = False
    driver.click("recovery.throw_away")
    assert slot.session.exists()
    driver.answers.throw_away = True
    driver.click("recovery.throw_away")
    assert driver.answers.asked == ["throw away review.corrie.h5"] * 2
    assert not list(slots())


def test_a_damaged_one_is_said_with_its_reason_and_can_only_be_thrown_away(
    qtbot: QtBot, theme: Theme, slot: Slot
) -> None:
    slot.session.write_bytes(slot.session.read_bytes()[:3000])
    driver, dialog = start(qtbot, theme)
    shown = dialog.findChild(QListWidget, "recovery.list")
    assert shown.item(0).text().startswith("Cannot be read")
    assert str(slot.session) in shown.item(0).toolTip()
    assert not driver.find(QPushButton, "recovery.restore").isEnabled()
    driver.click("recovery.throw_away")
    assert not list(slots())


def test_a_clean_close_leaves_nothing_and_a_save_removes_the_checkpoint(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    driver = make_driver(qtbot, theme)
    keeps = driver.window.desk.keeps_session
    path = tmp_path / "mine.corrie.h5"
    save_document(documents.document(), path)
    driver.window.open_paths([path])
    driver.wait(lambda: len(driver.results()) == 3)
    assert not list(slots())  # it is in its file
    driver.window.pages.rename("surface-0", "one")
    keeps.keep()
    driver.wait(lambda: len(list(slots())) == 1)
    assert wait_for_background(30_000)
    assert open_document(next(slots()).session).items["surface-0"].name == "one"
    driver.save(path)
    assert not list(slots())
    driver.window.pages.rename("surface-0", "two")
    keeps.keep()  # one is under way while the window closes
    driver.answers.to_save = "discard"
    assert driver.window.close()
    assert wait_for_background(30_000)
    assert not [slot for slot in slots() if slot.session.exists()]


def test_a_result_is_on_the_disk_as_soon_as_it_is_computed(qtbot: QtBot, theme: Theme) -> None:
    driver = make_driver(qtbot, theme)
    network, data = documents.network_item(), documents.dataset_item()
    driver.window.history.push(AddItems((network, data)))
    request = SurfaceRequest(columns=3, rows=3, samples=4)
    item_id = driver.window.desk.computations.submit(request, network.id, data.id)
    driver.wait_for_jobs()
    assert wait_for_background(10_000)
    (slot,) = slots()
    assert open_document(slot.session).items[item_id].result.status == "complete"


def test_a_session_whose_file_is_no_longer_known_is_offered_all_the_same(
    qtbot: QtBot, theme: Theme, slot: Slot
) -> None:
    (slot.folder / "about.json").write_bytes(b"\0" * 40)
    driver, dialog = start(qtbot, theme)
    assert dialog.findChild(QListWidget, "recovery.list").item(0).text().endswith("Never saved to a file")
    driver.click("recovery.restore")
    assert driver.document.items["surface-0"].name == "worth hours"
    assert driver.window.desk.state.dirty
