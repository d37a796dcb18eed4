"""One job at a time, each with exactly one end, and never more signals than a window can follow."""

import threading
import time
import weakref

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.job import Job, JobSpec, JobState
from app.jobs.manager import PULL_MILLISECONDS, JobManager
from core.errors import InvalidRequest
from core.job import JobContext
from tests.app.jobs.conftest import LONG, Diary, Gate


def until_over(qtbot: QtBot, *jobs: Job[object]) -> None:
    qtbot.waitUntil(lambda: all(job.is_over for job in jobs), timeout=LONG)


def until_stopped(context: JobContext) -> None:
    """Work without an end: only `check` gets out of it."""
    while True:
        context.check()
        time.sleep(0.001)


def test_a_job_runs_in_another_thread_and_gives_its_result(qtbot: QtBot, manager: JobManager, diary: Diary) -> None:
    job = manager.submit(JobSpec("a", lambda _context: threading.get_ident()))
    assert job.state is JobState.QUEUED
    until_over(qtbot, job)
    assert job.state is JobState.DONE
    assert job.result is not None
    assert job.result != threading.get_ident()
    assert diary.lines == ["a queued", "a started", "a done"]
    assert manager.jobs == ()


def test_jobs_run_one_after_the_other_in_the_order_they_came(qtbot: QtBot, manager: JobManager) -> None:
    running: list[str] = []

    def work(name: str) -> list[str]:
        running.append(name)
        seen = list(running)
        running.remove(name)
        return seen

    jobs = [manager.submit(JobSpec(str(n), lambda _context, n=n: work(str(n)))) for n in range(20)]
    until_over(qtbot, *jobs)
    assert [job.result for job in jobs] == [[str(n)] for n in range(20)]


def test_stopping_is_acknowledged_at_once_and_keeps_the_partial_result(
    qtbot: QtBot, manager: JobManager, diary: Diary, gate: Gate
) -> None:
    def work(context: JobContext) -> None:
        context.partial("half a surface")
        context.progress(1, 2, "points")
        gate.wait()
        until_stopped(context)

    job = manager.submit(JobSpec("a", work))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    manager.stop(job)
    assert job.state is JobState.STOPPING  # before the job itself knows
    assert diary.lines[-1] == "a stopping"
    manager.stop(job)  # pressing again changes nothing
    gate.opened.set()
    until_over(qtbot, job)
    assert job.state is JobState.STOPPED
    assert job.last_partial == "half a surface"
    assert job.progress is not None
    assert (job.progress.done, job.progress.total) == (1, 2)
    assert job.stop_reason == "The job was stopped."
    assert diary.lines == ["a queued", "a started", "a stopping", "a stopped"]


def test_a_stop_takes_effect_within_a_second(qtbot: QtBot, manager: JobManager) -> None:
    begun = threading.Event()

    def work(context: JobContext) -> None:
        begun.set()
        until_stopped(context)

    job = manager.submit(JobSpec("a", work))
    qtbot.waitUntil(begun.is_set, timeout=LONG)
    pressed = time.monotonic()
    manager.stop(job)
    until_over(qtbot, job)
    assert time.monotonic() - pressed < 1.0


def test_a_queued_job_that_is_stopped_never_runs(qtbot: QtBot, manager: JobManager, diary: Diary, gate: Gate) -> None:
    ran: list[str] = []
    first = manager.submit(JobSpec("first", lambda _context: gate.wait()))
    second = manager.submit(JobSpec("second", lambda _context: ran.append("second")))
    manager.stop(second)
    assert (second.state, second.seconds) == (JobState.STOPPED, 0.0)
    gate.opened.set()
    until_over(qtbot, first)
    assert ran == []
    assert diary.lines.count("second stopped") == 1


