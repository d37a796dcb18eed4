"""Jobs: stopping, time limits, progress, and parts of a larger job."""

import threading
import time

import pytest

from core.errors import Cancelled
from core.job import ControlledJob, JobContext, Stage, split_time_left, with_time_left


class Listener:
    """Keeps what it is told, in order."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, int, str]] = []
        self.partials: list[object] = []

    def job(self, **options: float) -> ControlledJob:
        return ControlledJob(
            on_progress=lambda *told: self.progress.append(told), on_partial=self.partials.append, **options
        )


def test_an_inline_job_never_stops_and_keeps_nothing() -> None:
    job = JobContext()
    job.progress(1, 2, "points")
    job.partial(object())
    job.check()


def test_a_job_runs_until_it_is_stopped() -> None:
    job = ControlledJob()
    job.check()
    assert not job.cancelled
    job.cancel()
    job.cancel()
    assert job.cancelled
    with pytest.raises(Cancelled, match="stopped"):
        job.check()


def test_another_thread_can_stop_a_job() -> None:
    job = ControlledJob()
    stopper = threading.Thread(target=job.cancel)

    def work() -> None:
        stopper.start()
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            job.check()

    with pytest.raises(Cancelled):
        work()
    stopper.join()


def test_a_job_ends_at_its_deadline_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("core.job.time.monotonic", lambda: clock[0])
    job = ControlledJob(deadline=2.5)
    for clock[0] in (100.0, 101.0, 102.499):
        job.check()
    for clock[0] in (102.5, 103.0):
        with pytest.raises(Cancelled, match="time limit"):
            job.check()
    assert not job.cancelled  # nobody pressed Stop


def test_a_deadline_of_no_time_ends_at_once() -> None:
    with pytest.raises(Cancelled, match="time limit"):
        ControlledJob(deadline=0).check()


def test_progress_and_partial_results_arrive_in_order() -> None:
    listener = Listener()
    job, first, second = listener.job(), object(), object()
    job.progress(1, 3, "points")
    job.partial(first)
    job.progress(2, 3)
    job.partial(second)
    assert listener.progress == [(1, 3, "points"), (2, 3, "")]
    assert listener.partials == [first, second]


def test_a_stopped_job_still_takes_the_last_partial_result() -> None:
    listener = Listener()
    job = listener.job()
    job.cancel()
    job.partial("what there is")
    assert listener.partials == ["what there is"]


def test_a_stage_puts_its_name_before_the_text_and_passes_everything_else_on() -> None:
    listener = Listener()
    job = listener.job()
    inner = Stage(Stage(job, "landscape"), "first level")
    inner.progress(1, 9, "3 × 3 points")
    inner.progress(2, 9)
    inner.partial("surface")
    assert listener.progress == [(1, 9, "landscape: first level: 3 × 3 points"), (2, 9, "landscape: first level")]
    assert listener.partials == ["surface"]
    job.cancel()
    with pytest.raises(Cancelled):
        inner.check()


def test_a_stage_can_keep_its_partial_results_to_itself() -> None:
    listener = Listener()
    Stage(Stage(listener.job(), "audit", relay_partial=False), "inner").partial("half an audit")
    assert listener.partials == []


def test_cancelled_is_no_failure() -> None:
    from core.errors import CorrieError  # noqa: PLC0415  only here

    assert not issubclass(Cancelled, CorrieError)


def test_the_time_left_that_an_engine_tells_is_found_again_in_its_text() -> None:
    assert split_time_left(with_time_left("9 × 9 points, fewer samples", "about 25 s")) == (
        "9 × 9 points, fewer samples",
        "about 25 s left",
    )
    assert split_time_left("about 25 s left") == ("", "about 25 s left")
    assert split_time_left("9 × 9 points, the first on the left side") == (
        "9 × 9 points, the first on the left side",
        "",
    )
