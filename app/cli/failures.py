"""A failure in one sentence. What only a programmer can read goes to a log file, never to the terminal."""

import datetime as dt
import os
import tempfile
from pathlib import Path

from app.jobs.failure import JobFailure, failure_of
from core.places import log_folder


def explain_system_error(error: OSError) -> str:
    """What the operating system refused, and which file it is about."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return f"The operating system refused to read or write ({reason}). Check the disk and where the output goes."
    return f"{os.fsdecode(error.filename)}: {reason}. Check the path and its permissions."


def explain_unexpected(error: Exception, arguments: list[str]) -> str:
    """One sentence about an error that nobody foresaw; its traceback is in the file that the sentence names."""
    failure = failure_of(error, " ".join(["corrie", *arguments]))
    if failure.kind == "memory":
        what = "The memory of this computer does not suffice. Ask for fewer samples, points or eigenvalues."
    else:
        what = f"Something went wrong inside Corrie ({type(error).__name__}). Saved files are untouched."
    place = _written(failure, arguments)
    return f"{what} {'The details could not be written.' if place is None else f'The details are in {place}'}"


def _written(failure: JobFailure, arguments: list[str]) -> Path | None:
    """The log file with the details; None where nothing can be written at all."""
    now = dt.datetime.now(dt.UTC)
    name = f"corrie-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(f"{now.isoformat()}\ncorrie {arguments}\n\n{failure.details}", encoding="utf-8")
        except OSError:
            continue
        return path
    return None
