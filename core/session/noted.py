"""Hashes of the blocks of large files that this installation wrote, so that they are opened without reading them whole.

They lie with the seals, in the user's own folder, each list under a name and with a check that only the key gives. A
file is recognised by its length and a few of its blocks. That proves nothing of the others, and need not: every block
is held to its hash when it is read, and one that differs makes the file a stranger's.
"""

import contextlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from core.session.contents import block_count, digest_of, probed
from core.session.seal import seal_folder, seal_key

FOLDER = "blocks"
LARGE = 16 * 2**20  # bytes of a file from which on it is not read whole when it is opened
MOST_BYTES = 64 * 2**20  # of all lists together: those of half a terabyte of sessions
_HASH = 32


def note(length: int, hashes: Sequence[bytes]) -> bool:
    """Remember the hashes of a file that was written and read back. Returns whether that worked; raises nothing."""
    if length < LARGE:
        return False
    try:
        folder = seal_folder() / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (key := seal_key()) is None:
            return False
        content = b"".join(hashes)
        place = folder / _name(key, length, digest_of(length, [hashes[number] for number in probed(length)]))
        fresh = place.with_name(f"{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            fresh.write_bytes(_check(key, length, content) + content)
            fresh.replace(place)
        finally:
            fresh.unlink(missing_ok=True)
        _forget_oldest(folder)
    except OSError:
        return False
    return True


def recall(length: int, probe: str) -> Sequence[bytes] | None:
    """The hashes of the blocks of a file of that length, and with that digest over the probed ones; None if unknown."""
    if length < LARGE:
        return None
    try:
        if (key := seal_key()) is None:
            return None
        place = seal_folder() / FOLDER / _name(key, length, probe)
        if place.stat().st_size != _HASH * (1 + block_count(length)):
            return None
        found = place.read_bytes()
        os.utime(place)  # it is in use: others are forgotten before
    except OSError:
        return None
    check, content = found[:_HASH], found[_HASH:]
    if not hmac.compare_digest(check, _check(key, length, content)):
        return None
    hashes = [content[start : start + _HASH] for start in range(0, len(content), _HASH)]
    return hashes if digest_of(length, [hashes[number] for number in probed(length)]) == probe else None


def _name(key: bytes, length: int, probe: str) -> str:
    return hmac.digest(key, f"probe {length} {probe}".encode("ascii"), "sha256").hex()


def _check(key: bytes, length: int, content: bytes) -> bytes:
    return hmac.digest(key, f"blocks {length} ".encode("ascii") + content, "sha256")


def _forget_oldest(folder: Path) -> None:
    lists = []
    for place in folder.iterdir():
        with contextlib.suppress(OSError):
            about = place.stat()
            lists.append((about.st_mtime_ns, about.st_size, place))
    left = MOST_BYTES
    for _, size, place in sorted(lists, reverse=True):
        left -= size
        if left < 0:
            with contextlib.suppress(OSError):
                place.unlink()
