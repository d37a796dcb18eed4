"""A lock that a living process holds, and that one which was killed leaves to the next."""

from pathlib import Path

from PySide6.QtCore import QLockFile


def process_lock(place: Path) -> QLockFile:
    """A lock at that path. Time alone never breaks it: what it guards may take days."""
    lock = QLockFile(str(place))
    lock.setStaleLockTime(0)
    return lock
