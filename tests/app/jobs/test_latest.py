"""Work for a dialog: only the newest is heard of, and stopping is silent."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from core.errors import InvalidRequest
from core.job import JobContext


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


def endless(begun: threading.Event):
    def work(job: JobContext) -> str:
        begun.set()
        while True:
            job.check()

    return work


def test_the_outcome_comes_to_the_window(owner: QObject, qtbot: QtBot) -> None:
    heard: list[str] = []
    work = LatestWork(owner)
    work.start("x", lambda _job: "done", heard.append, lambda failure: heard.append(failure.message))
    assert work.busy
    qtbot.waitUntil(lambda: heard == ["done"])
    assert not work.busy


def test_a_failure_comes_with_its_sentence(owner: QObject, qtbot: QtBot) -> None:
    def refuse(job: JobContext) -> str:
        raise InvalidRequest("Not like this.")

    failures: list[JobFailure] = []
    LatestWork(owner).start("x", refuse, lambda _result: None, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].message == "Not like this."


def test_newer_work_stops_the_older_of_which_nothing_is_heard(owner: QObject, qtbot: QtBot) -> None:
    heard: list[object] = []
    begun = threading.Event()
    work = LatestWork(owner)
    work.start("old", endless(begun), heard.append, heard.append)
    assert begun.wait(60)
    work.start("new", lambda _job: "new", heard.append, heard.append)
    qtbot.waitUntil(lambda: heard == ["new"])
    assert wait_for_background(5000)
    assert heard == ["new"]


def test_stopped_work_ends_and_nobody_is_called(owner: QObject, qtbot: QtBot) -> None:
    heard: list[object] = []
    begun = threading.Event()
    work = LatestWork(owner)
    work.start("x", endless(begun), heard.append, heard.append)
    assert begun.wait(60)
    work.stop()
    assert not work.busy
    assert wait_for_background(5000)
    assert heard == []


def test_progress_is_told_while_the_work_runs(owner: QObject, qtbot: QtBot) -> None:
    told: list[tuple[int, int, str]] = []
    go_on = threading.Event()

    def slow(job: JobContext) -> None:
        job.progress(3, 8, "samples")
        go_on.wait(60)

    work = LatestWork(owner)
    work.progressed.connect(lambda *report: told.append(report))
    work.start("x", slow, lambda _result: None, lambda _failure: None)
    qtbot.waitUntil(lambda: told == [(3, 8, "samples")])
    go_on.set()
    qtbot.waitUntil(lambda: not work.busy)


def test_work_ends_with_the_dialog_that_wanted_it(qapp: object) -> None:
    owner, begun = QObject(), threading.Event()
    LatestWork(owner).start("x", endless(begun), lambda _result: None, lambda _failure: None)
    assert begun.wait(60)
    shiboken6.delete(owner)
    assert wait_for_background(5000)
