"""A process that died while it computed a surface: found at the next start, restored, and computed to the end."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.commands.items import AddItems
from app.jobs.background import wait_for_background
from app.recovery import keeping_computations
from app.recovery.keeping_computations import kept_folder, kept_results
from app.theme.theme import Theme
from core.job import JobContext
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.storing import restore_network
from core.runtime import prepare_torch
from core.session.files import open_document, save_document
from tests.app.views.computing_crash import ENOUGH, REQUEST
from tests.app.views.conftest import Driver, make_driver
from tests.documents import dataset_item, network_item, table

ROOT = Path(__file__).parents[3]
LONG = SurfaceRequest(columns=201, rows=201, method="grid")


@pytest.fixture(scope="module")
def remains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What another process left that computed some points and died."""
    settings = tmp_path_factory.mktemp("crashed")
    command = [sys.executable, "-m", "tests.app.views.computing_crash"]
    environment = {**os.environ, "CORRIE_SETTINGS_DIR": str(settings), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert ended.returncode == 9, ended.stderr
    return settings / "computing"


@pytest.fixture
def kept(remains: Path) -> Path:
    """The file of that computation, where this window looks for such files."""
    prepare_torch()
    shutil.copytree(remains, kept_folder())
    (path,) = kept_folder().glob("*.corrie.h5")
    return path


def start(qtbot: QtBot, theme: Theme) -> Driver:
    """A window as it is started the next time."""
    driver = make_driver(qtbot, theme)
    driver.window.recovery.interrupted.look()
    return driver


def test_a_surface_that_a_crash_interrupted_is_restored_and_goes_on_to_the_very_same_values(
    qtbot: QtBot, theme: Theme, kept: Path
) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    assert driver.window.offers.text.startswith("Corrie ended while it computed “Surface of ")
    driver.click("offer.restore")
    (item,) = driver.results()
    assert item.result.status == "partial"
    known = item.result.evaluated == EVALUATED
    assert known.sum() >= ENOUGH
    assert kept.exists()  # the document that holds it now is on no disk yet
    driver.window.desk.keeps_session.keep()
    driver.wait(lambda: not list(kept_results()))
    driver.select(item.id)
    driver.click("resume")
    driver.wait_for_jobs()
    (item,) = driver.results()
    assert item.result.status == "complete"
    whole = compute_surface(REQUEST, restore_network(network_item()), table(), JobContext())
    np.testing.assert_array_equal(item.result.loss, whole.loss)
    assert isinstance(item.result, Surface)


def test_an_interrupted_surface_joins_a_session_that_has_its_network_and_its_name(
    qtbot: QtBot, theme: Theme, kept: Path
) -> None:
    driver = make_driver(qtbot, theme)
    driver.window.history.push(AddItems((network_item("network-7"), dataset_item("dataset-7"))))
    before = open_document(kept).results[0]
    driver.window.recovery.interrupted.look()
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.restore")
    (item,) = driver.results()
    assert (item.network_id, item.dataset_id) == ("network-7", "dataset-7")
    assert len(driver.document.items) == 3
    driver.window.history.undo()
    assert len(driver.document.items) == 2
    assert item.name == before.name


def test_an_interrupted_surface_goes_back_into_the_file_that_it_was_computed_for(
    qtbot: QtBot, theme: Theme, kept: Path, tmp_path: Path
) -> None:
    whole = open_document(kept)
    (item,) = whole.results
    session = replace(whole, view={}).with_item(replace(item, name="mine"))
    path = tmp_path / "mine.corrie.h5"
    save_document(session, path)
    save_document(whole.with_view({keeping_computations.HOME: str(path)}), kept)
    driver = start(qtbot, theme)
    driver.wait(lambda: "It was for “mine.corrie.h5”." in driver.window.offers.text)
    driver.click("offer.restore")
    driver.wait(lambda: len(driver.results()) == 1)
    assert driver.window.desk.state.path == path
    driver.wait(lambda: driver.window.desk.state.dirty)
    (there,) = driver.results()
    assert (there.id, there.name) == (item.id, "mine")  # it had gone on from what the file holds
    driver.trigger("file.save")
    driver.wait(lambda: not list(kept_results()))


def test_what_nobody_wants_is_thrown_away_and_what_is_put_off_is_offered_again(
    qtbot: QtBot, theme: Theme, kept: Path
) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.not_now")
    assert kept.exists()
    driver.window.recovery.interrupted.discard([])
    (left,) = kept_results()
    left.remove()
    assert not kept.exists()


@pytest.mark.parametrize("damage", [b"", b"\x89HDF\r\n\x1a\n" + bytes(300), None])
def test_a_file_that_makes_no_sense_is_said_and_left_until_it_is_thrown_away(
    qtbot: QtBot, theme: Theme, kept: Path, damage: bytes | None
) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    kept.write_bytes(bytes(content) if damage is None else damage)
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    assert str(kept) in driver.window.offers.text
    assert driver.window.findChild(QPushButton, "offer.restore") is None
    assert kept.exists()
    driver.click("offer.throw_away")
    assert not kept.exists()


def computing(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A long surface under way, with something on the disk."""
    monkeypatch.setattr(keeping_computations, "SHARE", 0)
    network, data = network_item(), dataset_item()
    driver.window.history.push(AddItems((network, data)))
    item_id = driver.window.desk.computations.submit(LONG, network.id, data.id)
    path = kept_folder() / f"{item_id}.corrie.h5"

    def is_there() -> bool:
        driver.window.desk.keeps.keep()
        return path.exists()

    driver.wait(is_there)
    return path


def test_what_is_kept_goes_when_the_result_is_in_the_session(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    path = computing(driver, monkeypatch)
    assert not next(kept_results()).take()  # another window does not take it for an interrupted one
    driver.window.desk.keeps.keep()  # one more is under way when the job ends
    driver.window.jobs.stop_all()
    driver.wait_for_jobs()
    assert wait_for_background(30_000)
    assert driver.results()[0].result.status == "partial"
    assert not path.exists()
    assert not list(path.parent.glob("*.tmp"))


def test_a_window_that_closes_leaves_what_was_kept_for_the_next_start(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = computing(driver, monkeypatch)
    driver.window.close()
    assert len(driver.answers.leaving.offered) == 1
    assert driver.answers.leaving.lost == ()
    assert open_document(path).results[0].result.status == "partial"
    assert next(kept_results()).take()


def test_a_disk_without_room_is_told_once_and_the_surface_is_computed(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_folder().parent.mkdir(parents=True, exist_ok=True)
    kept_folder().write_bytes(b"no folder")
    monkeypatch.setattr(keeping_computations, "SHARE", 0)
    network, data = network_item(), dataset_item()
    driver.window.history.push(AddItems((network, data)))
    driver.window.desk.computations.submit(LONG, network.id, data.id)

    def told() -> bool:
        driver.window.desk.keeps.keep()
        return "would be lost if Corrie ended unexpectedly" in driver.window.banner.text

    driver.wait(told)
    driver.window.jobs.stop_all()
    driver.wait_for_jobs()
    assert driver.results()[0].result.status == "partial"