def test_a_job_that_finishes_before_it_notices_the_stop_is_done(qtbot: QtBot, manager: JobManager, gate: Gate) -> None:
    def work(_context: JobContext) -> str:
        gate.wait()
        return "complete"

    job = manager.submit(JobSpec("a", work))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    manager.stop(job)
    gate.opened.set()
    until_over(qtbot, job)
    assert (job.state, job.result) == (JobState.DONE, "complete")


def test_a_job_over_its_time_limit_is_stopped_and_says_so(qtbot: QtBot, manager: JobManager) -> None:
    def work(context: JobContext) -> None:
        context.partial("so far")
        until_stopped(context)

    job = manager.submit(JobSpec("a", work, time_limit=0.05))
    until_over(qtbot, job)
    assert (job.state, job.stop_reason) == (JobState.STOPPED, "The time limit was reached.")
    assert job.last_partial == "so far"


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (InvalidRequest("Ask for fewer points."), "explained", "Ask for fewer points."),
        (ValueError("secret"), "unexpected", "Something went wrong inside Corrie"),
        (MemoryError(), "memory", "memory of this computer did not suffice"),
        (SystemExit(3), "unexpected", "Something went wrong inside Corrie"),
        (KeyboardInterrupt(), "unexpected", "Something went wrong inside Corrie"),
    ],
)
def test_a_failure_ends_its_job_in_words_and_the_next_job_runs(
    qtbot: QtBot, manager: JobManager, diary: Diary, error: BaseException, kind: str, words: str
) -> None:
    def work(context: JobContext) -> None:
        context.partial("so far")
        raise error

    failing = manager.submit(JobSpec("a", work))
    after = manager.submit(JobSpec("b", lambda _context: "fine"))
    until_over(qtbot, failing, after)
    assert failing.state is JobState.FAILED
    assert failing.failure is not None
    assert failing.failure.kind == kind
    assert words in failing.failure.message
    assert type(error).__name__ in failing.failure.details
    assert "test_manager.py" in failing.failure.details  # the traceback
    assert failing.last_partial == "so far"
    assert after.result == "fine"
    assert diary.lines[-1] == "b done"


def test_a_newer_request_supersedes_the_queued_one_of_its_key(
    qtbot: QtBot, manager: JobManager, diary: Diary, gate: Gate
) -> None:
    running = manager.submit(JobSpec("1", lambda _context: gate.wait(), key="slice"))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    queued = [manager.submit(JobSpec(str(n), lambda _context, n=n: n, key="slice")) for n in (2, 3, 4)]
    other = manager.submit(JobSpec("other", lambda _context: "other"))
    assert [job.state for job in queued] == [JobState.STOPPED, JobState.STOPPED, JobState.QUEUED]
    assert queued[0].stop_reason == "A newer request took its place."
    assert running.state is JobState.RUNNING
    gate.opened.set()
    until_over(qtbot, running, queued[2], other)
    assert (running.state, queued[2].result, other.result) == (JobState.DONE, 4, "other")


def test_a_request_may_replace_the_running_one_of_its_key(qtbot: QtBot, manager: JobManager) -> None:
    begun = threading.Event()

    def endless(context: JobContext) -> None:
        begun.set()
        until_stopped(context)

    old = manager.submit(JobSpec("old", endless, key="slice"))
    qtbot.waitUntil(begun.is_set, timeout=LONG)
    new = manager.submit(JobSpec("new", lambda _context: "new", key="slice", replaces_running=True))
    until_over(qtbot, old, new)
    assert (old.state, new.result) == (JobState.STOPPED, "new")


