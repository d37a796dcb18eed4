"""Where the unsaved session of one window is kept: a folder of its own, under a lock."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QImage

from app.actions.kept import Kept, make_folder, oldest_first
from core.errors import OutOfSpace, UnreadableFile
from core.naming import SESSION_SUFFIX
from core.places import user_data_folder
from core.session.atomic import replace_with
from core.session.document import Document
from core.session.json_text import record_from_json, record_to_json
from core.session.refusal import Refusal

SESSION, ABOUT, PICTURE, LOCK = f"session{SESSION_SUFFIX}", "about.json", "picture.png", "lock"
MAKING_SECONDS = 60.0  # that a folder may be without its lock or its first session
ROOM_TO_LEAVE = 256 * 2**20  # bytes that a checkpoint leaves free on its disk, for everybody else


@dataclass(frozen=True, kw_only=True)
class About:
    """What the session belongs to. Its content stands in the file beside it."""

    path: str = ""  # the file that it was opened from or saved to; empty if it never was
    stamp: tuple[int, int, int] | None = None  # of that file, when it was last read or written
    partly_understood: bool = False  # that file holds more than the version knew that opened it


def recovery_folder() -> Path:
    """Where unsaved sessions are kept: beside the folder of trainings."""
    return user_data_folder("recovery")


class Slot(Kept):
    """The folder of one window's session: the session, what it belongs to, a small picture."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder / LOCK)
        self.folder = folder

    @property
    def session(self) -> Path:
        """The file of the session."""
        return self.folder / SESSION

    def write(self, document: Document, about: About, picture: QImage | None, last_look: Callable[[], None]) -> None:
        """Put a session there, in the place of the one before. Either is whole at every moment.

        Parameters
        ----------
        last_look : callable
            What it raises prevents that anything changes any more.

        Raises
        ------
        OutOfSpace, SessionError, OSError
            If it cannot be kept there; what was there before is untouched.
        """
        from core.session.files import save_document  # noqa: PLC0415  h5py is not needed before

        make_folder(self.folder)
        self.take()
        self._check_room()
        text = record_to_json(about).encode()
        replace_with(text, self.folder / ABOUT)  # a power cut leaves this whole, too
        if picture is not None:
            picture.save(str(self.folder / PICTURE))
        save_document(document, self.session, keep_previous=False, last_look=last_look)

    def about(self) -> About:
        """What the session belongs to. Raises `UnreadableFile` if that makes no sense."""
        path = self.folder / ABOUT
        try:
            return record_from_json(About, path.read_text(encoding="utf-8"))
        except (OSError, ValueError, Refusal) as error:
            raise UnreadableFile(
                path, f"It does not say which file a session belongs to ({error}).", "Open the session beside it."
            ) from error

    def picture(self) -> QImage | None:
        """The small picture; None where there is none, or none that can be shown."""
        image = QImage(str(self.folder / PICTURE))
        return None if image.isNull() else image

    def remove(self) -> None:
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _check_room(self) -> None:
        """A second copy of the session needs room, and other programs some more."""
        before = self.session.stat().st_size if self.session.exists() else 0
        if shutil.disk_usage(self.folder).free < 2 * before + ROOM_TO_LEAVE:
            raise OutOfSpace(f"{self.folder}: the disk is almost full. Free some space on it.")


def new_slot() -> Slot:
    """A slot that nobody has. Nothing is made on the disk yet."""
    return Slot(recovery_folder() / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}-{secrets.token_hex(3)}")


def slots() -> Iterator[Slot]:
    """All of them, those of living windows too, oldest first; none that a window is about to lock."""
    folders: list[Path] = []
    with suppress(OSError):
        folders = [path for path in recovery_folder().iterdir() if path.is_dir() and not _is_being_made(path)]
    yield from (Slot(path.parent) for path in oldest_first(folder / SESSION for folder in folders))


def _is_being_made(folder: Path) -> bool:
    """Whether there is no session yet, and may be soon."""
    with suppress(OSError):
        return not (folder / SESSION).exists() and time.time() - folder.stat().st_mtime < MAKING_SECONDS
    return False
