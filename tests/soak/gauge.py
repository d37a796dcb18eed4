"""What a process holds on to, read again and again, and whether it grows."""

import gc
import threading
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

MEBIBYTE = 2**20
NOISE = 16.0  # MB that an allocator may keep back or give back however short it is watched
MOST_GROWTH = 0.1  # MB a round beyond that: seventy in the rounds of two hours
WARM_UP = 0.25  # of the rounds: caches are filled, fonts and shaders loaded, pools have their size
WARM_ROUNDS = 16  # after which they have, as measured with OpenGL; or half of the rounds, if there are fewer
FEWEST_ROUNDS = 3  # after the warm-up
MORE = 2  # threads or handles that a pool may have made of late


@dataclass(frozen=True)
class Reading:
    """One look at the process, at rest."""

    memory: float  # resident, MB
    threads: int
    python_threads: int
    files: int  # open file handles
    objects: int  # that Python's collector knows of


def read_process() -> Reading:
    """Look at this process, after what is only waiting to be collected has gone. Linux alone tells all of it."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Reading(
        memory=pages * _page_size() / MEBIBYTE,
        threads=len(list(Path("/proc/self/task").iterdir())),
        python_threads=threading.active_count(),
        files=len(list(Path("/proc/self/fd").iterdir())),
        objects=len(gc.get_objects()),
    )


def _page_size() -> int:
    import resource  # noqa: PLC0415  not on Windows

    return resource.getpagesize()


@dataclass(frozen=True)
class Verdict:
    """What the readings say."""

    rounds: int
    watched: int  # of them after the warm-up
    first: Reading
    last: Reading
    slope: float  # MB a round, the median of the slopes between any two readings (Theil 1950, Sen 1968)
    complaints: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.complaints

    def __str__(self) -> str:
        first, last = self.first, self.last
        lines = [
            f"{self.rounds} rounds, {self.watched} of them after the warm-up",
            f"  resident memory {first.memory:8.1f} -> {last.memory:8.1f} MB, {self.slope:+.3f} MB a round",
            f"  threads         {first.threads:8d} -> {last.threads:8d} ({last.python_threads} of Python)",
            f"  file handles    {first.files:8d} -> {last.files:8d}",
            f"  Python objects  {first.objects:8,d} -> {last.objects:8,d}",
        ]
        return "\n".join([*lines, *(self.complaints or ("Nothing grows.",))])


def judge(readings: list[Reading]) -> Verdict:
    """Whether memory, threads or file handles grow, by the readings after the warm-up.

    A slope between any two readings counts, and the one in the middle is taken: so neither a jump nor a few readings
    in which the allocator had not given back yet decide. Threads and handles are whole numbers that go up and down a
    little; they grow where even the fewest of the last third are more than the most of the first and a few of a pool.

    Raises
    ------
    ValueError
        If there are too few readings to tell.
    """
    warm = max(round(WARM_UP * len(readings)), min(WARM_ROUNDS, len(readings) // 2))
    skipped = min(warm, max(len(readings) - FEWEST_ROUNDS, 0))
    watched = readings[skipped:]
    if len(watched) < FEWEST_ROUNDS:
        raise ValueError(f"{len(readings)} rounds are too few to tell what grows; it takes {FEWEST_ROUNDS + 1}.")
    slope = median(
        (later.memory - earlier.memory) / (j - i) for (i, earlier), (j, later) in combinations(enumerate(watched), 2)
    )
    grown, allowed = slope * (len(watched) - 1), NOISE + MOST_GROWTH * (len(watched) - 1)
    complaints = []
    if grown > allowed:
        complaints.append(f"Memory grows by {slope:.3f} MB a round: {grown:.0f} MB, and {allowed:.0f} are allowed.")
    third = max(1, len(watched) // 3)
    for what, name in (("threads", "Threads"), ("python_threads", "Threads of Python"), ("files", "File handles")):
        early, late = ([getattr(reading, what) for reading in part] for part in (watched[:third], watched[-third:]))
        if min(late) > max(early) + MORE:
            complaints.append(f"{name} grow: {max(early)} at most at first, {min(late)} at least in the end.")
    return Verdict(len(readings), len(watched), watched[0], watched[-1], slope, tuple(complaints))
