"""The file that a report is about: its length, its date, and its hashes."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import SessionError, UnreadableFile
from core.job import JobContext
from core.session.files import manifest_text

_BLOCK = 1 << 20  # bytes between two looks at the job: some milliseconds


@dataclass(frozen=True, kw_only=True)
class Source:
    """What stood on the disk when the report was made."""

    name: str
    length: int  # bytes
    written_utc: str
    sha256: str
    manifest: str  # the sha256 of its manifest, or why there is none
    changed: bool = False  # the session has changes that are not in the file
    replaced: bool = False  # somebody wrote the file since the session was read from it or saved to it


def source_of(path: Path, job: JobContext, *, changed: bool = False, replaced: bool = False) -> Source:
    """Look at a file that was opened as a session before.

    Raises
    ------
    UnreadableFile
        If it cannot be read any more.
    """
    digest, length = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                job.check()
                digest.update(block)
                length += len(block)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    except OSError as error:
        raise UnreadableFile(
            path,
            f"It can no longer be read ({error.strerror}).",
            "Save the session to another place, and report again.",
        ) from error
    return Source(
        name=path.name,
        length=length,
        written_utc=written,
        sha256=digest.hexdigest(),
        manifest=_manifest(path, job),
        changed=changed,
        replaced=replaced,
    )


def _manifest(path: Path, job: JobContext) -> str:
    """The hash of the manifest's text, or the reason why none can be had."""
    try:
        return hashlib.sha256(manifest_text(path, job)).hexdigest()
    except SessionError as error:
        return f"none: {error.reason[:1].lower()}{error.reason[1:]}"
