"""Ctrl-C and its relatives in real processes: nothing computed is lost, and a second one is obeyed at once."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

if sys.platform == "win32":
    pytest.skip("terminals and signals of Unix", allow_module_level=True)

from core.landscape.surface import EVALUATED
from core.session.files import open_document
from tests.app.cli.children import CORRIE, EXAMPLES, PATIENCE, environment, run_command
from tests.app.cli.terminals import OnTerminal

GRID = 13
LANDSCAPE = ("landscape", EXAMPLES / "digits_resnet.toml", "digits", "--grid", GRID, "--samples", 192)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return work


def test_ctrl_c_keeps_what_is_there_and_resume_completes_it(folder: Path) -> None:
    with OnTerminal([*CORRIE, *LANDSCAPE, "-o", "s.corrie.h5"], folder) as terminal:
        terminal.wait_for(rf" (\d\d)/{GRID**2} ")
        terminal.press_ctrl_c()
        status, out = terminal.end()
    assert status == 130
    assert "Stopping; what is computed so far is kept" in terminal.shown
    assert re.search(r"\d+%\|", terminal.shown)
    assert re.search(r"\[\d\d:\d\d<", terminal.shown)  # time passed and time left
    assert "partial: stopped before it was complete; --resume" in out
    assert "session         s.corrie.h5" in out
    (item,) = open_document(folder / "s.corrie.h5").results
    partial = item.result
    known = partial.evaluated == EVALUATED
    assert partial.status == "partial"
    assert 10 <= known.sum() < GRID**2

    whole = run_command([*CORRIE, *LANDSCAPE, "--resume", "s.corrie.h5", "--json"], folder)
    assert whole.returncode == 0, whole.stderr
    (completed,) = open_document(folder / "s.corrie.h5").results
    assert (completed.id, completed.result.status) == (item.id, "complete")
    assert (completed.result.evaluated == EVALUATED).all()
    assert np.array_equal(completed.result.loss[known], partial.loss[known])
    assert completed.result.provenance.seconds > partial.provenance.seconds


def test_a_polite_kill_does_the_same_and_a_log_gets_plain_lines(folder: Path) -> None:
    long = ("landscape", EXAMPLES / "digits_resnet.toml", "digits", "--grid", 101, "--samples", 512)
    command = [str(word) for word in (*CORRIE, *long, "-o", "s.corrie.h5", "--json")]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(folder.parent / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stderr.readline()
            if line.startswith("corrie: "):  # how long it may take, said before the start
                line = process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 130
    assert re.fullmatch(r"Surface of Digit reader with shortcuts: \d+ % \([^()]+\), about [^()]+ left\n", line)
    assert "\r" not in line + err
    assert '"status": "partial"' in out
    assert open_document(folder / "s.corrie.h5").results[0].result.status == "partial"


CHILD = """
import os, sys, threading
from app.cli.progress import run_with_progress
def work(job):
    job.partial("half")
    print("working", flush=True)
    {work}
    job.check()
    return "whole"
def keep(result, complete):
    print("keeping", flush=True)
    {keep}
    return print(result, complete, flush=True)
run_with_progress("Work", work, keep)
"""
HANGS = "threading.Event().wait()"
ASKS = "sys.stdin.readline()"
GOES_ON = "pass"


def child(work: str, keep: str, *, ignored: bool = False) -> subprocess.Popen[str]:
    """A small job under the real care of the command line, that says where it is."""
    code = CHILD.format(work=work, keep=keep)
    if ignored:
        code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + code
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(Path.cwd() / "home"),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    )


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_request_to_stop_leaves_at_once(number: signal.Signals) -> None:
    with child(HANGS, GOES_ON) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(number)
        assert process.stderr.readline() == "\n"
        assert "Press Ctrl-C again to leave at once" in process.stderr.readline()
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGINT  # which a shell shows as 130


def test_a_first_request_gives_the_last_partial_result() -> None:
    with child(ASKS, GOES_ON) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "\n"
        out, _ = process.communicate("\n", timeout=PATIENCE)
    assert out == "keeping\nhalf False\n"
    assert process.returncode == 0


def test_ctrl_c_while_the_result_is_saved_does_not_lose_it() -> None:
    with child(GOES_ON, ASKS) as process:
        assert process.stdout.readline() == "working\n"
        assert process.stdout.readline() == "keeping\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "\n"
        out, _ = process.communicate("\n", timeout=PATIENCE)
    assert out == "whole True\n"
    assert process.returncode == 0


def test_a_signal_that_was_to_be_ignored_is_ignored() -> None:
    with child(ASKS, GOES_ON, ignored=True) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate("\n", timeout=PATIENCE)
    assert out == "keeping\nwhole True\n"
    assert "Stopping" not in err
