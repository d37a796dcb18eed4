"""The parts of `dev.py check` and `dev.py test`: each is run, whatever the others said."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lock_file import CHECKOUT
from virtual_environment import Environment

FIRST_HALF = (
    "tests/app",
    "tests/core/corrections",
    "tests/core/exchange",
)  # about half of the time that all tests take


@dataclass(frozen=True)
class Part:
    """One check: what it is called, the command, and whether it speaks for itself while it runs."""

    name: str
    command: tuple[str, ...]
    talks: bool = False  # its output is shown as it comes; the others' only where they fail


@dataclass(frozen=True)
class Outcome:
    """How a part ended: its exit status and the seconds it took."""

    part: Part
    status: int
    seconds: float

    def __str__(self) -> str:
        word = "passed" if self.status == 0 else f"FAILED (exit {self.status})"
        return f"{self.part.name:<18} {word:<18} {self.seconds:6.1f} s"


def static_parts(environment: Environment) -> list[Part]:
    """Return the checks that run nothing of Corrie's own: layout, lint, types and the direction of imports."""
    python = str(environment.python)
    return [
        Part("ruff format", (python, "-m", "ruff", "format", "--check", "--quiet", ".")),
        Part("ruff check", (python, "-m", "ruff", "check", "--quiet", ".")),
        Part("mypy", (python, "-m", "mypy")),
        Part("import contracts", (str(environment.program("lint-imports")),)),
    ]


def pytest_part(environment: Environment, arguments: Iterable[str], name: str = "pytest") -> Part:
    """Return the part that runs pytest."""
    return Part(name, (str(environment.python), "-m", "pytest", *arguments), talks=True)


def pytest_halves(environment: Environment) -> tuple[Part, Part]:
    """Return two parts that run all tests between them, in about the same time."""
    others = [f"--ignore={folder}" for folder in FIRST_HALF]
    first = pytest_part(environment, FIRST_HALF, "pytest, one half")
    return first, pytest_part(environment, others, "pytest, the other")


def run_part(part: Part, variables: Mapping[str, str]) -> Outcome:
    """Run one part from the checkout's root."""
    print(f"{part.name} …", flush=True)
    started = time.monotonic()
    if part.talks and sys.stdout.isatty():  # with its own colours, and as wide as the terminal
        status = subprocess.run(part.command, check=False, cwd=CHECKOUT, env=dict(variables)).returncode
    else:
        status = _run_through_pipe(part, variables, _show)
    return Outcome(part, status, time.monotonic() - started)


def run_side_by_side(parts: Iterable[tuple[Part, Mapping[str, str]]]) -> list[Outcome]:
    """Run parts at the same time, each with variables of its own. What they write is shown one after the other.

    Whatever ends this call early ends the parts as well.
    """
    waiting = [(part, variables, _Turn()) for part, variables in parts]
    outcomes: dict[str, Outcome] = {}
    children: list[subprocess.Popen[bytes]] = []

    def run(part: Part, variables: Mapping[str, str], turn: _Turn) -> None:
        started = time.monotonic()
        status = _run_through_pipe(part, variables, turn.show, children)
        outcomes[part.name] = Outcome(part, status, time.monotonic() - started)

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in waiting]
    try:
        for thread in threads:
            thread.start()
        for (part, _, turn), thread in zip(waiting, threads, strict=True):
            print(f"{part.name} …", flush=True)
            turn.begin()
            thread.join()
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
    return [outcomes[part.name] for part, _, _ in waiting]


class _Turn:
    """Keeps what a part writes until it is its turn to be shown, and shows it from then on as it comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[bytes] | None = []

    def show(self, output: bytes) -> None:
        with self._lock:
            if self._kept is not None:
                self._kept.append(output)
            else:
                _show(output)

    def begin(self) -> None:
        with self._lock:
            _show(b"".join(self._kept or []))
            self._kept = None


def _run_through_pipe(
    part: Part,
    variables: Mapping[str, str],
    show: Callable[[bytes], None],
    children: list["subprocess.Popen[bytes]"] | None = None,
) -> int:
    """Run a part and show what it writes, at once where it talks, else in the end and only where it failed.

    Tests limit the size of files to play a full disk; a part that wrote into a log file itself would be cut off then.
    """
    kept = b""
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(part.command, cwd=CHECKOUT, env=dict(variables), stdout=pipe, stderr=both) as child:
        if children is not None:
            children.append(child)
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        while piece := os.read(child.stdout.fileno(), 65536):
            if part.talks:
                show(piece)
            else:
                kept += piece
    if child.returncode != 0:
        show(kept)
    return child.returncode


def _show(output: bytes) -> None:
    """Write a program's output as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()


def run_parts(parts: Iterable[Part], variables: Mapping[str, str] | None = None) -> int:
    """Run every part, print the summary, and return 0 only where all of them passed."""
    return summed_up([run_part(part, os.environ if variables is None else variables) for part in parts])


def summed_up(outcomes: Sequence[Outcome]) -> int:
    """Print a line for each part, and return 0 only where all of them passed."""
    print("\n" + "\n".join(map(str, outcomes)), flush=True)
    return 0 if all(outcome.status == 0 for outcome in outcomes) else 1
