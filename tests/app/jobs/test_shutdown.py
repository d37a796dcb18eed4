"""Closing the window: every job is asked to stop, none is killed, and no thread is left."""

import threading
import time

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.jobs.job import JobSpec, JobState
from app.jobs.manager import JobManager
from core.job import JobContext
from tests.app.jobs.conftest import LONG, Diary, Gate


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "corrie-engine"]


def test_an_unused_manager_closes_at_once_and_never_had_a_thread(qapp: QApplication) -> None:
    manager = JobManager()
    assert engine_threads() == []
    assert manager.shutdown(0)


def test_after_the_shutdown_every_job_is_over_and_the_thread_is_gone(manager: JobManager, diary: Diary) -> None:
    def endless(context: JobContext) -> None:
        while True:
            context.check()
            time.sleep(0.001)

    jobs = [manager.submit(JobSpec(str(n), endless)) for n in range(3)]
    manager.warm_up(lambda: None)
    assert manager.shutdown(LONG)
    assert all(job.is_over for job in jobs)
    assert engine_threads() == []
    assert sorted(line for line in diary.lines if line.endswith("stopped")) == ["0 stopped", "1 stopped", "2 stopped"]


def test_a_job_that_reacts_late_is_waited_for_while_the_window_goes_on_painting(
    qtbot: QtBot, manager: JobManager, gate: Gate
) -> None:
    def late(context: JobContext) -> None:
        context.partial("kept")
        gate.wait()
        context.check()

    job = manager.submit(JobSpec("late", late))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    QTimer.singleShot(300, gate.opened.set)  # fires only if the event loop runs meanwhile
    assert manager.shutdown(LONG)
    assert (job.state, job.last_partial) == (JobState.STOPPED, "kept")
    assert engine_threads() == []


def test_a_job_that_does_not_react_in_time_is_reported_and_not_killed(
    qtbot: QtBot, manager: JobManager, gate: Gate
) -> None:
    job = manager.submit(JobSpec("deaf", lambda _context: gate.wait()))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    begun = time.monotonic()
    assert not manager.shutdown(100)
    assert time.monotonic() - begun < 2.0
    assert job.state is JobState.STOPPING
    assert len(engine_threads()) == 1
    gate.opened.set()
    assert manager.shutdown(LONG)  # waiting longer is possible
    assert job.is_over


def test_pressing_close_again_while_it_closes_does_not_hang(qtbot: QtBot, manager: JobManager, gate: Gate) -> None:
    manager.submit(JobSpec("deaf", lambda _context: gate.wait()))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    answers: list[bool] = []
    QTimer.singleShot(10, lambda: answers.append(manager.shutdown(LONG)))
    QTimer.singleShot(50, gate.opened.set)
    assert manager.shutdown(LONG)
    assert answers == [False]


def test_a_closing_manager_takes_no_more_jobs(manager: JobManager) -> None:
    manager.shutdown(LONG)
    with pytest.raises(RuntimeError, match="takes no more jobs"):
        manager.submit(JobSpec("a", lambda _context: None))


def test_a_manager_that_is_deleted_before_its_job_ends_does_not_crash(qtbot: QtBot, gate: Gate) -> None:
    manager = JobManager()
    done = threading.Event()

    def work(_context: JobContext) -> None:
        gate.wait()
        done.set()

    manager.submit(JobSpec("a", work))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    assert not manager.shutdown(0)
    manager.deleteLater()
    del manager
    qtbot.wait(1)
    gate.opened.set()
    qtbot.waitUntil(done.is_set, timeout=LONG)
    qtbot.waitUntil(lambda: engine_threads() == [], timeout=LONG)
