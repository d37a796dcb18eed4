"""Errors, freezes and a crash in a real process: the window goes on where it can, and all of it is written down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.diagnosing.places import MOST, last_crash, new_file
from app.views.diagnosis import diagnosis
from core.places import log_folder

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="calls functions of the C library of Unix")


def run(what: str) -> tuple[int, list[str], Path]:
    """The exit status, what was printed, and where the log is, which is where this test looks for it, too."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.app.diagnosing.troubled", what]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=60)
    return ended.returncode, ended.stdout.splitlines(), log_folder()


def test_unhandled_errors_and_freezes_are_told_and_written_down_and_the_window_goes_on() -> None:
    status, told, folder = run("errors")
    assert status == 0
    assert told[0].startswith("Something went wrong inside Corrie that nobody foresaw (KeyError).")
    assert told[1].startswith("Something went wrong inside Corrie that nobody foresaw (ValueError).")
    (log,) = folder.glob("log-*.txt")
    text = log.read_text(encoding="utf-8")
    assert "KeyError: 'missing key'" in text
    assert "An error was not handled in the thread errand." in text
    assert "ValueError: invalid literal" in text
    assert "Qt: a word of Qt" in text
    assert "in freeze_in_python" in text  # where the thread was, seen by another thread
    assert "The window answers again after " in text
    assert "The window could not run any Python." in text  # seen by the alarm, while a library held Python's lock
    held = text.partition("could not run any Python.")[2]
    assert "troubled.py" in held
    assert text.rstrip().endswith("Corrie ends.")
    assert last_crash() is None


def test_a_crash_leaves_its_stack_and_the_diagnosis_names_it() -> None:
    status, _, folder = run("crash")
    assert status < 0
    crash = last_crash()
    assert crash is not None
    assert crash.parent == folder
    text = crash.read_text(encoding="utf-8")
    assert "Segmentation fault" in text
    assert "troubled.py" in text
    found = diagnosis()
    assert str(crash) in str(found["last_crash"])
    assert found["log_folder"] == str(folder)
    assert "(0 kept)" in str(found["recovery_folder"])


def test_old_files_go_where_there_are_too_many() -> None:
    folder = log_folder()
    folder.mkdir(parents=True)
    for number in range(MOST + 5):
        (folder / f"log-20260101-0000{number:02d}-7.txt").write_text("x", encoding="utf-8")
    new_file("log").write_text("x", encoding="utf-8")
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == MOST
    assert kept[0] == "log-20260101-000006-7.txt"
