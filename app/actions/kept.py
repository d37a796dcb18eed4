"""What is on the disk while work goes on, under a lock, so that the next start finds what a crash interrupted."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.state.process_lock import process_lock
from core.errors import OutOfSpace


class Kept:
    """A file or a folder. While its lock is held, no other window takes it for something that was interrupted."""

    def __init__(self, place: Path, lock: Path) -> None:
        self.place = place
        self._lock = process_lock(lock)

    def take(self) -> bool:
        """Hold the lock, unless a living process does."""
        return self._lock.tryLock(0)

    def release(self) -> None:
        """Leave everything for the next start."""
        self._lock.unlock()

    def remove(self) -> None:
        """Delete everything. What cannot be deleted now is offered again at the next start."""
        raise NotImplementedError


def make_folder(folder: Path) -> None:
    """Make a folder for what is kept, which only this user may enter. Raises `OutOfSpace` where that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfSpace(
            f"{folder}: the folder cannot be made ({error.strerror}). Make room there, or see who may write there."
        ) from error


def oldest_first(files: Iterable[Path]) -> list[Path]:
    """Files by the time of their last change; those that are gone meanwhile come first."""
    return sorted(files, key=_changed)


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def free_path(path: Path) -> Path:
    """The path, or one beside it where something lies there: what goes on must not write over where it began."""
    if not path.exists():
        return path
    stem, dot, endings = path.name.partition(".")
    return path.with_name(f"{stem}-{secrets.token_hex(3)}{dot}{endings}")


@dataclass(frozen=True)
class Home:
    """The session that something was part of."""

    document_id: str = ""  # empty if nobody knows
    path: str = ""  # its file; empty if it had none
