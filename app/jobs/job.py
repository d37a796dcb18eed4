"""A piece of long work: what was asked for, how far it is, and how it ended."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from app.jobs.failure import JobFailure
from core.job import JobContext

T = TypeVar("T")

_numbers = itertools.count(1)


class JobState(StrEnum):
    """Where a job is. The last three are its end; each job reaches exactly one of them."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"  # asked to stop, not yet at its next check
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ENDS = frozenset({JobState.DONE, JobState.FAILED, JobState.STOPPED})
_NEXT = {
    JobState.QUEUED: {JobState.RUNNING, JobState.STOPPED},
    JobState.RUNNING: {JobState.STOPPING} | ENDS,
    JobState.STOPPING: ENDS,  # done: it was finished before it noticed
}


@dataclass(frozen=True)
class JobSpec(Generic[T]):
    """What to compute, in which terms, and what it makes superfluous."""

    name: str  # shown in the job list, such as ``Surface of ResNet-56``
    run: Callable[[JobContext], T]  # runs in the engine thread; must not touch any widget
    key: str | None = None  # a queued job of the same key is superseded by this one
    replaces_running: bool = False  # ask a running job of the same key to stop, too
    time_limit: float | None = None  # seconds from its start after which it is stopped, its partial result kept


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    done: int
    total: int
    text: str
    seconds_left: float | None  # None: not known yet


class Job(Generic[T]):
    """A submitted `JobSpec`. Everybody may read it; only the `JobManager` changes it, in the window's thread."""

    def __init__(self, spec: JobSpec[T]) -> None:
        self.id = f"job-{next(_numbers)}"
        self.spec = spec
        self.state = JobState.QUEUED
        self.progress: Progress | None = None
        self.last_partial: object | None = None  # newest snapshot; stays after the end, whatever the end was
        self.result: T | None = None  # once it is done
        self.failure: JobFailure | None = None  # once it has failed
        self.stop_reason = ""  # once it was stopped: a sentence
        self._started: float | None = None
        self._ended: float | None = None

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def is_over(self) -> bool:
        """Whether it has come to one of its ends."""
        return self.state in ENDS

    @property
    def seconds(self) -> float:
        """How long it has run, or ran; 0 if it never did."""
        if self._started is None:
            return 0.0
        return (time.monotonic() if self._ended is None else self._ended) - self._started

    def advance(self, state: JobState) -> None:
        """Go to the next state. Raises `RuntimeError` where no way leads, such as from one end to another."""
        if state not in _NEXT.get(self.state, set()):
            raise RuntimeError(f"{self.id} is {self.state} and cannot become {state}.")
        self.state = state
        if state is JobState.RUNNING:
            self._started = time.monotonic()
        elif state in ENDS:
            self._ended = time.monotonic()

    def __repr__(self) -> str:
        return f"<{self.id} {self.name!r} {self.state}>"
