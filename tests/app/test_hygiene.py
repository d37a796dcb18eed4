"""The fixtures of conftest.py really catch what they are there for."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

LEAKS = """
import gc
import threading
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QDialog, QWidget
from app.jobs.background import run_in_background
from app.jobs.job import JobSpec
from app.jobs.manager import JobManager

kept = []
never = threading.Event()

def test_clean(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    timer = QTimer(window)
    timer.start(1000)
    thread = threading.Thread(target=lambda: None)
    thread.start()

class Collecting(QWidget):
    def paintEvent(self, event):
        gc.collect()

def test_shown_in_a_cycle(qtbot):
    window = QWidget()
    window.itself = window
    Collecting(window).resize(50, 50)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.update()  # painted after the test has returned

def test_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(1000)

def test_window(qapp):
    kept.append(QDialog())

def test_qthread(qapp):
    kept.append(QThread())
    kept[-1].start()

def test_thread():
    threading.Thread(target=never.wait, daemon=True).start()

def test_manager(qapp):
    kept.append(JobManager())
    kept[-1].warm_up(lambda: None)

def test_background(qapp):
    run_in_background(never.wait, print, print)

def test_slot(qapp):
    never.set()
    timer = QTimer(singleShot=True, interval=0)
    timer.timeout.connect(lambda: 1 / 0)
    timer.start()
    while timer.isActive():
        qapp.processEvents()

def test_end(qapp):
    kept[2].quit()
    kept[2].wait()
    assert kept[3].shutdown(5000)
    kept.clear()
"""


def test_what_a_test_leaves_behind_fails_it_and_names_the_culprit(tmp_path: Path) -> None:
    text = (HERE / "conftest.py").read_text(encoding="utf-8")
    assert "PATIENCE = 2.0" in text
    (tmp_path / "conftest.py").write_text(text.replace("PATIENCE = 2.0", "PATIENCE = 0.2"), encoding="utf-8")
    (tmp_path / "test_leaks.py").write_text(LEAKS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rA", "--rootdir", str(tmp_path)]
    run = subprocess.run(
        [*command, "-c", str(HERE.parents[1] / "pyproject.toml"), str(tmp_path / "test_leaks.py")],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    failed = {
        line.split("::")[1].split()[0] for line in run.stdout.splitlines() if line.startswith(("ERROR", "FAILED"))
    }
    if run.returncode not in (0, 1):
        pytest.fail(run.stdout + run.stderr)
    expected = {"timer", "window", "qthread", "thread", "manager", "background", "slot"}
    assert failed == {f"test_{name}" for name in expected}, run.stdout
    for words in ("QTimer still runs", "QThread still runs", "A window is left", "corrie-engine still runs"):
        assert words in run.stdout
    assert "test_leaks.py:" in run.stdout  # the line that started it
