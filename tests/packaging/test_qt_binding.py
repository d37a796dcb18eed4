"""PySide6 6.12.0 drops a reference to True at every emit; before Python 3.12, some hundred of them end the process."""

import subprocess
import sys

import pytest

EMITS = 2000
PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    told = Signal(bool)

sender, heard = Sender(), []
sender.told.connect(heard.append)
before = sys.getrefcount(True)
for _ in range({EMITS}):
    sender.told.emit(True)
assert len(heard) == {EMITS}
print(sys.getrefcount(True) - before - len(heard))
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot be lost from Python 3.12 on")
def test_the_installed_qt_loses_no_reference_when_it_emits() -> None:
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert abs(int(answer.stdout)) < EMITS // 100
