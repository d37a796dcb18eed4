"""A process that died while it trained: found at the next start, restored with its data, and trained to the end."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.actions.journal import kept_trainings, training_folder
from app.jobs.background import wait_for_background
from app.theme.theme import Theme
from app.views.pages.run_page import RunPage
from core.data.builtin import examples_folder, open_builtin
from core.job import JobContext
from core.runtime import prepare_torch
from core.training.engine import train_run
from tests.app.views.conftest import Driver, make_driver
from tests.app.views.training.crash import request

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def remains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What another process left that trained three epochs and died."""
    settings = tmp_path_factory.mktemp("crashed")
    command = [sys.executable, "-m", "tests.app.views.training.crash", "3", "digits"]
    environment = {**os.environ, "CORRIE_SETTINGS_DIR": str(settings)}
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == 9, ended.stderr
    return settings / "training"


@pytest.fixture
def folder(remains: Path) -> Path:
    """The folder of that training, where this window looks for such folders."""
    prepare_torch()  # other tests may have left another number of threads, which rounds otherwise
    shutil.copytree(remains, training_folder())
    (folder,) = training_folder().iterdir()
    return folder


def start(qtbot: QtBot, theme: Theme) -> Driver:
    """A window as it is started the next time."""
    driver = make_driver(qtbot, theme)
    driver.window.training_room.interrupted.look()
    return driver


def test_a_run_that_a_crash_interrupted_is_restored_and_trains_on_to_the_very_same_weights(
    qtbot: QtBot, theme: Theme, folder: Path
) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    assert driver.window.offers.text == "Training of “Tiny” at epoch 3 of 6 was interrupted."
    driver.click("offer.restore")
    driver.wait(lambda: len(driver.document.runs) == 1)
    driver.wait_for_jobs()
    (run,) = driver.document.runs
    assert (run.id, run.run.status, run.run.epochs_done) == ("run-11112222", "partial", 3)
    assert driver.document.items[run.dataset_id].name == "digits"
    assert driver.document.items[run.test_id].name == "digits, last 20 %"
    assert len(driver.document.networks) == 1
    assert isinstance(driver.window.area.page(run.id), RunPage)
    assert list(kept_trainings())  # the document that holds it now is on no disk yet
    driver.window.desk.keeps_session.keep()
    driver.wait(lambda: not list(kept_trainings()))
    driver.select(run.id)
    driver.click("resume")
    driver.wait_for_jobs()
    (run,) = driver.document.runs
    assert run.run.status == "complete"
    digits = open_builtin("digits")
    test = driver.document.items[run.test_id].data
    whole = train_run(request(), digits, test, JobContext())
    for name, weights in whole.last.weights.items():
        np.testing.assert_array_equal(weights, run.run.last.weights[name])


def test_the_runs_of_the_sweep_that_had_not_begun_can_be_trained_then(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.restore")
    driver.wait(lambda: "had not begun" in driver.window.offers.text)
    assert driver.window.offers.text == "One run of “Sweep of Tiny” had not begun."
    driver.click("offer.train_them_now")
    driver.wait_for_jobs()
    driver.wait(lambda: len(driver.document.runs) == 2)
    assert [(run.name, run.sweep) for run in driver.document.runs] == [
        ("Tiny", "Sweep of Tiny"),
        ("Second", "Sweep of Tiny"),
    ]


def test_an_interrupted_training_that_nobody_wants_is_thrown_away(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.throw_away")
    assert not list(kept_trainings())
    assert driver.document.items == {}


def test_an_offer_that_is_put_off_is_made_again_at_the_next_start(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.not_now")
    assert driver.window.offers.text == ""
    assert len(list(training_folder().iterdir())) == 1


def test_a_run_whose_data_have_changed_comes_back_without_them_and_says_why(
    qtbot: QtBot, theme: Theme, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "digits.npz"
    digits = np.load(examples_folder() / "digits.npz")
    np.savez(path, x=digits["x"][::-1], y=digits["y"][::-1])
    journal, origin = folder / "training.json", json.dumps(str(path))
    journal.write_text(journal.read_text(encoding="utf-8").replace('"origin":"digits"', f'"origin":{origin}'), "utf-8")
    driver = start(qtbot, theme)
    driver.wait(lambda: bool(driver.window.offers.text))
    driver.click("offer.restore")
    driver.wait(lambda: bool(driver.window.banner.text))
    assert "restored without its data" in driver.window.banner.text
    assert "no longer the data" in driver.window.banner.text
    (run,) = driver.document.runs
    assert run.dataset_id == ""
    driver.select(run.id)
    resume = driver.find(QPushButton, "resume")
    assert not resume.isEnabled()


@pytest.mark.parametrize("damage", ["journal", "checkpoints", "nothing kept"])
def test_a_folder_that_makes_no_sense_is_not_offered(qtbot: QtBot, theme: Theme, damage: str, folder: Path) -> None:
    if damage == "journal":
        (folder / "training.json").write_text("{}", encoding="utf-8")
    elif damage == "checkpoints":
        (folder / "checkpoints" / "run.json").write_text("[]", encoding="utf-8")
    else:
        (folder / "checkpoints" / "run.json").unlink()
    driver = start(qtbot, theme)
    found: list[object] = []
    driver.window.training_room.interrupted.found.connect(found.append)
    assert wait_for_background(30_000)
    qtbot.wait(1)
    assert found == []
    # What had not come to its first checkpoint is nothing; what is damaged is said.
    assert ("cannot be read" in driver.window.offers.text) == (damage != "nothing kept")
    assert folder.exists() == (damage != "nothing kept")
