"""Files opened lately, for the File menu and the welcome page."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.state.settings import Settings

LIMIT = 12


@dataclass(frozen=True)
class RecentFile:
    """One entry. A missing file keeps its place: its drive may be plugged in again tomorrow."""

    path: Path
    exists: bool


class RecentFiles(QObject):
    """The list of recent files, newest first, no file twice, kept in the settings."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def entries(self) -> tuple[RecentFile, ...]:
        """All entries with the word whether they are there. Asks the disk, so not for a paint event."""
        return tuple(RecentFile(path, _exists(path)) for path in self._settings.recents)

    def existing(self) -> tuple[Path, ...]:
        """Only those that can be opened now."""
        return tuple(entry.path for entry in self.entries() if entry.exists)

    def add(self, path: Path) -> None:
        """Put a file on top of the list."""
        path = path.absolute()
        others = tuple(other for other in self._settings.recents if not same_file(path, other))
        self._store((path, *others)[:LIMIT])

    def remove(self, path: Path) -> None:
        """Take a file from the list. Nothing happens to the file."""
        self._store(tuple(other for other in self._settings.recents if not same_file(path.absolute(), other)))

    def clear(self) -> None:
        """Empty the list."""
        self._store(())

    def _store(self, paths: tuple[Path, ...]) -> None:
        if paths != self._settings.recents:
            self._settings.recents = paths
            self.changed.emit()


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, through links too; missing files are compared by name."""
    if one == other:
        return True
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one is missing, or no path the system can ask for
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
