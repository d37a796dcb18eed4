"""Open many mutants of valid sessions and cards, and count how that ended: ``packaging/dev.py mutate 1000 --seed 0``.

Every mutant must become a document or a sentence. A session on which the worker hangs or dies is opened once more
through the door that users have, where a child process takes the blow; it counts as refused only if a sentence comes.
"""

import argparse
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import UnreadableFile
from core.session.files import open_document

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 2**30  # bytes
MOST_SECONDS = 60.0  # by the clock, through the whole door, for the few that hang
SILENCE_SECONDS = 120.0  # by the clock, after which a worker that says nothing is ended


@dataclass
class Tally:
    """What became of the mutants."""

    seed: int
    how: Counter[str] = field(default_factory=Counter)
    apart: int = 0  # refused because the child process that tried them hung or died
    worst_seconds: tuple[float, int] = (0.0, -1)  # of the processor, and the mutant's seed
    memory: int = 0  # the most that a worker had in use, bytes
    kernel: bool = True  # whether reads by C code were noticed
    complaints: list[str] = field(default_factory=list)

    def count(self, seed: int, answer: dict[str, Any], done: str) -> None:
        """Take down how one mutant ended."""
        self.how[answer["how"]] += 1
        self.worst_seconds = max(self.worst_seconds, (answer["seconds"], seed))
        self.memory = max(self.memory, answer["memory"])
        if answer["how"] in ("crash", "hang"):
            self.complaints.append(f"seed {seed} ({done}): {answer['said']}")
        if answer["others"]:
            self.how["read another file"] += 1
            self.complaints.append(f"seed {seed} ({done}) read {'; '.join(answer['others'])}")

    def __str__(self) -> str:
        total = self.how["document"] + self.how["refusal"] + self.how["crash"] + self.how["hang"]
        seconds, seed = self.worst_seconds
        lines = [
            f"{total:,} mutants from seed {self.seed}",
            f"  opened as documents   {self.how['document']:>8,}",
            f"  refused in a sentence {self.how['refusal']:>8,}  ({self.apart} of them by the end of a child process)",
            f"  crashes               {self.how['crash']:>8,}",
            f"  hangs                 {self.how['hang']:>8,}",
            f"  reads of other files  {self.how['read another file']:>8,}"
            + ("" if self.kernel else "  (only Python's own could be seen)"),
            f"  worst time            {seconds:>8.2f} s of the processor (seed {seed})",
            f"  worst memory          {self.memory / 2**20:>8.0f} MB, of the whole process",
        ]
        return "\n".join([*lines, *self.complaints])

    @property
    def clean(self) -> bool:
        """Whether nothing happened that must not."""
        return not self.complaints and self.memory <= MOST_MEMORY


class Worker:
    """The process that opens mutants; `ask` starts another if it died."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread()
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.ready: dict[str, Any] = {}
        self.status = 0

    def ask(self, seed: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What is done to a mutant, and how opening it ended: None if the worker hung or died on it."""
        if self._process is None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        about = self._line()
        answer = None if about is None else self._line()
        if about is None or answer is None:
            self.close()
        return about or {"begins": "it could not be made", "session": False}, answer

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self.status = self._process.wait()
            if self._process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):  # it died with a question unread
                    self._process.stdin.close()
            self._reader.join()
            self._process = None

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.mutating.worker", str(self._folder)]
        limits = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **limits, "CORRIE_PARENT_PROCESS": str(os.getpid())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said = queue.SimpleQueue()
        self._reader = threading.Thread(target=_pass_on, args=(self._process.stdout, self._said), daemon=True)
        self._reader.start()
        self.ready = self._line() or {}
        if not self.ready:
            raise SystemExit("The worker did not start.")

    def _line(self) -> dict[str, Any] | None:
        try:
            line = self._said.get(timeout=SILENCE_SECONDS)
        except queue.Empty:
            return None
        found: dict[str, Any] | None = json.loads(line) if line else None
        return found


def _pass_on(stream: Any, said: "queue.SimpleQueue[str]") -> None:
    with stream:
        for line in stream:
            said.put(line)
    said.put("")


def mutate(count: int, seed: int, *, tell: bool = False) -> Tally:
    """Open mutants and count."""
    tally = Tally(seed)
    with tempfile.TemporaryDirectory(prefix="corrie-mutants-") as name:
        folder = Path(name)
        worker, told = Worker(folder), time.monotonic()
        try:
            for one in range(seed, seed + count):
                about, answer = worker.ask(one)
                tally.kernel &= bool(worker.ready.get("kernel"))
                if answer is None:
                    answer = _through_the_door(one, folder, about, worker.status)
                    tally.apart += answer["how"] == "refusal"
                tally.count(one, answer, str(about["begins"]))
                if tell and time.monotonic() - told > 30:
                    told = time.monotonic()
                    say(f"{one - seed + 1:,} of {count:,}: {dict(tally.how)}")
        finally:
            worker.close()
    return tally


def _through_the_door(seed: int, folder: Path, about: dict[str, Any], status: int) -> dict[str, Any]:
    """How a mutant ends for a user on which a worker hung or died."""
    answer: dict[str, Any] = {"others": [], "seconds": 0.0, "memory": 0}
    if not about["session"]:
        return {**answer, "how": "crash", "said": f"the worker ended with status {status}"}
    from tests.mutating.mutations import Nursery  # noqa: PLC0415  takes seconds, and is rarely needed

    mutant = Nursery(folder / "trap" / "secret").mutant(seed)
    path = folder / mutant.name
    path.write_bytes(mutant.content)
    started = time.monotonic()
    try:
        open_document(path)
        how, said = "document", ""
    except UnreadableFile as error:
        how, said = "refusal", str(error)
    took = time.monotonic() - started
    say(f"seed {seed} ({mutant.done}) ended the worker with status {status}; the door took {took:.1f} s")
    return {**answer, "how": how if took < MOST_SECONDS else "hang", "said": said}


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run the command; 0 if every mutant became a document or a sentence."""
    reader = argparse.ArgumentParser(prog="mutate", description=__doc__)
    reader.add_argument("count", type=int, help="how many mutants")
    reader.add_argument("--seed", type=int, default=0, help="of the first mutant; each has its own")
    wanted = reader.parse_args(arguments)
    tally = mutate(wanted.count, wanted.seed, tell=True)
    say(str(tally))
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
