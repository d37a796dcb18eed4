"""The files that hold the log and the traces of crashes."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.places import log_folder

MOST = 20  # files of each kind that are kept


def new_file(kind: str) -> Path:
    """A file of this process. Older ones of its kind go where there are too many. Raises `OSError`."""
    folder = log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in _files(kind)[MOST - 1 :]:
        with suppress(OSError):
            old.unlink()
    return folder / f"{kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"


def last_crash() -> Path | None:
    """The newest trace of a crash; None if there is none. A file without a word belongs to a window that lives."""
    return next((path for path in _files("crash") if _length(path)), None)


def _files(kind: str) -> list[Path]:
    """The newest first."""
    with suppress(OSError):
        return sorted(log_folder().glob(f"{kind}-*.txt*"), key=lambda path: path.name, reverse=True)
    return []


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