def test_a_flood_of_reports_reaches_the_window_as_a_trickle(qtbot: QtBot, manager: JobManager, diary: Diary) -> None:
    reports = 100_000

    def work(context: JobContext) -> None:
        for number in range(reports):
            context.progress(number + 1, reports, "points")
            context.partial(number)

    job = manager.submit(JobSpec("a", work))
    until_over(qtbot, job)
    at_most = 2 + job.seconds * 1000 / PULL_MILLISECONDS  # one pull per tick, one at the end, one for rounding
    assert 1 <= diary.progressed <= at_most
    assert 1 <= len(diary.partials) <= at_most
    assert diary.partials == sorted(diary.partials)  # type: ignore[type-var]
    assert diary.partials[-1] == job.last_partial == reports - 1  # the last word always arrives
    assert job.progress is not None
    assert (job.progress.done, job.progress.seconds_left) == (reports, 0.0)


def test_numbers_beyond_32_bits_arrive_unharmed(qtbot: QtBot, manager: JobManager) -> None:
    told: list[tuple[object, object]] = []
    manager.job_progressed.connect(lambda _job, done, total: told.append((done, total)))
    until_over(qtbot, manager.submit(JobSpec("a", lambda context: context.progress(2**40, 2**41))))
    assert told == [(2**40, 2**41)]


def test_no_timer_runs_while_no_job_does(qtbot: QtBot, manager: JobManager, gate: Gate) -> None:
    timer = manager._timer
    assert not timer.isActive()
    job = manager.submit(JobSpec("a", lambda _context: gate.wait()))
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    assert timer.isActive()
    gate.opened.set()
    until_over(qtbot, job)
    assert not timer.isActive()


def test_a_slot_may_submit_the_next_job_when_one_ends(qtbot: QtBot, manager: JobManager) -> None:
    results: list[object] = []

    def on_finished(job: Job[int]) -> None:
        results.append(job.result)
        if len(results) < 3:
            manager.submit(JobSpec("next", lambda _context: len(results)))

    manager.job_finished.connect(on_finished)
    manager.submit(JobSpec("first", lambda _context: 0))
    qtbot.waitUntil(lambda: len(results) == 3, timeout=LONG)
    assert results == [0, 1, 2]


def test_stop_all_ends_every_job_and_none_of_the_queue_begins(qtbot: QtBot, manager: JobManager, diary: Diary) -> None:
    begun = threading.Event()

    def endless(context: JobContext) -> None:
        begun.set()
        until_stopped(context)

    jobs = [manager.submit(JobSpec(str(n), endless)) for n in range(5)]
    qtbot.waitUntil(begun.is_set, timeout=LONG)
    manager.stop_all()
    until_over(qtbot, *jobs)
    assert {job.state for job in jobs} == {JobState.STOPPED}
    assert [line for line in diary.lines if "started" in line] == ["0 started"]


def test_warming_up_happens_in_the_engine_thread_before_any_job_and_is_no_job(
    qtbot: QtBot, manager: JobManager, diary: Diary
) -> None:
    order: list[tuple[str, int]] = []
    manager.warm_up(lambda: order.append(("warm", threading.get_ident())))
    job = manager.submit(JobSpec("a", lambda _context: order.append(("job", threading.get_ident()))))
    until_over(qtbot, job)
    assert [word for word, _ in order] == ["warm", "job"]
    assert order[0][1] == order[1][1] != threading.get_ident()
    assert diary.lines == ["a queued", "a started", "a done"]


def test_a_failed_warm_up_goes_to_the_log_and_jobs_still_run(
    qtbot: QtBot, manager: JobManager, caplog: pytest.LogCaptureFixture
) -> None:
    manager.warm_up(lambda: 1 / 0)
    job = manager.submit(JobSpec("a", lambda _context: "fine"))
    until_over(qtbot, job)
    assert job.result == "fine"
    assert "ZeroDivisionError" in caplog.text


def test_a_result_is_not_kept_alive_by_the_idle_thread(qtbot: QtBot, manager: JobManager) -> None:
    class Result:
        pass

    job = manager.submit(JobSpec("a", lambda _context: Result()))
    until_over(qtbot, job)
    assert job.result is not None
    result = weakref.ref(job.result)
    del job
    qtbot.waitUntil(lambda: result() is None, timeout=LONG)
