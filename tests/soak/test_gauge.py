"""What grows is told from what only goes up and down."""

import os
import random
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.soak.command import soak
from tests.soak.gauge import Reading, judge

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds")


def day(memory: list[float], **changed: list[int]) -> list[Reading]:
    quiet = Reading(memory=0.0, threads=13, python_threads=2, files=14, objects=300_000)
    readings = [replace(quiet, memory=value) for value in memory]
    for name, values in changed.items():
        readings = [replace(reading, **{name: value}) for reading, value in zip(readings, values, strict=True)]
    return readings


def noisy(rounds: int, slope: float, seed: int = 0) -> list[float]:
    """A warm-up that ends, a slope, and an allocator that keeps back up to 30 MB as it pleases."""
    draw = random.Random(seed)
    return [800 - 200 * 0.3**n + slope * n + draw.uniform(0, 30) for n in range(rounds)]


@pytest.mark.parametrize("seed", range(5))
def test_an_allocator_that_keeps_some_memory_back_is_let_pass(seed: int) -> None:
    assert judge(day(noisy(300, 0.0, seed))).complaints == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_third_of_a_megabyte_a_round_is_noticed_in_an_hour_whatever_the_allocator_does(seed: int) -> None:
    verdict = judge(day(noisy(300, 0.33, seed)))
    assert not verdict.clean
    assert "Memory grows by 0.3" in str(verdict)


def test_ten_megabytes_a_round_are_noticed_within_five_rounds() -> None:
    assert judge(day([600.0, 800.0, 810.0, 820.0, 830.0])).complaints


def test_one_jump_is_not_growth() -> None:
    assert judge(day([*[800.0] * 50, *[860.0] * 50])).clean


@pytest.mark.parametrize("name", ["threads", "python_threads", "files"])
def test_threads_and_files_that_come_and_go_are_let_pass_and_those_that_stay_are_not(name: str) -> None:
    flat = [800.0] * 40
    assert judge(day(flat, **{name: [14 + n % 3 for n in range(40)]})).clean
    grown = judge(day(flat, **{name: [14 + n // 3 for n in range(40)]}))
    assert len(grown.complaints) == 1


def test_too_few_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        judge(day([800.0, 800.0]))


@pytest.fixture
def held() -> Iterator[list]:
    held: list = []
    yield held
    for thing in held:
        thing.close()


class Sleeper:
    """A thread that somebody forgot."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._over.wait)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@linux
def test_files_and_threads_that_a_round_forgets_are_found_in_this_very_process(held: list) -> None:
    clean = soak(lambda: None, minutes=0.0, rounds=10, tell=False)
    assert clean.clean
    files = soak(lambda: held.append(os.fdopen(os.open(os.devnull, os.O_RDONLY))), minutes=0.0, rounds=10, tell=False)
    assert [complaint.split(" grow")[0] for complaint in files.complaints] == ["File handles"]
    threads = soak(lambda: held.append(Sleeper()), minutes=0.0, rounds=10, tell=False)
    assert {complaint.split(" grow")[0] for complaint in threads.complaints} == {"Threads", "Threads of Python"}


@linux
def test_memory_that_a_round_forgets_is_found_in_this_very_process() -> None:
    kept: list[bytearray] = []
    verdict = soak(lambda: kept.append(bytearray(b"\1") * (20 * 2**20)), minutes=0.0, rounds=10, tell=False)
    kept.clear()
    assert any(complaint.startswith("Memory grows") for complaint in verdict.complaints)
