"""Surfaces, curves and maps in real processes that are killed at once: what was computed is there, and goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

if sys.platform == "win32":
    pytest.skip("signals of Unix", allow_module_level=True)

from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.surface import EVALUATED, Surface
from core.session.atomic import previous_of
from core.session.document import ResultItem
from core.session.files import open_document
from tests.app.cli.children import CORRIE, EXAMPLES, PATIENCE, environment, run_command

# The command itself, in a process that saves what it has several times a second.
OFTEN = (
    "import sys, app.cli.so_far as so_far; so_far.SAVE_SECONDS, so_far.SHARE = 0.1, 1\n"
    "from app.cli.group import run; sys.exit(run(sys.argv[1:]))"
)
NETWORK = EXAMPLES / "digits_resnet.toml"
SESSION = "s.corrie.h5"
SURFACE = ("landscape", NETWORK, "digits", "--grid", 17, "--samples", 192, "--method", "grid")
SHORT = ("landscape", NETWORK, "digits", "--grid", 13, "--samples", 96)
KINDS = {
    "adaptive surface": (*SURFACE[:-1], "adaptive"),
    "curve": ("landscape", NETWORK, "digits", "--one-dimensional", "--grid", 101, "--draws", 3, "--samples", 256),
    "convexity": ("landscape", NETWORK, "digits", "--grid", 2, "--convexity", 5, "--samples", 32),
}


pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return work


def amount(item: ResultItem | None) -> int:
    """How many points of a partial result were computed on all samples."""
    result = None if item is None else item.result
    if isinstance(result, Surface):
        return result.evaluated_count
    if isinstance(result, Curve):
        return int(np.isfinite(result.loss).sum())
    return int(result.computed.sum()) if isinstance(result, Convexity) else 0


def killed(folder: Path, command: tuple[object, ...], *, points: int = 3) -> None:
    """Run a command until its session holds a partial result with some more points, and kill it without a word."""
    words = [sys.executable, "-c", OFTEN, *(str(word) for word in command), "-o", SESSION]
    path, until = folder / SESSION, time.monotonic() + 2 * PATIENCE
    wanted = amount(partial_in(path)) + points
    with subprocess.Popen(
        words, cwd=folder, env=environment(folder.parent / "home"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            while amount(partial_in(path)) < wanted and time.monotonic() < until:
                assert child.poll() is None, "the command ended before it could be killed"
                time.sleep(0.05)
        finally:
            child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert amount(partial_in(path)) >= wanted


def partial_in(path: Path) -> ResultItem | None:
    if not path.exists():
        return None
    return next((item for item in open_document(path).results if item.result.status == "partial"), None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_command_leaves_what_it_had_and_resume_goes_on(folder: Path, kind: str) -> None:
    killed(folder, KINDS[kind])
    before = partial_in(folder / SESSION)
    assert before is not None
    resumed = run_command([*CORRIE, *KINDS[kind], "--resume", SESSION, "--json"], folder)
    assert resumed.returncode == 0, resumed.stderr
    after = open_document(folder / SESSION)
    item = after.items[before.id]
    assert isinstance(item, ResultItem)
    assert {result.result.status for result in after.results} == {"complete"}
    assert item.result.provenance.seconds > before.result.provenance.seconds
    if isinstance(before.result, Surface) and isinstance(item.result, Surface):
        known = before.result.evaluated == EVALUATED
        np.testing.assert_array_equal(item.result.loss[known], before.result.loss[known])
    if isinstance(before.result, Curve) and isinstance(item.result, Curve):
        reached = np.isfinite(before.result.loss)
        np.testing.assert_array_equal(item.result.loss[reached], before.result.loss[reached])


def test_a_surface_that_was_killed_twice_is_the_one_of_an_undisturbed_command(folder: Path) -> None:
    killed(folder, SURFACE)
    killed(folder, (*SURFACE, "--resume", SESSION), points=20)
    resumed = run_command([*CORRIE, *SURFACE, "--resume", SESSION], folder)
    assert resumed.returncode == 0, resumed.stderr
    whole = run_command([*CORRIE, *SURFACE, "-o", "whole.corrie.h5"], folder)
    assert whole.returncode == 0, whole.stderr
    results = [open_document(folder / name).results[0].result for name in (SESSION, "whole.corrie.h5")]
    resumed_surface, undisturbed = (result for result in results if isinstance(result, Surface))
    np.testing.assert_array_equal(resumed_surface.loss, undisturbed.loss)
    np.testing.assert_array_equal(resumed_surface.accuracy, undisturbed.accuracy)


def test_the_copy_beside_the_session_stays_what_was_there_before_the_command(folder: Path) -> None:
    first = run_command([*CORRIE, *SURFACE[:3], "--grid", 2, "--samples", 8, "-o", SESSION], folder)
    assert first.returncode == 0, first.stderr
    before = (folder / SESSION).read_bytes()
    killed(folder, SURFACE, points=40)  # saved several times
    assert previous_of(folder / SESSION).read_bytes() == before
    assert len(open_document(folder / SESSION).results) == 2


def test_two_commands_that_save_on_their_way_lose_nothing_of_each_other(folder: Path) -> None:
    seeds = ("5", "6")
    words = [sys.executable, "-c", OFTEN, *(str(word) for word in SHORT), "-o", SESSION, "--seed"]
    children = [
        subprocess.Popen([*words, seed], cwd=folder, env=environment(folder.parent / "home"), stderr=subprocess.DEVNULL)
        for seed in seeds
    ]
    try:
        assert [child.wait(timeout=2 * PATIENCE) for child in children] == [0, 0]
    finally:
        for child in children:
            child.kill()
    document = open_document(folder / SESSION)
    assert [item.result.status for item in document.results] == ["complete"] * 2
    assert len(document.networks) == len(document.datasets) == 1
    assert not list(folder.glob(".*.tmp"))
