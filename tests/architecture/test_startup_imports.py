"""The window must be there before the heavy libraries are: they are imported behind the welcome page."""

import json
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

HEAVY = {"torch", "vispy", "matplotlib", "scipy", "pyqtgraph"}


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after one statement."""
    report = "import sys, json; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    command = [sys.executable, "-c", f"{statement}\n{report}"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout.splitlines()[-1]))


def test_starting_the_application_loads_no_heavy_library() -> None:
    assert loaded_after("import app.__main__") & HEAVY == set()


@pytest.mark.parametrize("package", ["core.errors, core.job, core.session.document", "app.state, app.commands"])
def test_the_records_can_be_read_without_torch(package: str) -> None:
    assert "torch" not in loaded_after(f"import {package}")


def test_a_heavy_library_would_be_noticed() -> None:
    assert "scipy" in loaded_after("import scipy.linalg")
