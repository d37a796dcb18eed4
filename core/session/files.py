"""Save a document to a session file and open it again: the only two ways in and out."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.errors import CorrieError, SessionError, UnreadableFile
from core.session.atomic import replace_file
from core.session.document import Document
from core.session.hdf5 import h5py
from core.session.read import OpenedSession, read_session
from core.session.refusal import Refusal
from core.session.signature import check_signature
from core.session.write import session_image

# What HDF5 and numpy raise on a file whose structure is damaged; h5py translates most HDF5 failures to OSError.
_DAMAGE = (OSError, RuntimeError, LookupError, ValueError, TypeError, ArithmeticError, MemoryError)


def save_document(
    document: Document,
    path: Path,
    *,
    keep_previous: bool = True,
    last_look: Callable[[], None] | None = None,
) -> None:
    """Write a document to a session file, whole or not at all; the previous file is kept with ``.bak`` at its end.

    The new file is read back completely, and compared with what was to be saved, before it takes the old one's place.

    Parameters
    ----------
    keep_previous : bool
        Whether the file that is there is kept as ``.bak``, in the place of an earlier one.
    last_look : callable, optional
        Called when everything is written and checked and only the exchange is left; what it raises prevents that.

    Raises
    ------
    OutOfSpace
        If the disk is full or the folder may not be written.
    SessionError
        If the folder does not exist, the disk fails, or the document holds something that cannot be saved.
        In every case the old file is untouched.
    """
    try:
        image = session_image(document)
    except Refusal as refusal:
        raise SessionError(path, refusal.reason, refusal.remedy) from refusal

    def verify(temporary: Path) -> None:
        saved = _opened(temporary, shown=path).document
        if saved.document_id != document.document_id or list(saved.items) != list(document.items):
            raise SessionError(path, "What was written is not what was to be saved.", "Save to another disk.")
        if last_look is not None:
            last_look()

    try:
        replace_file(path, lambda file: _write_all(file, image), verify=verify, keep_previous=keep_previous)
    except SessionError:
        raise
    except UnreadableFile as error:
        raise SessionError(path, error.reason, error.remedy) from error


def open_document(path: Path) -> Document:
    """Read a session file into memory, and close it at once.

    Raises
    ------
    SessionError
        If the file is missing, truncated, damaged, no session, of a later version, or built to do harm.
    """
    return open_session(path).document


def open_session(path: Path) -> OpenedSession:
    """The same, with what the file tells about the version that wrote it, and what this version does not know of."""
    return _opened(path, shown=path)


def _opened(path: Path, *, shown: Path) -> OpenedSession:
    try:
        length = check_signature(path)
        # No lock is needed: a session is never changed in place. Locks fail on some network disks.
        with h5py.File(path, "r", locking=False) as file:
            return read_session(file, length)
    except Refusal as refusal:
        raise SessionError(shown, refusal.reason, refusal.remedy) from refusal
    except PermissionError as error:
        raise SessionError(shown, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except CorrieError as error:  # a record refused what the file says
        raise SessionError(shown, f"It contradicts itself: {error}", "Use a copy of the file.") from error
    except _DAMAGE as error:
        reason = "It is damaged: its structure cannot be followed."
        raise SessionError(shown, reason, "Use the copy beside it whose name ends in .bak, or another copy.") from error


def _write_all(file: BinaryIO, image: bytes) -> None:
    file.write(image)
