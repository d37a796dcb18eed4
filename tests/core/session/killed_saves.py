"""Saves that are killed by the operating system's hardest signal, and what each leaves on the disk.

Run as a program with a folder and a number of tries, it prints one JSON object. Every save is made by a child that is
forked from this process, which has loaded all that is needed: so a try takes little more than the save itself. It must
be a process of its own, with one thread, as only such a one may be forked.

Half of the moments lie anywhere in the time that a save takes; the killer is this process then. As nearly all of that
time goes by before the exchange, the others are lines of the code that writes and exchanges: each of them in its turn,
and the child kills itself as it arrives there.
"""

import json
import mmap
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import FrameType, MappingProxyType
from typing import Any

import core.session.atomic
from core.session.atomic import previous_of
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents

PHASES = ("prepare", "write", "sync", "verify", "keep", "between the renames", "tidy up", "over")
ATOMIC = core.session.atomic.__file__
REHEARSALS = 5
NEVER = -1


def small_document() -> Document:
    """A session with a network, its table and one result."""
    items = (
        documents.network_item(),
        documents.dataset_item(),
        documents.result_item(documents.correction(), "correction-0", "Applicant 7"),
    )
    return Document(items=MappingProxyType({item.id: item for item in items}))


class Marks:
    """What a child tells of itself: the phase it is in and the lines it has come past. It outlives the child."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    @property
    def phase(self) -> str:
        return PHASES[self._memory[0]]

    @phase.setter
    def phase(self, name: str) -> None:
        self._memory[0] = PHASES.index(name)

    @property
    def lines(self) -> int:
        return int.from_bytes(self._memory[1:5], "little")

    @lines.setter
    def lines(self, count: int) -> None:
        self._memory[1:5] = count.to_bytes(4, "little")


def watch_phases(marks: Marks) -> None:
    """Have this process note which phase of a save it is in. Everything is done as ever, by the same calls."""
    real_sync, real_replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        if marks.phase != "write":
            real_sync(descriptor)  # of the folder, in the end
            return
        marks.phase = "sync"
        real_sync(descriptor)
        marks.phase = "verify"

    def replace(source: Any, target: Any, **more: Any) -> None:
        real_replace(source, target, **more)
        if marks.phase in ("keep", "between the renames"):
            marks.phase = "between the renames" if str(target).endswith(".bak") else "tidy up"

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and marks.phase == "prepare" and str(arguments[0]).endswith(".tmp"):
            marks.phase = "write"
        elif event == "os.link" and marks.phase == "verify":
            marks.phase = "keep"

    os.fsync, os.replace = sync, replace
    sys.addaudithook(seen)


def die_at_line(marks: Marks, last: int) -> None:
    """Count the lines of the exchange that this process comes past, and kill it at the one of that number."""

    def follow(frame: FrameType, event: str, _argument: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != ATOMIC:
            return None
        if event == "line":
            if marks.lines == last:
                os.kill(os.getpid(), signal.SIGKILL)
            marks.lines += 1
        return follow

    sys.settrace(follow)


def save_in_child(
    document: Document, path: Path, marks: Marks, *, line: int | None = None, after: float | None = None
) -> float:
    """Save in a child, which is killed at a line, after so many seconds, or not. Returns the seconds that it lived."""
    marks.phase, marks.lines = "prepare", 0
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            watch_phases(marks)
            if line is not None:
                die_at_line(marks, line)
            save_document(document, path)
            marks.phase = "over"
        finally:
            os._exit(0 if marks.phase == "over" else 1)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)  # it is not waited for yet, so the number is still its own
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise SystemExit("A save failed by itself.")
    return time.monotonic() - began


def generation_of(path: Path) -> int:
    """Which of the documents a file holds, all of it."""
    document = open_document(path, apart=False)
    if list(document.items) != list(small_document().items):
        raise SystemExit(f"{path.name} holds other items.")
    generation = document.view["generation"]
    assert isinstance(generation, int)
    return generation


def main(folder: Path, tries: int) -> dict[str, Any]:
    """Kill so many saves, look at both files after each, and count."""
    path, marks, draw = folder / "session.corrie.h5", Marks(), random.Random(7)
    document = small_document()
    for generation in (0, 1):
        save_document(document.with_view({"generation": generation}), path)
    again = document.with_view({"generation": 1})
    usual = median(save_in_child(again, path, marks) for _ in range(REHEARSALS))
    save_in_child(again, path, marks, line=NEVER)
    lines = marks.lines
    wanted = [n % lines for n in range(tries // 2)]
    draw.shuffle(wanted)
    hit: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: list[str] = []
    generation = 1
    for number in range(tries):
        line = wanted[number // 2] if number % 2 else None
        after = None if number % 2 else draw.uniform(0.0, usual)
        save_in_child(document.with_view({"generation": generation + 1}), path, marks, line=line, after=after)
        now, before = generation_of(path), generation_of(previous_of(path))
        hit[marks.phase] += 1
        found["new" if now == generation + 1 else "old"] += 1
        if now not in (generation, generation + 1) or before not in (now - 1, now):
            wrong.append(f"try {number}, {marks.phase}: {before} and {now}, of {generation} and {generation + 1}")
        for left in folder.glob(".*.tmp"):
            left.unlink()
        generation = now
    return {"lines": lines, "hit": hit, "found": found, "wrong": wrong, "seconds": usual}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201  the result
