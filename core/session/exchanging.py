"""A document into a new file beside the one it replaces, read back and compared: what is behind a save."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import SessionError
from core.job import JobContext
from core.session.contents import Contents
from core.session.copying import Copies, same_pieces
from core.session.document import Document
from core.session.image import DiskImage
from core.session.manifest import ManifestCheck
from core.session.noted import recall
from core.session.read import OpenedSession, manifest_of, read_session
from core.session.reading import opened
from core.session.refusal import DAMAGE, Refusal
from core.session.source import Source, live_sources
from core.session.write import check_length, write_session


def copies_for(path: Path) -> Copies:
    """What a save can take from other files: from those of which something may still be read, and from the one that it
    replaces, if this installation wrote that."""
    sources = live_sources()
    replaced = _noted_source(path)
    return Copies(sources if replaced is None else [*sources, replaced], replaced)


def write_document(document: Document, file: BinaryIO, copies: Copies) -> None:
    """Write a session into an empty file that is open for reading and writing.

    Raises
    ------
    Refusal, SessionError, OSError
        As `write_session`.
    """
    image = DiskImage(getattr(file, "raw", file))

    def after_piece() -> None:
        image.check()
        check_length(image)

    copies.after_piece = after_piece
    write_session(document, image, copies)


def read_back(contents: Contents, path: Path, copies: Copies) -> OpenedSession:
    """Read all of a file that was just written, piece by piece, and hold it to what was to be written.

    What was copied must have the same packed pieces as before; the values of all else must give the digests that the
    writer computed from what is in memory.

    Raises
    ------
    Refusal, SessionError
        If anything is not as it was to be.
    """
    found: list[Source] = []

    def later(manifest: ManifestCheck) -> Source:
        found.append(Source(contents, path, manifest))
        return found[0]

    with opened(contents) as (file, allowance):
        session = read_session(file, allowance, later)
    for source in found:
        for part in source.manifest.put_off:
            if part not in copies.pieces:
                source.check(part)
            elif not same_pieces(source, part, copies.pieces[part]):
                raise Refusal(f'What was written under "{part}" is not what was to be saved.', "Save to another disk.")
    return session


@contextmanager
def unread_parts_explained(path: Path) -> Iterator[None]:
    """Say of a part that can no longer be read that nothing was saved: it is never left out in silence."""
    try:
        yield
    except SessionError as error:
        raise SessionError(
            path,
            f"The session has parts that were not read yet and cannot be read any more. {error.path.name}: "
            f"{error.reason}",
            "Nothing was saved. Put that file back as it was, or remove what is about that part; then save again.",
        ) from error


def _noted_source(path: Path) -> Source | None:
    """The file itself to copy from, if it is large and this installation wrote it."""
    try:
        contents = Contents(path, JobContext(), recall=recall, whole=False)
    except (Refusal, OSError):
        return None
    try:
        with opened(contents) as (file, allowance):
            manifest = ManifestCheck(manifest_of(file, allowance).decode("ascii"))
    except (Refusal, *DAMAGE):
        contents.close()
        return None
    return Source(contents, path, manifest)
