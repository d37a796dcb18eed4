"""When a checkpoint is written, what it may cost, and what waits for it."""

import os
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions.kept import Kept
from app.commands.items import AddItems, RenameItem
from app.jobs.background import wait_for_background
from app.jobs.failure import JobFailure
from app.jobs.job import JobSpec
from app.recovery import keeping_session
from app.recovery.slot import MAKING_SECONDS, Slot, recovery_folder, slots
from app.state.settings import Settings
from app.views.desk import Desk
from core.session.files import open_document
from tests.documents import dataset_item, network_item, result_item, surface


@pytest.fixture
def desk(qtbot: QtBot):
    desk = Desk(Settings())
    desk.history.push(AddItems((network_item(), dataset_item())))
    yield desk
    desk.jobs.shutdown(30_000)
    desk.leave()
    assert wait_for_background(30_000)


def test_an_edit_is_on_the_disk_a_while_later_without_being_asked_for(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_session, "KEEP_SECONDS", 0.05)
    desk.history.push(RenameItem("network-0", "first"))
    desk.keeps_session.keep()
    with qtbot.waitSignal(desk.keeps_session.kept, timeout=30_000):
        pass
    monkeypatch.setattr(desk.keeps_session, "_rests_until", 0.0)
    with qtbot.waitSignal(desk.keeps_session.kept, timeout=30_000):
        desk.history.push(RenameItem("network-0", "second"))
    (slot,) = slots()
    assert open_document(slot.session).items["network-0"].name == "second"
    assert os.name == "nt" or slot.folder.stat().st_mode & 0o777 == 0o700  # a private session is kept privately
    desk.history.undo()
    desk.history.undo()
    desk.history.undo()
    assert not desk.state.dirty
    assert not list(slots())  # it is as it was: nothing is unsaved


def test_a_dear_checkpoint_is_followed_by_a_rest_but_a_long_job_is_worth_one_at_once(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_session, "KEEP_SECONDS", 0.0)
    written: list[float] = []
    real = Slot.write

    def slow(self: Slot, *arguments: object) -> None:
        time.sleep(0.2)
        real(self, *arguments)
        written.append(time.monotonic())

    monkeypatch.setattr(Slot, "write", slow)
    with qtbot.waitSignal(desk.keeps_session.kept, timeout=30_000):
        desk.keeps_session.keep()
    desk.history.push(RenameItem("network-0", "soon"))
    qtbot.wait(300)
    assert len(written) == 1  # it rests for four seconds at least
    job = desk.jobs.submit(JobSpec("nothing", lambda _job: None))
    qtbot.waitUntil(lambda: not desk.jobs.jobs, timeout=30_000)
    assert job.seconds < 20 * 0.2
    assert wait_for_background(30_000)
    assert len(written) == 1  # a short job is not worth so dear a checkpoint
    monkeypatch.setattr(keeping_session, "SHARE", 0)  # as if it had taken that many times as long
    with qtbot.waitSignal(desk.keeps_session.kept, timeout=30_000):
        desk.jobs.submit(JobSpec("long", lambda _job: None))
    assert len(written) == 2


class Copy(Kept):
    """A file that is the only copy of something."""

    def __init__(self, place: Path) -> None:
        super().__init__(place, place.with_suffix(".lock"))
        place.write_bytes(b"result")

    def remove(self) -> None:
        self.place.unlink()


def test_what_a_computation_left_stays_until_the_very_result_is_on_the_disk(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    before = desk.state.document
    copy = Copy(tmp_path / "copy")
    item = result_item(surface(), "surface-0", "Around the minimum")
    desk.history.push(AddItems((item,)))
    desk.held.hold(copy, "surface-0")
    desk.held.on_kept(before)  # a checkpoint that was begun earlier
    assert copy.place.exists()
    desk.history.push(RenameItem("surface-0", "another name"))
    with qtbot.waitSignal(desk.keeps_session.kept, timeout=30_000):
        desk.keeps_session.keep()
    assert not copy.place.exists()


def test_where_nothing_can_be_kept_the_reason_is_told_once(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "file"))
    told: list[JobFailure] = []
    desk.keeps_session.failed.connect(told.append)
    for _ in range(2):
        desk.keeps_session.keep()
        assert wait_for_background(30_000)
    (failure,) = told
    assert failure.kind == "explained"
    assert "the folder cannot be made" in failure.message
    assert failure.message.endswith("save the session now and then.")


def test_a_folder_that_another_window_is_making_is_left_alone_until_it_is_old() -> None:
    folder = recovery_folder() / "theirs"
    folder.mkdir(parents=True)
    assert not list(slots())  # its lock comes next: who took it now would remove the folder under their hands
    old = time.time() - 2 * MAKING_SECONDS
    os.utime(folder, (old, old))
    assert [slot.folder for slot in slots()] == [folder]
