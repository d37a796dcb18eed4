"""What the installed Qt must not do to us."""

import sys

import PySide6
from PySide6.QtCore import QObject, Signal

EMISSIONS = 50


class Sender(QObject):
    happened = Signal()


def test_emitting_a_signal_costs_no_reference_to_true() -> None:
    # PySide6 6.12.0 on Python 3.11: every emit takes a reference to True away, after some hundred the process aborts.
    sender = Sender()
    before = sys.getrefcount(True)
    for _ in range(EMISSIONS):
        sender.happened.emit()
    lost = before - sys.getrefcount(True)
    assert lost < EMISSIONS // 2, (
        f"PySide6 {PySide6.__version__} destroys True on Python {sys.version.split()[0]}. "
        "Install PySide6-Essentials 6.11.3."
    )
