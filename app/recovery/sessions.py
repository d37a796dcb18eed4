"""Unsaved sessions that an unexpected end of Corrie left: found at the start, opened or thrown away on request."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.actions.kept import Home
from app.recovery.interrupted import InterruptedWork
from app.recovery.keeping_session import KeepsSession
from app.recovery.slot import About, Slot, slots
from app.state.document_state import DocumentState
from core.errors import UnreadableFile
from core.session.document import Document


@dataclass(frozen=True, eq=False)
class UnsavedSession:
    """A session that was found: where it is kept, what it belongs to, and how it looked."""

    kept: Slot
    about: About
    document: Document
    time: datetime  # of the checkpoint
    picture: QImage | None

    @property
    def path(self) -> Path | None:
        """The file that it was opened from or saved to."""
        return Path(self.about.path) if self.about.path else None

    @property
    def name(self) -> str:
        """As the title of the window has it."""
        return "Untitled session" if self.path is None else self.path.name

    @property
    def home(self) -> Home:
        """It is a session itself."""
        return Home(self.document.document_id, self.about.path)


class UnsavedSessions(InterruptedWork[UnsavedSession]):
    """One of them takes the place of the document, as unsaved as it was. Its slot goes when it is saved."""

    def __init__(self, state: DocumentState, keeps: KeepsSession, parent: QObject | None = None) -> None:
        super().__init__(slots, _read, "unsaved sessions", parent)
        self._state, self._keeps = state, keeps

    def restore(self, interrupted: Sequence[UnsavedSession]) -> None:
        """Open the first of them; a window holds one."""
        for one in interrupted[:1]:
            about = one.about
            self._state.open(
                one.document, one.path, dirty=True, partly_understood=about.partly_understood, stamp=about.stamp
            )
            self._keeps.adopt(one.kept)


def _read(kept: Slot) -> UnsavedSession | None:
    from core.session.files import open_document  # noqa: PLC0415  h5py is not needed before

    if not kept.session.exists():
        return None  # it ended before the first checkpoint was whole
    document, about = open_document(kept.session), About()
    with suppress(UnreadableFile):  # then it has lost its file, and is there all the same
        about = kept.about()
    return UnsavedSession(kept, about, document, time_of(kept), kept.picture())


def time_of(kept: Slot) -> datetime:
    """When the session was kept, in the time of this place."""
    seconds = 0.0
    with suppress(OSError):
        seconds = kept.session.stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).astimezone()
