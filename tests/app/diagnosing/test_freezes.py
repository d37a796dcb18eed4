"""What is a freeze of the window, and what is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

STOPPED = """
import logging, os, subprocess, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from app.diagnosing import freezes

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
freezes.HELD_SECONDS, freezes.LATE_SECONDS, freezes.FROZEN_SECONDS = 0.3, 0.3, 0.3
application = QCoreApplication([])
watch = freezes.FreezeWatch(Path(sys.argv[1]))
watch.start()
sleeps = f"sleep 0.5; kill -STOP {os.getpid()}; sleep 1.2; kill -CONT {os.getpid()}"
shell = subprocess.Popen(["sh", "-c", sleeps])
timer = QTimer(interval=100)
timer.timeout.connect(lambda: shell.poll() is not None and QTimer.singleShot(500, application.quit))
timer.start()
application.exec()
watch.stop()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows stops no process")
def test_a_process_that_was_stopped_as_a_sleeping_computer_stops_it_was_not_frozen(tmp_path: Path) -> None:
    place = tmp_path / "freeze.txt"
    command = [sys.executable, "-c", STOPPED, str(place)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.startswith("Nothing of Corrie ran for 1 s: the computer slept, or had no time for it.\n")
    assert "The window" not in said
