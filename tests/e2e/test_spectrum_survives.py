"""A search for eigenvalues in a real process that is killed at once: it goes on where it was, to the same result."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

if sys.platform == "win32":
    pytest.skip("signals of Unix", allow_module_level=True)

from core.session.document import ResultItem
from core.session.files import open_document
from core.spectrum.spectrum import BegunSearch, Spectrum
from tests.app.cli.children import CORRIE, EXAMPLES, PATIENCE, environment, run_command

# The command itself, in a process that saves what it has several times a second.
OFTEN = (
    "import sys, app.cli.so_far as so_far; so_far.SAVE_SECONDS, so_far.SHARE = 0.1, 1\n"
    "from app.cli.group import run; sys.exit(run(sys.argv[1:]))"
)
SESSION = "s.corrie.h5"
SPECTRUM = ("spectrum", EXAMPLES / "digits_resnet.toml", "digits", "--samples", 48, "--top", 8, "--population", 0)

pytestmark = pytest.mark.slow


def begun_in(path: Path) -> tuple[ResultItem, BegunSearch] | None:
    """The partial spectrum of a session, if it holds the search itself."""
    if not path.exists():
        return None
    for item in open_document(path).results:
        if isinstance(item.result, Spectrum) and item.result.begun is not None:
            return item, item.result.begun
    return None


def killed(folder: Path, more: tuple[object, ...], products: int) -> tuple[ResultItem, BegunSearch]:
    """Run the command until the search in its session has taken so many products, and kill it without a word."""
    words = [sys.executable, "-c", OFTEN, *(str(word) for word in (*SPECTRUM, *more))]
    path, until = folder / SESSION, time.monotonic() + 2 * PATIENCE

    def taken() -> int:
        found = begun_in(path)
        return 0 if found is None else found[1].products

    with subprocess.Popen(
        words, cwd=folder, env=environment(folder.parent / "home"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            while taken() < products and time.monotonic() < until:
                assert child.poll() is None, "the command ended before it could be killed"
                time.sleep(0.05)
        finally:
            child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    found = begun_in(path)
    assert found is not None
    return found


def test_a_search_that_was_killed_is_that_of_an_undisturbed_command(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    item, search = killed(folder, ("-o", SESSION), 8)
    resumed = run_command([*CORRIE, *SPECTRUM, "--resume", SESSION, "--json"], folder)
    assert resumed.returncode == 0, resumed.stderr
    answer = json.loads(resumed.stdout)
    assert answer["item"] == item.id
    assert f"{search.products} products" in answer["taken_over"]
    whole = run_command([*CORRIE, *SPECTRUM, "-o", "whole.corrie.h5", "--json"], folder)
    assert whole.returncode == 0, whole.stderr
    straight = json.loads(whole.stdout)
    np.testing.assert_array_equal(answer["eigenvalues"], straight["eigenvalues"])
    assert answer["verified"] == straight["verified"]
    assert straight["products"] <= answer["products"] <= straight["products"] + 1  # the look
