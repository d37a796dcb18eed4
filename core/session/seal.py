"""Which files this installation wrote itself: a list of what their contents give with a key that nobody else has.

Key and list lie in the user's own folder for data, never beside a file: whoever sends a file cannot send its seal.
A seal is looked up by the digest of the contents, which needs no HDF5. Where the folder cannot be written or read,
files are unsealed, and thus opened as those of strangers are: slower, and no less.
"""

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from core.places import user_data_folder

KEY, LIST = "key", "written"
KEY_BYTES = 32
MOST_SEALS = 50_000  # lines of the list; then the older half is forgotten
_LINE_BYTES = 65


def seal_folder() -> Path:
    """Where key and list lie."""
    return user_data_folder("seals")


def seal(digest: str) -> bool:
    """Remember that this installation wrote contents of that digest. Returns whether that worked; raises nothing."""
    try:
        folder = seal_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _key(folder) or _new_key(folder)
        with (folder / LIST).open("ab") as file:
            file.write(_line(key, digest))
            full = file.tell() > MOST_SEALS * _LINE_BYTES
        if full:
            _forget_older_half(folder / LIST)
    except OSError:
        return False
    return True


def is_sealed(digest: str) -> bool:
    """Whether this installation wrote contents of that digest."""
    folder = seal_folder()
    try:
        key = _key(folder)
        return key is not None and _line(key, digest) in (folder / LIST).read_bytes()
    except OSError:
        return False


def seal_key() -> bytes | None:
    """The key of this installation; None before it has sealed anything. Raises `OSError` if it cannot be read."""
    return _key(seal_folder())


def _line(key: bytes, digest: str) -> bytes:
    return hmac.digest(key, digest.encode("ascii"), "sha256").hex().encode("ascii") + b"\n"


def _key(folder: Path) -> bytes | None:
    try:
        key = (folder / KEY).read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == KEY_BYTES else None


def _new_key(folder: Path) -> bytes:
    """Make a key; of several processes that do so at once the last one's stays, and what others sealed until then is
    a stranger's."""
    fresh = folder / f"{KEY}.{os.getpid()}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        if _key(folder) is None:
            fresh.replace(folder / KEY)
    finally:
        fresh.unlink(missing_ok=True)
    key = _key(folder)
    if key is None:
        raise FileNotFoundError(folder / KEY)
    return key


def _forget_older_half(path: Path) -> None:
    """What another process adds at this very moment may be lost; its file is a stranger's then."""
    shorter = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")  # two threads may save at once
    with contextlib.suppress(OSError):
        try:
            shorter.write_bytes(path.read_bytes()[-(MOST_SEALS // 2) * _LINE_BYTES :])
            shorter.replace(path)
        finally:
            shorter.unlink(missing_ok=True)
