"""Loading Qt leaves imports as they are."""

import subprocess
import sys

LOAD_BOTH = """
import builtins, threading
own = builtins.__import__
from app.cli.qt_loading import load_qt
load_qt()
assert builtins.__import__ is own, "the hook is on"
import PySide6.QtGui, PySide6.QtWidgets
assert builtins.__import__ is own, "the hook came back with the widgets"
from PySide6.QtWidgets import QApplication, QPushButton
application = QApplication(["", "-platform", "offscreen"])
clicks = []
button = QPushButton("one")
button.clicked.connect(lambda: clicks.append(button.text()))
button.click()
assert builtins.__import__ is own, "the hook came back with the first signal"
assert clicks == ["one"]
"""


def test_loading_qt_leaves_the_import_of_python_in_place() -> None:
    """Its hook broke the start of the window once in a while: pydantic was imported by two threads at a time."""
    child = subprocess.run([sys.executable, "-c", LOAD_BOTH], capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, child.stderr
