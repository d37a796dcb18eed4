"""A table of cases in a real process that is killed at once: what is done is there, and the rest follows."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

if sys.platform == "win32":
    pytest.skip("signals of Unix", allow_module_level=True)

from core.corrections.records.cases import NOT_YET, Cases
from core.session.files import open_document
from tests.app.cli.children import CORRIE, EXAMPLES, PATIENCE, environment, run_command

# The command itself, in a process that saves what it has several times a second.
OFTEN = (
    "import sys, app.cli.so_far as so_far; so_far.SAVE_SECONDS, so_far.SHARE = 0.1, 1\n"
    "from app.cli.group import run; sys.exit(run(sys.argv[1:]))"
)
ASK = ("cases", EXAMPLES / "german_credit.toml", "german-credit", "--free", "duration_in_month,credit_amount")
ROWS = ("--samples", 150, "--rules", 1)
ARRAYS = ("rows", "proof", "closed", "distance", "lower_bound", "point", "levels", "box", "rule_box", "rule_covers")


pytestmark = pytest.mark.slow  # three starts of the command


def table_in(path: Path) -> Cases | None:
    found = [item.result for item in open_document(path).results] if path.exists() else []
    return found[0] if found and isinstance(found[0], Cases) else None


def test_a_kill_loses_no_finished_case_and_resume_gives_the_table_of_an_undisturbed_run(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    path, until = folder / "s.corrie.h5", time.monotonic() + PATIENCE
    words = [sys.executable, "-c", OFTEN, *(str(word) for word in (*ASK, *ROWS)), "-o", path.name]
    with subprocess.Popen(
        words, cwd=folder, env=environment(tmp_path / "home"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            while (table := table_in(path)) is None or table.done < 3:
                assert child.poll() is None, "the command ended before it could be killed"
                assert time.monotonic() < until
                time.sleep(0.02)
        finally:
            child.send_signal(signal.SIGKILL)
    killed = table_in(path)
    assert killed is not None
    assert killed.status == "partial"
    done = killed.proof != NOT_YET
    assert 3 <= done.sum() < len(done)

    resumed = run_command([*CORRIE, *ASK, *ROWS, "--resume", path.name], folder)
    assert resumed.returncode == 0, resumed.stderr
    whole = table_in(path)
    assert whole is not None
    assert whole.status == "complete"
    for name in (*ARRAYS[:8], "seconds"):  # bit for bit what it was, the time it took as well
        assert getattr(whole, name)[done].tobytes() == getattr(killed, name)[done].tobytes(), name

    undisturbed = run_command([*CORRIE, *ASK, *ROWS, "-o", "other.corrie.h5"], folder)
    assert undisturbed.returncode == 0, undisturbed.stderr
    other = table_in(folder / "other.corrie.h5")
    assert other is not None
    for name in ARRAYS:
        assert np.array_equal(getattr(whole, name), getattr(other, name), equal_nan=True), name
