"""A save that is killed at any moment, between the two renames too, leaves the old session or the new one, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.session.killed_saves import PHASES

ROOT = Path(__file__).parents[3]
TRIES = 200


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has neither SIGKILL nor fork")
def test_of_two_hundred_killed_saves_each_leaves_the_old_or_the_new_session_and_the_one_before(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.core.session.killed_saves", str(tmp_path), str(TRIES)]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **one_thread}, stdout=subprocess.PIPE, check=True
    ).stdout
    tally = json.loads(said)
    assert tally["wrong"] == []
    assert sum(tally["hit"].values()) == TRIES
    assert tally["lines"] <= TRIES // 2  # each line of the exchange was the last one once
    assert [phase for phase in PHASES[:-1] if not tally["hit"].get(phase)] == []
    assert tally["found"]["old"] > 20
    assert tally["found"]["new"] > 20
