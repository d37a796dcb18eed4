"""A stranger's file is read by a child process first: what hangs, crashes or swells there does no harm here."""

import json
import tempfile
from pathlib import Path

from core.child_processes.process import Ended, Limits, run_child, signal_name
from core.errors import CorrieError, OutOfSpace
from core.job import JobContext
from core.session.contents import Contents
from core.session.layout import most_unpacked
from core.session.refusal import ChangedMeanwhile, Refusal
from core.session.seal import is_sealed
from core.session.stranger.child import CHANGED, REPORT, REQUEST

CHILD = "core.session.stranger.child"
REPORT_BYTES = 2**16
PROCESSOR_EXCEEDED = 24  # SIGXCPU on Linux and macOS
PROCESSOR_SECONDS = 5  # for a small file, which takes half of one
OWN_MEMORY = 512 * 2**20  # address space of Python, numpy and HDF5, and of what they read beside arrays

_came_through: set[tuple[str, str]] = set()  # contents and purposes, by this process's own children


def limits_for(file_bytes: int) -> Limits:
    """Time and memory for a file of that length: a hundred times what an honest one takes."""
    seconds = PROCESSOR_SECONDS + file_bytes // (10 * 2**20)
    return Limits(
        seconds=30.0 + 3 * seconds,  # by the clock; other programs may need the processor, too
        processor_seconds=seconds,
        memory_bytes=OWN_MEMORY + 3 * most_unpacked(file_bytes) // 2,  # less than 1 GB for a small one
        output_bytes=2**20,
    )


def rehearse(contents: Contents, path: Path, purpose: str, job: JobContext) -> None:
    """Let a child process read what this installation did not write, once for the same contents.

    Parameters
    ----------
    purpose : str
        One of `trial.PURPOSES`.

    Raises
    ------
    Refusal
        If the child refused it, crashed, or took too long.
    OutOfSpace
        If no process could be started.
    Cancelled
        If the job is stopped; then nothing of the child is left running.
    """
    key = (contents.digest, purpose)
    if contents.noted or key in _came_through or is_sealed(contents.digest):
        return
    limits = limits_for(contents.length)
    bounds = {
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "processor_seconds": limits.processor_seconds,
    }
    request = {"path": str(path.resolve()), "digest": contents.digest, "purpose": purpose, "limits": bounds}
    try:
        with tempfile.TemporaryDirectory(prefix="corrie-", ignore_cleanup_errors=True) as name:
            folder = Path(name)  # only this user may enter it
            (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
            job.progress(0, 0, f"checking {path.name}, which was written elsewhere")
            ended = run_child(CHILD, folder, folder, job, limits)
            _judge(ended, folder / REPORT, limits)
    except OSError as error:
        if isinstance(error, CorrieError):
            raise
        raise OutOfSpace(
            f"{path}: No process could be started to check it ({error.strerror}). Free memory or disk space."
        ) from error
    _came_through.add(key)


def _judge(ended: Ended, report: Path, limits: Limits) -> None:
    """Raise `Refusal` unless the child came through."""
    if ended.timed_out:
        raise Refusal(f"Reading it did not end within {limits.seconds:.0f} s, so the process that tried it was ended.")
    if ended.status == -PROCESSOR_EXCEEDED:
        raise Refusal(
            f"Reading it did not end within {limits.processor_seconds} s of processor time, so the process that tried "
            "it was ended."
        )
    if ended.status < 0:
        said = f"signal {-ended.status}, {signal_name(-ended.status)}"
        raise Refusal(f"Reading it ended the process that tried it ({said}).")
    if ended.status != 0 or not report.is_file() or report.stat().st_size > REPORT_BYTES:
        raise Refusal(f"The process that should check it ended by itself with status {ended.status}{_words(ended)}.")
    table = json.loads(report.read_text(encoding="utf-8"))
    if CHANGED in table:
        raise ChangedMeanwhile
    if table:
        raise Refusal(table["reason"], table["remedy"])


def _words(ended: Ended) -> str:
    return f' and the words "{ended.last_line[:200]}"' if ended.last_line else ""
