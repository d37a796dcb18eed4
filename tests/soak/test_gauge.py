"""What grows is told from what only goes up and down."""

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

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


# Each in a process of its own: in that of the tests, memory which others gave back hides what is taken.
GROWING = """
import os, sys, threading
from tests.soak.command import soak

kept, over = [], threading.Event()


def thread():
    threading.Thread(target=over.wait, daemon=True).start()


ROUNDS = {
    "nothing": lambda: None,
    "files": lambda: kept.append(os.open(os.devnull, os.O_RDONLY)),
    "threads": thread,
    "memory": lambda: kept.append(bytearray(b"1") * (20 * 2**20)),
}
for complaint in soak(ROUNDS[sys.argv[1]], minutes=0.0, rounds=10, tell=False).complaints:
    print(complaint)
"""


@linux
@pytest.mark.parametrize(
    ("forgotten", "expected"),
    [
        ("nothing", set()),
        ("files", {"File handles"}),
        ("threads", {"Threads", "Threads of Python"}),
        ("memory", {"Memory"}),
    ],
)
def test_what_a_round_forgets_is_found_in_a_living_process(forgotten: str, expected: set[str]) -> None:
    command = [sys.executable, "-c", GROWING, forgotten]
    told = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    found = {line.split(" grow")[0] for line in told.stdout.splitlines()}
    assert found == expected, told.stdout
