"""Leaving, saving and opening while something else is under way: nothing is lost, nothing lands elsewhere."""

import os
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.actions.computing import Task
from app.jobs.background import background_is_idle, wait_for_background
from app.jobs.job import JobState
from core.data.builtin import examples_folder
from core.landscape.surface import SurfaceRequest
from core.session.files import open_document, save_document
from tests import documents
from tests.app.views.conftest import SLOW, Driver

CARD = examples_folder() / "digits_resnet.toml"


@pytest.fixture
def reviewed(driver: Driver, tmp_path: Path) -> Driver:
    """A window with a saved session in it."""
    path = tmp_path / "review.corrie.h5"
    save_document(documents.document(), path)
    driver.window.open_paths([path])
    driver.wait(lambda: len(driver.results()) == 3)
    return driver


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch):
    """Holds every save at its beginning until the test lets it go."""
    opened = threading.Event()

    def slow_save(document, path, **more):
        assert opened.wait(60)
        save_document(document, path, **more)

    monkeypatch.setattr("core.session.files.save_document", slow_save)
    yield opened
    opened.set()
    assert wait_for_background(SLOW)


def rename(driver: Driver, item_id: str, name: str) -> None:
    driver.window.pages.rename(item_id, name)


# ---- leaving


@pytest.mark.parametrize("what", ["a network", "the example"])
def test_the_window_closes_while_something_is_being_opened(driver: Driver, what: str) -> None:
    if what == "a network":
        driver.window.open_paths([CARD])
    else:
        driver.window.open_example()
    driver.wait(lambda: driver.window.jobs.current is not None)
    assert driver.window.close()
    assert driver.answers.asked == ["stop"]
    assert driver.window.jobs.jobs == ()


def test_closing_while_saving_waits_until_the_file_is_whole_and_asks_nothing(
    reviewed: Driver, gate: threading.Event, tmp_path: Path
) -> None:
    rename(reviewed, "surface-0", "renamed")
    reviewed.trigger("file.save")
    timer = threading.Timer(0.2, gate.set)
    timer.start()
    assert reviewed.window.close()
    timer.join()
    assert reviewed.answers.asked == []
    assert open_document(tmp_path / "review.corrie.h5").items["surface-0"].name == "renamed"


def test_save_on_closing_closes_the_window_once_the_file_is_safe(reviewed: Driver, tmp_path: Path) -> None:
    rename(reviewed, "surface-0", "renamed")
    reviewed.answers.to_save = "save"
    assert not reviewed.window.close()
    reviewed.wait(lambda: not reviewed.window.isVisible())
    assert reviewed.answers.asked == ["save"]
    assert open_document(tmp_path / "review.corrie.h5").items["surface-0"].name == "renamed"


def test_a_window_whose_file_could_not_be_saved_on_closing_stays(reviewed: Driver, tmp_path: Path) -> None:
    reviewed.answers.to_save = "save"
    reviewed.answers.target = tmp_path / "gone" / "x.corrie.h5"
    rename(reviewed, "surface-0", "renamed")
    reviewed.window.desk.state.open(reviewed.document, None, dirty=True)  # in no file yet
    assert not reviewed.window.close()
    reviewed.wait(lambda: "The folder does not exist" in reviewed.window.banner.text)
    assert reviewed.window.isVisible()
    assert reviewed.window.desk.state.dirty


# ---- saving


def test_a_save_that_ends_after_another_session_was_begun_does_not_give_it_its_file(
    reviewed: Driver, gate: threading.Event, tmp_path: Path
) -> None:
    """Else the next save of the new session would overwrite the old one."""
    rename(reviewed, "surface-0", "renamed")
    reviewed.trigger("file.save")
    state = reviewed.window.desk.state
    state.open(type(state.document)(), None)  # the question was answered already
    gate.set()
    assert wait_for_background(SLOW)
    assert state.path is None
    assert open_document(tmp_path / "review.corrie.h5").items["surface-0"].name == "renamed"


def test_two_saves_in_a_hurry_leave_the_newer_one_in_the_file(
    reviewed: Driver, gate: threading.Event, tmp_path: Path
) -> None:
    for name in ("first", "second", "third"):
        rename(reviewed, "surface-0", name)
        reviewed.trigger("file.save")
    gate.set()
    reviewed.wait(lambda: not reviewed.window.desk.file.busy)
    assert open_document(tmp_path / "review.corrie.h5").items["surface-0"].name == "third"
    assert not reviewed.window.desk.state.dirty


