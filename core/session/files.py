"""Save a document to a session file and open it again: the only two ways in and out."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from core.errors import CorrieError, OutOfSpace, SessionError, UnreadableFile
from core.job import JobContext
from core.session.atomic import replace_file
from core.session.contents import Contents
from core.session.document import Document
from core.session.exchanging import copies_for, read_back, unread_parts_explained, write_document
from core.session.noted import LARGE, note, recall
from core.session.read import OpenedSession, manifest_of, read_session
from core.session.reading import opened
from core.session.refusal import DAMAGE, ChangedMeanwhile, Refusal
from core.session.seal import seal
from core.session.source import Source
from core.session.stranger.rehearsal import rehearse
from core.session.stranger.trial import SESSION

Found = TypeVar("Found")
# Where an open file cannot be exchanged, sessions are read at once and closed.
READS_LATER = os.name != "nt"
LOOKS = 5  # at a file that others write to at the same time; they exchange it whole, so a few are enough


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
    copies, written = copies_for(path), None

    def write(file: BinaryIO) -> None:
        try:
            with unread_parts_explained(path):
                write_document(document, file, copies)
        finally:
            copies.let_go()

    def verify(temporary: Path) -> None:
        nonlocal written
        with explained(path), closing(Contents(temporary, JobContext())) as written:
            saved = read_back(written, path, copies).document
        same = saved.document_id == document.document_id and list(saved.items) == list(document.items)
        if not same or list(saved.notes.items()) != list(document.notes.items()):
            raise SessionError(path, "What was written is not what was to be saved.", "Save to another disk.")
        if last_look is not None:
            last_look()

    try:
        replace_file(path, write, verify=verify, keep_previous=keep_previous)
    except Refusal as refusal:
        raise SessionError(path, refusal.reason, refusal.remedy) from refusal
    except SessionError:
        raise
    except UnreadableFile as error:
        raise SessionError(path, error.reason, error.remedy) from error
    if written is not None:
        seal(written.digest)
        note(written.length, written.hashes)


def open_document(path: Path, job: JobContext = JobContext(), *, apart: bool = True) -> Document:  # noqa: B008  no state
    """Read a session file into memory, but for the large parts of a large one, which are read when they are asked for.

    Such parts need the file as it is now: it stays open while any of them may still be read (on Windows, where it could
    not be exchanged then, all is read at once). Once its bytes were changed in their place, they raise `SessionError`
    when they are asked for.

    Parameters
    ----------
    apart : bool
        Whether a file that this installation did not write is read by a child process first, which takes about half a
        second more. Without, a file made to do harm may hang or end this process, and everything is read at once.

    Raises
    ------
    SessionError
        If the file is missing, truncated, damaged, no session, of a later version, or built to do harm.
    OutOfSpace
        If no child process could be started.
    Cancelled
        If the job is stopped.
    """
    return open_session(path, job, apart=apart).document


def open_session(path: Path, job: JobContext = JobContext(), *, apart: bool = True) -> OpenedSession:  # noqa: B008  no state
    """The same, with what the file tells about the version that wrote it, and what this version does not know of."""

    def read(contents: Contents) -> OpenedSession:
        if apart and READS_LATER and contents.length >= LARGE:
            return _read_later(contents, path)
        with closing(contents):
            return _read(contents)

    return _at_rest(path, read, job, apart=apart)


def manifest_text(path: Path, job: JobContext = JobContext()) -> bytes:  # noqa: B008  no state
    """The text of a session's manifest, whose sha256 stands for all that the session holds.

    Raises
    ------
    SessionError, OutOfSpace, Cancelled
        As `open_document`.
    """

    def read(contents: Contents) -> bytes:
        with closing(contents), opened(contents) as (file, allowance):
            return manifest_of(file, allowance)

    return _at_rest(path, read, job, apart=True)


def _at_rest(path: Path, read: Callable[[Contents], Found], job: JobContext, *, apart: bool) -> Found:
    """What `read` finds in a file. One that another program exchanges meanwhile is looked at again."""
    with explained(path):
        for look in range(LOOKS - 1):
            with suppress(ChangedMeanwhile):
                return _one_look(path, read, job, apart=apart, known=look == 0)
            job.check()
        return _one_look(path, read, job, apart=apart, known=False)


def _one_look(path: Path, read: Callable[[Contents], Found], job: JobContext, *, apart: bool, known: bool) -> Found:
    """One whose blocks are not those that were noted down when it was written is looked at as a stranger's next."""
    contents = Contents(path, job, recall=recall if apart and known else None)
    try:
        if apart:
            rehearse(contents, path, SESSION, job)
        return read(contents)
    except BaseException:
        contents.close()
        raise


def _read(contents: Contents) -> OpenedSession:
    with opened(contents) as (file, allowance):
        return read_session(file, allowance)


def _read_later(contents: Contents, path: Path) -> OpenedSession:
    with opened(contents) as (file, allowance):
        return read_session(file, allowance, partial(Source, contents, path), followed=contents.noted)


@contextmanager
def explained(shown: Path) -> Iterator[None]:
    """Turn whatever a file does while it is read into a `SessionError` with its name."""
    try:
        yield
    except Refusal as refusal:
        raise SessionError(shown, refusal.reason, refusal.remedy) from refusal
    except PermissionError as error:
        raise SessionError(shown, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except OutOfSpace:
        raise
    except CorrieError as error:  # a record refused what the file says
        raise SessionError(shown, f"It contradicts itself: {error}", "Use a copy of the file.") from error
    except DAMAGE as error:
        reason = "It is damaged: its structure cannot be followed."
        raise SessionError(shown, reason, "Use the copy beside it whose name ends in .bak, or another copy.") from error
