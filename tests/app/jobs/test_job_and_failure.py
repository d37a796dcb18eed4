"""The life of a job, and what is said about an exception."""

import itertools

import pytest

from app.jobs.failure import failure_of
from app.jobs.job import ENDS, Job, JobSpec, JobState
from core.errors import CorrieError, OutOfSpace


def in_state(state: JobState) -> Job[None]:
    job = Job(JobSpec("a", lambda _context: None))
    job.state = state
    return job


@pytest.mark.parametrize(("end", "another"), list(itertools.product(sorted(ENDS), JobState)))
def test_nothing_comes_after_an_end(end: JobState, another: JobState) -> None:
    with pytest.raises(RuntimeError, match="cannot become"):
        in_state(end).advance(another)


def test_a_job_that_never_ran_took_no_time() -> None:
    job = in_state(JobState.QUEUED)
    job.advance(JobState.STOPPED)
    assert job.seconds == 0.0


def test_every_job_has_an_id_of_its_own() -> None:
    assert len({in_state(JobState.QUEUED).id for _ in range(100)}) == 100


@pytest.mark.parametrize("kind", [CorrieError, OutOfSpace])
def test_an_error_of_ours_speaks_for_itself(kind: type[CorrieError]) -> None:
    failure = failure_of(kind("The disk is full. Free some space."), "Saving")
    assert (failure.kind, failure.message) == ("explained", "The disk is full. Free some space.")


def test_any_other_error_names_the_work_and_keeps_its_text_for_the_report() -> None:
    failure = failure_of(KeyError("weights.17"), "Surface of ResNet-56")
    assert "Surface of ResNet-56" in failure.message
    assert "weights.17" not in failure.message
    assert "weights.17" in failure.details
    assert "python" in failure.details  # versions


def test_the_memory_of_an_accelerator_counts_as_memory() -> None:
    kind = type("OutOfMemoryError", (RuntimeError,), {})  # as torch calls its own, without importing torch
    assert failure_of(kind("CUDA out of memory"), "a").kind == "memory"
    assert failure_of(RuntimeError("out of luck"), "a").kind == "unexpected"


def test_the_cause_of_an_error_is_in_the_details() -> None:
    error = CorrieError("The drive is gone. Plug it in.")
    error.__cause__ = OSError("the cable")
    assert "the cable" in failure_of(error, "a").details
