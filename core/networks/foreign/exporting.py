"""Foreign networks as programs: a child process exports them, and only what it hands back is looked at here."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.child_processes.process import Ended, Limits, run_child, signal_name
from core.errors import CorrieError, InvalidRequest, OutOfSpace, UnreadableFile, UnsupportedNetwork
from core.job import JobContext
from core.networks.foreign.child import PROGRAM, REPORT, REQUEST
from core.networks.foreign.shapes import readable

CHILD = "core.networks.foreign.child"
REPORT_BYTES = 2**16
ERRORS: Mapping[str, type[CorrieError]] = {
    "InvalidRequest": InvalidRequest,
    "UnsupportedNetwork": UnsupportedNetwork,
    "OutOfSpace": OutOfSpace,
}
USUAL = Limits()


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What a child process made of a foreign network."""

    program: bytes = field(repr=False)  # a .pt2 archive, not yet guarded
    input_shape: tuple[int, ...]  # of one sample
    notes: tuple[str, ...]  # what was assumed or changed


def export_from_python(
    path: Path,
    factory: str,
    input_shape: tuple[int, ...] | None = None,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
    limits: Limits = USUAL,
    *,
    agreed: bool = False,
) -> Exported:
    """Run a user's Python file in a child process, call its factory there, and export the network that it builds.

    Parameters
    ----------
    path : Path
        The Python file. Modules beside it can be imported by it.
    factory : str
        Name of a function of the file that takes no arguments and returns a ``torch.nn.Module``.
    input_shape : tuple of int, optional
        Of one sample; else the file's ``example_input`` or ``input_shape``, else the first usual one that fits.
    agreed : bool
        Whether the user agreed that the file's code runs.

    Raises
    ------
    InvalidRequest
        If nobody agreed, or file, factory and shape do not fit one another.
    UnreadableFile, UnsupportedNetwork, OutOfSpace
        If the file, its factory or the export fails, crashes, hangs or asks for too much.
    Cancelled
        If the job is stopped; then nothing of the child is left running.
    """
    if not path.is_file():
        raise UnreadableFile(path, "There is no such file.", "Check the path.")
    if not agreed:
        raise InvalidRequest(
            f"{path} is Python code, and opening it would run that code in a process of its own, with your rights to "
            f'read and write files, to call "{factory}". Agree to that if you trust the file (--yes-run-code on the '
            "command line)."
        )
    return _exported(path, factory, input_shape, job, limits)


def export_torchscript(
    path: Path,
    input_shape: tuple[int, ...] | None = None,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
    limits: Limits = USUAL,
) -> Exported:
    """Translate a TorchScript file into a program, in a child process: TorchScript can do more than compute.

    Raises
    ------
    InvalidRequest, UnreadableFile, UnsupportedNetwork, OutOfSpace, Cancelled
        As `export_from_python`.
    """
    if not path.is_file():
        raise UnreadableFile(path, "There is no such file.", "Check the path.")
    return _exported(path, None, input_shape, job, limits)


def _exported(
    path: Path, factory: str | None, input_shape: tuple[int, ...] | None, job: JobContext, limits: Limits
) -> Exported:
    request = {
        "path": str(path.resolve()),
        "factory": factory,
        "input_shape": input_shape,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
    }
    try:
        with tempfile.TemporaryDirectory(prefix="corrie-", ignore_cleanup_errors=True) as name:
            folder = Path(name)  # only this user may enter it
            (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
            job.progress(0, 0, f"exporting {path.name} in a process of its own")
            ended = run_child(CHILD, folder, path.resolve().parent, job, limits)
            return _left_behind(folder, path, ended, limits)
    except OSError as error:
        if isinstance(error, CorrieError):
            raise
        raise OutOfSpace(
            f"{path}: No process could be started to export it ({error.strerror}). Free memory or disk space."
        ) from error


def _left_behind(folder: Path, path: Path, ended: Ended, limits: Limits) -> Exported:
    """What the child left, after checking that it is what was asked for."""
    if ended.timed_out:
        raise UnreadableFile(
            path,
            f"It was not exported within {limits.seconds:g} seconds, so its process was ended{_said(ended)}.",
            "Does it wait for something, train, or download? Let the factory only build the network.",
        )
    report = _report(folder / REPORT)
    if report is None:
        raise UnreadableFile(
            path,
            f"The process that should export it {_end_of(ended)}{_said(ended)}.",
            "Corrie itself is not harmed; run the file alone to find out why.",
        )
    if "error" in report:
        raise _as_error(report, path)
    shape, notes = readable(report.get("shape")), report.get("notes")
    if shape is None or not isinstance(notes, list):
        raise UnreadableFile(path, "The process that exported it left no proper report.", "Run it again.")
    program = folder / PROGRAM
    if not program.is_file() or program.is_symlink() or program.stat().st_size > limits.output_bytes:
        raise UnreadableFile(path, "The process that exported it left no program.", "Run it again.")
    return Exported(
        program=program.read_bytes(), input_shape=shape, notes=tuple(_clean(str(note)) for note in notes[:20])
    )


def _report(path: Path) -> dict[str, object] | None:
    """The child's report, None if it left none that can be read. It is not trusted: the user's code ran beside it."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > REPORT_BYTES:
            return None
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _as_error(report: Mapping[str, object], path: Path) -> CorrieError:
    kind, reason, remedy = (_clean(str(report.get(key, ""))) for key in ("error", "reason", "remedy"))
    if kind in ERRORS:
        return ERRORS[kind](f"{path}: {reason} {remedy}".strip())
    return UnreadableFile(path, reason, remedy)


def _end_of(ended: Ended) -> str:
    if ended.status < 0:
        return f"was ended by signal {-ended.status} ({signal_name(-ended.status)})"
    return f"ended by itself with status {ended.status}"


def _said(ended: Ended) -> str:
    return f'; its last words were "{_clean(ended.last_line)[:200]}"' if ended.last_line else ""


def _clean(text: str) -> str:
    """A text of the child's as one line that does nothing to a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)[:1000]
