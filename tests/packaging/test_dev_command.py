import os
import subprocess
import sys
from pathlib import Path

import dev
import development
import lock_file
import pytest

DEV = Path(__file__).parents[2] / "packaging" / "dev.py"


def call(*arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, str(DEV), *arguments], capture_output=True, text=True, check=False)


def test_help_names_every_verb_and_what_it_does() -> None:
    answer = call("--help")
    assert answer.returncode == 0
    for name, verb in development.VERBS.items():
        assert f" {name} " in answer.stdout
        assert (verb.__doc__ or "").split()[0] in answer.stdout


@pytest.mark.parametrize("arguments", [[], ["polish"], ["--polish"], ["check", "--quickly"], ["lock", "torch"]])
def test_wrong_usage_ends_with_status_two_and_touches_nothing(arguments: list[str]) -> None:
    answer = call(*arguments)
    assert answer.returncode == 2
    assert "usage" in answer.stderr
    assert answer.stdout == ""


def test_build_says_in_one_sentence_that_there_are_no_installers() -> None:
    answer = call("build")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "not built yet" in answer.stderr


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 15, 0), (4, 0, 0)])
def test_a_python_outside_the_span_is_refused_with_the_span(version: tuple[int, ...]) -> None:
    assert "3.11 to 3.14" in dev.unsuitable(version, 64)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 14, 2)])
def test_every_python_of_the_span_is_taken(version: tuple[int, ...]) -> None:
    assert dev.unsuitable(version, 64) == ""


def test_a_32_bit_python_is_refused_because_of_torch() -> None:
    assert "32-bit" in dev.unsuitable((3, 12, 0), 32)


def test_the_oldest_python_is_the_one_that_pyproject_names() -> None:
    assert lock_file.project()["requires-python"] == f">={dev.OLDEST[0]}.{dev.OLDEST[1]}"


def old_pythons() -> list[str]:
    """Interpreters on this machine that are too old and do run."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [*versions.glob("3.[6-9].*/bin/python"), *versions.glob("3.10.*/bin/python")]
    return [
        str(place) for place in [*places, *map(Path, ["/usr/bin/python3.9", "/usr/bin/python3.10"])] if place.exists()
    ]


@pytest.mark.skipif(not old_pythons(), reason="no Python older than 3.11 on this machine")
def test_an_old_python_gets_a_sentence_and_no_traceback() -> None:
    for python in old_pythons():
        answer = call("run", python=python)
        assert answer.returncode == 1
        assert "too old" in answer.stderr
        assert "Traceback" not in answer.stderr
        assert answer.stderr.count("\n") == 1
