"""Whether a file can be an HDF5 file at all, judged by its first bytes and its length, before HDF5 sees it."""

from pathlib import Path

from core.session.layout import LARGEST_SESSION
from core.session.refusal import Refusal

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_SUPERBLOCK = 64  # bytes that hold what is needed in every version


def check_signature(path: Path) -> int:
    """The length of a file that begins like HDF5 and is as long as it says.

    Raises
    ------
    Refusal
        If it is missing, a folder, empty, too large, something else than HDF5, or truncated.
    OSError
        If it cannot be read.
    """
    if not path.exists():
        raise Refusal("There is no such file.", "Check the path.")
    if not path.is_file():
        raise Refusal("It is not a file.", "Choose a session file.")
    length = path.stat().st_size
    if length > LARGEST_SESSION:
        raise Refusal(f"It has {length:,} bytes, more than any session.", "Choose a session file.")
    with path.open("rb") as file:
        start = file.read(_SUPERBLOCK)
    if not start.startswith(SIGNATURE):
        raise Refusal(
            "It is empty." if not start else "It is not an HDF5 file.",
            "Choose a session file, or the copy beside it whose name ends in .bak.",
        )
    declared = _declared_length(start)
    if length < declared:
        raise Refusal(
            f"It is truncated: {length:,} of {declared:,} bytes are there.",
            "Copy it again from where it came from, or use the copy beside it whose name ends in .bak.",
        )
    return length


def _declared_length(start: bytes) -> int:
    """The end of file that the superblock states (HDF5 file format specification, §II.A); 8-byte addresses."""
    version = start[8] if len(start) == _SUPERBLOCK else None
    if version in (0, 1):
        at = 40 if version == 0 else 44
    elif version in (2, 3):
        at = 28
    else:
        raise Refusal("Its beginning is damaged.", "Use the copy beside it whose name ends in .bak.")
    return int.from_bytes(start[at : at + 8], "little")
