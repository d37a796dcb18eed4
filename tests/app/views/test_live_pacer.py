"""A growing result leaves the engine several times as long as its drawing takes."""

import time

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.views.live_pacer import FREE, LivePacer


def test_a_slow_drawing_is_repeated_only_after_a_multiple_of_its_time(qtbot: QtBot) -> None:
    owner = QObject()
    pacer = LivePacer(owner)
    assert pacer.may_draw("surface")
    began = time.monotonic()
    pacer.begin("surface", 0.0)
    time.sleep(0.05)  # the drawing
    assert pacer.may_draw("surface")  # nothing is known of it yet
    qtbot.waitUntil(lambda: not pacer.may_draw("surface"))
    qtbot.waitUntil(lambda: pacer.may_draw("surface"))
    assert time.monotonic() - began >= FREE * 0.05


def test_a_quick_drawing_waits_for_its_interval(qtbot: QtBot) -> None:
    owner = QObject()
    pacer = LivePacer(owner)
    pacer.begin("surface", 60.0)
    qtbot.wait(10)
    assert not pacer.may_draw("surface")
    assert pacer.may_draw("another")
