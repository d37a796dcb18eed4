"""What Corrie remembers between two starts, in one readable ini file."""

import getpass
import json
from pathlib import Path
from typing import Literal, get_args

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from core.places import settings_folder

ThemeChoice = Literal["system", "light", "dark"]

SCHEMA_VERSION = 1
MAX_THREADS = 1024


class Settings(QObject):
    """Typed access to the settings file.

    People edit such files by hand: whatever cannot be understood counts as not set. Keys that this version does not
    know are left as they are, so an older Corrie does not destroy what a newer one wrote.
    """

    changed = Signal(str)  # name of the property that has another value now

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = (folder or settings_folder()) / "corrie.ini"
        self._store = QSettings(str(self.path), QSettings.Format.IniFormat)

    @property
    def schema_version(self) -> int:
        """Of the file; that of this Corrie if the file says nothing."""
        return self._integer("schema_version", SCHEMA_VERSION, 1, 2**31 - 1)

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or what the system says."""
        stored = self._store.value("theme")
        return next((choice for choice in get_args(ThemeChoice) if choice == stored), "system")

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._set("theme", choice)

    @property
    def threads(self) -> int:
        """Threads for computing; 0 lets Corrie choose and leaves one core to the window."""
        return self._integer("threads", 0, 0, MAX_THREADS)

    @threads.setter
    def threads(self, count: int) -> None:
        self._set("threads", count)

    @property
    def author(self) -> str:
        """Who signs notes: what the user said, or the name they are logged in by; may be empty."""
        return str(self._store.value("author")) if self._store.contains("author") else _login_name()

    @author.setter
    def author(self, name: str) -> None:
        self._set("author", " ".join(name.split()))

    @property
    def recents(self) -> tuple[Path, ...]:
        """Files opened lately, newest first; see `RecentFiles`, which keeps this list in order."""
        try:
            stored = json.loads(str(self._store.value("recents", "[]")))
        except json.JSONDecodeError:
            return ()
        if not isinstance(stored, list):
            return ()
        return tuple(Path(entry) for entry in stored if isinstance(entry, str) and entry)

    @recents.setter
    def recents(self, paths: tuple[Path, ...]) -> None:
        self._set("recents", json.dumps([str(path) for path in paths]))

    @property
    def window_geometry(self) -> bytes:
        """What ``QMainWindow.saveGeometry`` gave; empty if it never did."""
        return self._bytes("window_geometry")

    @window_geometry.setter
    def window_geometry(self, geometry: bytes) -> None:
        self._set("window_geometry", QByteArray(geometry))

    @property
    def window_layout(self) -> bytes:
        """What ``QMainWindow.saveState`` gave: docks and tool bars; empty if it never did."""
        return self._bytes("window_layout")

    @window_layout.setter
    def window_layout(self, layout: bytes) -> None:
        self._set("window_layout", QByteArray(layout))

    def save(self) -> str:
        """Write the file now. Returns why that failed, as a sentence for the log, or an empty text."""
        self._store.sync()
        if self._store.status() == QSettings.Status.NoError:
            return ""
        return f"{self.path}: the settings cannot be kept there. Check that the folder may be written to."

    def _set(self, name: str, value: object) -> None:
        if self._store.value(name) == value:
            return
        if not self._store.contains("schema_version"):
            self._store.setValue("schema_version", SCHEMA_VERSION)
        self._store.setValue(name, value)
        self.changed.emit(name)

    def _integer(self, name: str, default: int, low: int, high: int) -> int:
        try:
            number = int(str(self._store.value(name, default)))
        except ValueError:
            return default
        return number if low <= number <= high else default

    def _bytes(self, name: str) -> bytes:
        stored = self._store.value(name)
        return bytes(stored.data()) if isinstance(stored, QByteArray) else b""


def _login_name() -> str:
    """The name of the account; empty where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
