"""Whether a file can be an HDF5 file at all, judged by its first bytes and its length, before HDF5 sees it."""

from core.session.refusal import Refusal

SIGNATURE = b"\x89HDF\r\n\x1a\n"
SUPERBLOCK_BYTES = 64  # that hold what is needed in every version


def check_signature(start: bytes, length: int) -> None:
    """Raise `Refusal` unless a file of that length, of which these are the first bytes, begins like HDF5 and is as
    long as it says."""
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


def _declared_length(start: bytes) -> int:
    """The end of file that the superblock states (HDF5 file format specification, §II.A); 8-byte addresses."""
    version = start[8] if len(start) == SUPERBLOCK_BYTES else None
    if version in (0, 1):
        at = 40 if version == 0 else 44
    elif version in (2, 3):
        at = 28
    else:
        raise Refusal("Its beginning is damaged.", "Use the copy beside it whose name ends in .bak.")
    return int.from_bytes(start[at : at + 8], "little")
