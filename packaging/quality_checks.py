"""The parts of `dev.py check` and `dev.py test`: each is run, whatever the others said."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lock_file import CHECKOUT
from virtual_environment import Environment

NO_TESTS = 5  # pytest's exit status where it collected nothing


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


def pytest_part(environment: Environment, arguments: Iterable[str]) -> Part:
    """Return the part that runs pytest."""
    return Part("pytest", (str(environment.python), "-m", "pytest", *arguments), talks=True)


def run_part(part: Part, variables: Mapping[str, str]) -> Outcome:
    """Run one part from the checkout's root."""
    print(f"{part.name} …", flush=True)
    started = time.monotonic()
    if part.talks and sys.stdout.isatty():  # with its own colours, and as wide as the terminal
        status = subprocess.run(part.command, check=False, cwd=CHECKOUT, env=dict(variables)).returncode
    else:
        status = _run_through_pipe(part, variables)
    return Outcome(part, status, time.monotonic() - started)


def _run_through_pipe(part: Part, variables: Mapping[str, str]) -> int:
    """Run a part and show what it writes, at once where it talks, else in the end and only where it failed.

    Tests limit the size of files to play a full disk; a part that wrote into a log file itself would be cut off then.
    """
    kept = b""
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(part.command, cwd=CHECKOUT, env=dict(variables), stdout=pipe, stderr=both) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        while piece := os.read(child.stdout.fileno(), 65536):
            if part.talks:
                _show(piece)
            else:
                kept += piece
    if child.returncode != 0:
        _show(kept)
    return child.returncode


def _show(output: bytes) -> None:
    """Write a program's output as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()


def run_parts(parts: Iterable[Part], variables: Mapping[str, str] | None = None) -> int:
    """Run every part, print the summary, and return 0 only where all of them passed."""
    outcomes = [run_part(part, os.environ if variables is None else variables) for part in parts]
    print("\n" + "\n".join(map(str, outcomes)), flush=True)
    return 0 if all(outcome.status == 0 for outcome in outcomes) else 1
