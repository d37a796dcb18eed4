"""Partial results of long commands, saved in a thread of their own while others compute."""

import threading

import pytest

from app.cli import so_far
from app.cli.progress import run_with_progress
from app.cli.so_far import SavesSoFar
from core.errors import OutOfSpace
from core.job import JobContext

PATIENCE = 30.0  # seconds


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(so_far, "SAVE_SECONDS", 0.01)
    monkeypatch.setattr(so_far, "SHARE", 0)


def test_the_newest_partial_result_is_saved_once() -> None:
    saved: list[object] = []
    again = threading.Event()

    def save(snapshot: object) -> None:
        saved.append(snapshot)
        again.set()

    with SavesSoFar(save) as saves:
        for word in ("first", "second"):
            again.clear()
            saves.put(word)
            assert again.wait(PATIENCE)
        assert not again.wait(0.1) or saved == ["first", "second"]
    assert saved == ["first", "second"]


def test_a_save_that_is_under_way_ends_before_the_result_is_kept() -> None:
    begun, order = threading.Event(), []

    def slowly(snapshot: object) -> None:
        begun.set()
        threading.Event().wait(0.2)
        order.append(snapshot)

    def work(job: JobContext) -> str:
        job.partial("half")
        assert begun.wait(PATIENCE)
        return "whole"

    run_with_progress("Work", work, lambda result, _complete: order.append(result), keep_so_far=slowly)
    assert order == ["half", "whole"]


def test_a_disk_without_room_is_told_once_and_the_computation_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    tries = threading.Semaphore(0)

    def full(_snapshot: object) -> None:
        tries.release()
        raise OutOfSpace("s.corrie.h5: the disk is full.")

    def work(job: JobContext) -> str:
        for part in range(3):
            job.partial([part])
            assert tries.acquire(timeout=PATIENCE)
        return "whole"

    kept = run_with_progress("Work", work, lambda result, complete: (result, complete), keep_so_far=full)
    assert kept == ("whole", True)
    assert capsys.readouterr().err.count("computing goes on. s.corrie.h5: the disk is full.") == 1


def test_no_save_begins_after_a_failure() -> None:
    saved: list[object] = []

    def work(job: JobContext) -> str:
        job.partial("half")
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        run_with_progress("Work", work, lambda result, _complete: result, keep_so_far=saved.append)
    before = list(saved)
    threading.Event().wait(0.1)
    assert saved == before
    assert not any(thread.name == "saving" for thread in threading.enumerate())
