"""A manager whose thread has ended after the test, and a diary of what it said."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.jobs.job import Job
from app.jobs.manager import JobManager

LONG = 20_000  # milliseconds; nothing takes that long unless it hangs


@pytest.fixture
def manager(qapp: QApplication) -> Iterator[JobManager]:
    manager = JobManager()
    yield manager
    assert manager.shutdown(LONG)


class Gate:
    """Lets a test hold a job at a point of its choice, without any sleep."""

    def __init__(self) -> None:
        self.reached = threading.Event()  # by the job
        self.opened = threading.Event()  # by the test

    def wait(self) -> None:
        """Called in the job."""
        self.reached.set()
        assert self.opened.wait(LONG / 1000)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


class Diary:
    """The names of the signals in the order of their arrival, each with its job's name."""

    def __init__(self, manager: JobManager) -> None:
        self.lines: list[str] = []
        self.progressed = 0
        self.partials: list[object] = []
        manager.job_queued.connect(lambda job: self._note("queued", job))
        manager.job_started.connect(lambda job: self._note("started", job))
        manager.job_stopping.connect(lambda job: self._note("stopping", job))
        manager.job_finished.connect(lambda job: self._note(str(job.state), job))
        manager.job_progressed.connect(self._count)
        manager.job_partial.connect(lambda _job, snapshot: self.partials.append(snapshot))

    def _note(self, word: str, job: Job[object]) -> None:
        self.lines.append(f"{job.name} {word}")

    def _count(self) -> None:
        self.progressed += 1


@pytest.fixture
def diary(manager: JobManager) -> Diary:
    return Diary(manager)
