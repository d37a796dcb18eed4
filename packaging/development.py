"""The verbs of dev.py."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

import system_libraries
from complaint import Complaint
from lock_file import CHECKOUT, renew_lock
from quality_checks import (
    pytest_halves,
    pytest_part,
    run_part,
    run_parts,
    run_side_by_side,
    static_parts,
    summed_up,
)
from virtual_environment import set_up
from virtual_screen import has_display, virtual_screen

CORES_FOR_HALVES = 2
DESCRIPTION = """\
Every verb first makes or updates .venv in the checkout from packaging/requirements.lock; where nothing has changed that
takes no time, and an interrupted set-up goes on where it was."""


def run(arguments: list[str]) -> int:
    """Open the window on the built-in example, or on ARGUMENTS; with no display compute the example without one."""
    environment = set_up(development=False)
    if not arguments:
        arguments = ["--example"] if can_open_window() else ["example"]
    # The child gets Ctrl-C from the terminal itself and says what became of its work; so this process only waits.
    with subprocess.Popen([environment.program("corrie"), *arguments]) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def can_open_window() -> bool:
    """Whether a window can be opened, after the libraries for it were installed where that is possible."""
    if not has_display(sys.platform, os.environ):
        print("There is no display, so the example is computed without a window.", flush=True)
        return False
    try:
        system_libraries.install(system_libraries.missing_qt_packages(), "the window")
    except Complaint as complaint:
        print(f"{complaint}\nUntil then the example is computed without a window.", flush=True)
        return False
    return True


def test(arguments: list[str]) -> int:
    """Run all tests and checks; with ARGUMENTS only pytest, with these arguments."""
    environment = set_up(development=True)
    needed = system_libraries.missing_qt_packages() + system_libraries.missing_screen_packages()
    system_libraries.install(needed, "the tests, which open windows on a virtual screen")
    if arguments or (os.cpu_count() or 1) < CORES_FOR_HALVES:
        with virtual_screen() as variables:
            # pytest comes last, so that its closing line stands next to the summary.
            parts = [] if arguments else static_parts(environment)
            return run_parts([*parts, pytest_part(environment, arguments)], variables)
    checked = [run_part(part, os.environ) for part in static_parts(environment)]
    # A screen for each half: two windows on one screen would take the keyboard from each other.
    with virtual_screen() as one, virtual_screen() as other:
        halves = zip(pytest_halves(environment), (one, other), strict=True)
        return summed_up([*checked, *run_side_by_side(halves)])


def check(_arguments: list[str]) -> int:
    """Run the checks that need no tests: ruff format, ruff check, mypy, import contracts."""
    return run_parts(static_parts(set_up(development=True)))


def bench(arguments: list[str]) -> int:
    """Run tests/performance and show what it measures; ARGUMENTS go to pytest."""
    environment = set_up(development=True)
    needed = system_libraries.missing_qt_packages() + system_libraries.missing_screen_packages()
    system_libraries.install(needed, "the measurements, which open windows on a virtual screen")
    with virtual_screen() as variables:
        show = ["--capture=no", "--durations=0", "tests/performance"]
        asked = {**variables, "CORRIE_BENCH": "1"}  # tests/performance/conftest.py runs the long ones then
        return run_parts([pytest_part(environment, [*show, *arguments])], asked)


def mutate(arguments: list[str]) -> int:
    """Open so many mutated sessions and cards: `mutate 1000 --seed 0`; each must become a document or a sentence."""
    environment = set_up(development=True)
    command = (str(environment.python), "-m", "tests.mutating.command", *arguments)
    return subprocess.run(command, check=False, cwd=CHECKOUT).returncode


def soak(arguments: list[str]) -> int:
    """Compute, drag, save, close and reopen for `--minutes 120 --seed 0`, or `--rounds 20`, and tell what grows."""
    environment = set_up(development=True)
    needed = system_libraries.missing_qt_packages() + system_libraries.missing_screen_packages()
    system_libraries.install(needed, "the window that is worked with, on a virtual screen")
    command = (str(environment.python), "-m", "tests.soak.command", *arguments)
    with virtual_screen() as variables:
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=variables).returncode


def lock(_arguments: list[str]) -> int:
    """Write packaging/requirements.lock anew, with the newest versions that fit pyproject.toml."""
    print(renew_lock(set_up(development=False).python))
    return 0


def build(_arguments: list[str]) -> int:
    """Build installers: not possible yet."""
    raise Complaint("Installers are not built yet: run Corrie from the checkout with `python3 packaging/dev.py run`.")


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "mutate": mutate,
    "soak": soak,
    "lock": lock,
    "build": build,
}
PASSING_ON = {"run", "test", "bench", "mutate", "soak"}  # the verbs that hand further arguments on


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    reader = argparse.ArgumentParser(prog="dev.py", description=DESCRIPTION, allow_abbrev=False)
    verbs = reader.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, verb in VERBS.items():
        verbs.add_parser(name, help=verb.__doc__, description=verb.__doc__, allow_abbrev=False)
    return reader


def main(command_line: list[str]) -> int:
    """Carry out one verb and return the exit status: 2 for wrong usage, 130 when interrupted."""
    reader = parser()
    request, arguments = reader.parse_known_args(command_line)
    if arguments and request.verb not in PASSING_ON:
        reader.error(f"{request.verb} takes no arguments, but was given: {' '.join(arguments)}")
    try:
        return VERBS[request.verb]([argument for argument in arguments if argument != "--"])
    except Complaint as complaint:
        print(complaint, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
