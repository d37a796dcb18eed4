"""File work beside the engine: one answer each, in the window's thread, to those who still want it."""

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.jobs.background import background_is_idle, run_in_background, wait_for_background
from app.jobs.failure import JobFailure
from core.errors import Cancelled, UnreadableFile
from tests.app.jobs.conftest import LONG, Gate


def unexpected(answer: object) -> None:
    raise AssertionError(f"not this one: {answer}")


def test_the_work_is_done_elsewhere_and_its_result_delivered_here(qtbot: QtBot) -> None:
    answers: list[tuple[int, int]] = []
    run_in_background(threading.get_ident, lambda ident: answers.append((ident, threading.get_ident())), unexpected)
    assert answers == []  # never within the call
    assert wait_for_background(LONG)
    ((there, here),) = answers
    assert here == threading.get_ident() != there


def test_a_failure_is_delivered_with_its_sentence(qtbot: QtBot) -> None:
    failures: list[JobFailure] = []

    def work() -> None:
        raise UnreadableFile("a.h5", "It is truncated.", "Open the backup.")

    run_in_background(work, unexpected, failures.append)
    assert wait_for_background(LONG)
    assert [failure.message for failure in failures] == ["a.h5: It is truncated. Open the backup."]


def test_an_unexpected_failure_names_what_was_worked_on(qtbot: QtBot) -> None:
    failures: list[JobFailure] = []
    run_in_background(lambda: 1 / 0, unexpected, failures.append, name="session.corrie.h5")
    assert wait_for_background(LONG)
    assert "session.corrie.h5" in failures[0].message
    assert "ZeroDivisionError" in failures[0].details


def test_work_that_was_stopped_from_inside_is_answered_too(qtbot: QtBot) -> None:
    failures: list[JobFailure] = []

    def work() -> None:
        raise Cancelled("The time limit was reached.")

    run_in_background(work, unexpected, failures.append)
    assert wait_for_background(LONG)
    assert [failure.message for failure in failures] == ["The time limit was reached."]


def test_a_deleted_owner_gets_no_answer(qtbot: QtBot, gate: Gate) -> None:
    parent = QObject()
    owner = QObject(parent)
    run_in_background(gate.wait, unexpected, unexpected, owner=owner)
    del parent  # and with it the owner
    gate.opened.set()
    assert wait_for_background(LONG)


def test_hundreds_of_works_are_each_answered_once(qtbot: QtBot) -> None:
    answers: list[int] = []
    for number in range(300):
        run_in_background(lambda number=number: number * number, answers.append, unexpected)
    assert wait_for_background(LONG)
    assert sorted(answers) == [number * number for number in range(300)]
    assert background_is_idle()


def test_waiting_for_work_that_hangs_ends_with_a_no(qtbot: QtBot, gate: Gate) -> None:
    run_in_background(gate.wait, lambda _none: None, unexpected)
    assert not wait_for_background(50)
    gate.opened.set()
    assert wait_for_background(LONG)


def test_an_answer_may_ask_for_the_next_work(qtbot: QtBot) -> None:
    answers: list[str] = []
    run_in_background(
        lambda: "saved",
        lambda first: (answers.append(first), run_in_background(lambda: "backed up", answers.append, unexpected)),
        unexpected,
    )
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=LONG)
    assert answers == ["saved", "backed up"]
