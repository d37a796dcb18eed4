"""First pictures come one after another, and the event loop turns in between."""

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.render.first_pictures import FirstPictures


class Slow(QObject):
    """Something that takes its time to be drawn first."""

    def __init__(self, name: str, log: list[str], *, seen: bool = True) -> None:
        super().__init__()
        self.name, self.log, self.seen, self.begun = name, log, seen, False

    def prepare(self) -> None:
        self.log.append(f"{self.name} prepared")

    def begin(self) -> bool:
        self.log.append(f"{self.name} begun")
        return self.seen


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def queue(qtbot: QtBot, log: list[str]):
    made = FirstPictures()
    yield made
    made._timer.stop()


def test_each_waits_until_the_one_before_is_drawn(qtbot: QtBot, queue: FirstPictures, log: list[str]) -> None:
    first, second = Slow("first", log), Slow("second", log)
    for one in (first, second, first):
        queue.ask(one)
    assert log == []
    qtbot.waitUntil(lambda: "first begun" in log)
    qtbot.wait(30)
    assert log == ["first prepared", "first begun"]
    first.begun = True
    qtbot.waitUntil(lambda: "second begun" in log)
    second.begun = True
    qtbot.waitUntil(lambda: not queue._timer.isActive())
    assert log == ["first prepared", "first begun", "second prepared", "second begun"]


def test_the_event_loop_turns_between_any_two_steps(qtbot: QtBot, queue: FirstPictures, log: list[str]) -> None:
    beat = QTimer()
    beat.timeout.connect(lambda: log.append("beat") if log and log[-1] != "beat" else None)
    beat.start(0)
    views = [Slow(name, log) for name in ("a", "b")]
    for view in views:
        view.begun = True
        queue.ask(view)
    qtbot.waitUntil(lambda: not queue._timer.isActive())
    beat.stop()
    assert log[:8:2] == ["a prepared", "a begun", "b prepared", "b begun"]
    assert log[1:7:2] == ["beat"] * 3


def test_what_nobody_sees_is_not_waited_for(qtbot: QtBot, queue: FirstPictures, log: list[str]) -> None:
    hidden, stuck, last = Slow("hidden", log, seen=False), Slow("stuck", log), Slow("last", log)
    for one in (hidden, stuck, last):
        queue.ask(one)
    qtbot.waitUntil(lambda: "last begun" in log)  # the system never asked the one before for its picture
    queue.forget(last)
    assert not queue._timer.isActive()


def test_what_is_hidden_again_loses_its_turn(qtbot: QtBot, queue: FirstPictures, log: list[str]) -> None:
    first, second = Slow("first", log), Slow("second", log)
    queue.ask(first)
    queue.ask(second)
    queue.forget(second)
    qtbot.waitUntil(lambda: "first begun" in log)
    queue.forget(first)
    qtbot.wait(30)
    assert "second begun" not in log
    assert not queue._timer.isActive()
