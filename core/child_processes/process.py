"""The parent's side of a child process: started in a group of its own, watched, and ended whatever happens."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.child_processes.limits import CHILD_WORD, PARENT_VARIABLE
from core.job import JobContext

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.05
KEPT_LINES = 40
LINE_BYTES = 2000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a child process may use."""

    seconds: float = 120.0
    processor_seconds: int = 0  # 0: as many as it likes within `seconds`
    memory_bytes: int = 12 * 2**30  # address space, with what torch's own libraries take of it; Linux only
    output_bytes: int = 2 * 2**30  # of one file


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a child process ended."""

    status: int  # exit status; minus the signal's number if a signal ended it
    timed_out: bool
    last_line: str  # of what it printed, "" if it printed nothing


def child_command(child: str, folder: Path) -> list[str]:
    """The command that starts a child, named by its module. `folder` holds its request, and will hold what it leaves.

    A frozen program has no interpreter and no files of source: it starts itself, and `entry` goes on from there.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_WORD, child, str(folder)]
    return [sys.executable, "-I", str(ROOT.joinpath(*child.split(".")).with_suffix(".py")), str(folder)]


def run_child(child: str, folder: Path, working_folder: Path, job: JobContext, limits: Limits) -> Ended:
    """Run a child until it ends, its time is over, or the job is stopped; then nothing of it is left running.

    Parameters
    ----------
    child : str
        The module that it runs, one of `entry.CHILDREN`.
    folder : Path
        Of this child alone; it holds the request, and will hold what the child leaves.

    Raises
    ------
    Cancelled
        If the job was stopped; the child and its own children are killed first.
    """
    scratch = folder / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    environment[PARENT_VARIABLE] = str(os.getpid())
    process = subprocess.Popen(
        child_command(child, folder),
        cwd=working_folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # a group of its own, so that it can be ended together with those that it starts
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
    )
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    reader = threading.Thread(target=_keep_last_lines, args=(process.stdout, lines), daemon=True)
    reader.start()
    ends_at = time.monotonic() + limits.seconds
    try:
        while process.poll() is None and time.monotonic() < ends_at:
            job.check()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
        timed_out = process.poll() is None
    finally:
        _end(process)
        _end_strays(scratch)
        reader.join(1.0)  # a grandchild that left the group may still hold the pipe
    said = next((line for line in reversed(lines) if line), "")
    return Ended(status=process.returncode, timed_out=timed_out, last_line=said)


def signal_name(number: int) -> str:
    """What a signal that ended a child means."""
    known = {4: "illegal instruction", 6: "aborted", 7: "bus error", 8: "arithmetic", 9: "killed", 11: "invalid memory"}
    return known.get(number, "unknown" if os.name == "nt" else "see kill -l")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the child and all that it started."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody of the group is left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_strays(scratch: Path) -> None:
    """Kill those that left the group to live on, on Linux: they still carry the environment that they began with."""
    if not sys.platform.startswith("linux"):
        return
    mark = f"TMPDIR={scratch}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # of somebody else, or gone by now
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def _keep_last_lines(stream: IO[bytes] | None, lines: deque[str]) -> None:
    """Read all that the child prints, however much, and keep the end of it."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError), stream:
        while raw := stream.readline(LINE_BYTES):
            text = "".join(character if character.isprintable() else " " for character in raw.decode(errors="replace"))
            lines.append(text.strip())