def test_a_full_disk_is_explained_and_the_session_stays_dirty(reviewed: Driver) -> None:
    """/dev/full says what a full disk says, to whatever is written."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    rename(reviewed, "surface-0", "renamed")
    real = Path.open

    def on_a_full_disk(self: Path, mode: str = "r", *arguments, **more):
        if "x" not in mode:
            return real(self, mode, *arguments, **more)
        self.touch()
        return real(Path("/dev/full"), "wb")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", on_a_full_disk)
        reviewed.trigger("file.save")
        reviewed.wait(lambda: bool(reviewed.window.banner.text))
    assert "the disk is full" in reviewed.window.banner.text
    assert reviewed.window.desk.state.dirty
    reviewed.trigger("file.save")
    reviewed.wait(lambda: not reviewed.window.desk.state.dirty)


def test_a_folder_that_was_deleted_is_explained(reviewed: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    reviewed.save(folder / "s.corrie.h5")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    rename(reviewed, "surface-0", "renamed")
    reviewed.trigger("file.save")
    reviewed.wait(lambda: "The folder does not exist" in reviewed.window.banner.text)
    assert reviewed.window.desk.state.dirty


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_is_explained(reviewed: Driver, tmp_path: Path) -> None:
    rename(reviewed, "surface-0", "renamed")
    tmp_path.chmod(0o500)
    try:
        reviewed.trigger("file.save")
        reviewed.wait(lambda: "may not be written" in reviewed.window.banner.text)
    finally:
        tmp_path.chmod(0o700)
    assert reviewed.window.desk.state.dirty


def test_a_file_that_another_program_has_replaced_is_not_saved_over_without_a_word(
    reviewed: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "review.corrie.h5"
    theirs = documents.document().without("surface-0")
    save_document(theirs, path)
    rename(reviewed, "surface-0", "mine")
    reviewed.trigger("file.save")
    reviewed.wait(lambda: "Another program has changed this file" in reviewed.window.banner.text)
    assert "surface-0" not in open_document(path).items
    reviewed.save(path)  # chosen in the dialog, which has asked
    assert open_document(path).items["surface-0"].name == "mine"
    rename(reviewed, "surface-0", "mine again")
    reviewed.trigger("file.save")  # no longer anybody else's
    reviewed.wait(lambda: not reviewed.window.desk.state.dirty)


def newer_session(path: Path) -> None:
    """A session as a later version could write it: a higher schema version, and a kind of item unknown today."""
    from core.session import layout  # noqa: PLC0415  read where it is changed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "SCHEMA_VERSION", layout.SCHEMA_VERSION + 1)
        patch.setattr("core.session.write.layout.SCHEMA_VERSION", layout.SCHEMA_VERSION, raising=False)
        save_document(documents.document(), path)
    with h5py.File(path, "r") as file:
        assert int(file.attrs["schema_version"]) == layout.SCHEMA_VERSION + 1


def test_a_file_by_a_newer_version_is_shown_with_a_warning_and_never_saved_over(driver: Driver, tmp_path: Path) -> None:
    path, copy = tmp_path / "newer.corrie.h5", tmp_path / "copy.corrie.h5"
    newer_session(path)
    before = path.read_bytes()
    driver.window.open_paths([path])
    driver.wait(lambda: len(driver.results()) == 3)
    assert "does not know all of it" in driver.window.banner.text
    rename(driver, "surface-0", "renamed")
    driver.answers.target = path
    driver.trigger("file.save")
    driver.wait(lambda: "Save under another name" in driver.window.banner.text)
    assert driver.answers.asked == ["Save session"]
    assert path.read_bytes() == before
    driver.answers.target = copy
    driver.trigger("file.save")
    driver.wait(lambda: driver.window.desk.state.path == copy)
    driver.answers.asked.clear()
    rename(driver, "surface-0", "again")
    driver.trigger("file.save")
    driver.wait(lambda: not driver.window.desk.state.dirty)
    assert driver.answers.asked == []
    assert path.read_bytes() == before


# ---- opening


def test_what_was_being_opened_for_one_session_does_not_land_in_the_next(driver: Driver) -> None:
    driver.window.open_paths([CARD, examples_folder() / "digits.npz"])
    driver.trigger("file.new")
    driver.wait_for_jobs()
    assert wait_for_background(SLOW)
    assert dict(driver.document.items) == {}


def test_edits_made_while_another_session_is_read_are_asked_about(reviewed: Driver, tmp_path: Path) -> None:
    other = tmp_path / "other.corrie.h5"
    save_document(documents.document().without("surface-0"), other)
    reviewed.answers.to_save = "cancel"
    reviewed.window.open_paths([other])
    rename(reviewed, "surface-0", "typed while it was read")
    reviewed.wait(background_is_idle)
    QApplication.processEvents()
    assert reviewed.answers.asked == ["save"]
    assert reviewed.document.items["surface-0"].name == "typed while it was read"


def test_a_session_and_a_network_dropped_together_end_in_one_session(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "review.corrie.h5"
    save_document(documents.document(), path)
    driver.window.open_paths([CARD, path])
    driver.wait(lambda: len(driver.document.networks) == 3)
    assert len(driver.results()) == 3


# ---- jobs that fail


def test_a_computation_that_runs_out_of_memory_is_explained_and_the_next_one_runs(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(examples_folder() / "digits.npz", CARD)
    driver.wait(lambda: len(driver.document.items) == 2)
    network, data = driver.document.networks[0], driver.document.datasets[0]
    request = SurfaceRequest(columns=3, rows=3, samples=8)
    before = driver.window.desk.selection.current_id
    ended: list[JobState] = []
    driver.window.jobs.job_finished.connect(lambda job: ended.append(job.state))

    def hungry(*_arguments: object) -> None:
        np.empty(2**48, np.float64)

    with monkeypatch.context() as patch:
        patch.setattr(driver.window.desk.workbench, "compute", hungry)
        driver.window.inspector.requested.emit(Task(request, network.id, data.id))
        driver.wait_for_jobs()
    assert ended == [JobState.FAILED]
    assert "the memory of this computer did not suffice" in driver.window.banner.text
    assert driver.window.area.pages() == []
    assert driver.window.desk.selection.current_id == before
    driver.window.inspector.requested.emit(Task(request, network.id, data.id))
    driver.wait_for_jobs()
    assert [item.result.status for item in driver.results()] == ["complete"]
