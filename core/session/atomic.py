"""A file is whole or absent: new content goes to a temporary file beside it, which then takes its place."""

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.errors import OutOfSpace, UnreadableFile

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_STALE_SECONDS = 24 * 3600  # a temporary file this old was left by a process that was killed
_ATTEMPTS = 5  # Windows: virus scanners and viewers hold files for moments


def replace_file(
    path: Path,
    write: Callable[[BinaryIO], None],
    *,
    verify: Callable[[Path], None] | None = None,
    keep_previous: bool = False,
) -> None:
    """Write a file so that at every moment, power cuts included, either the old or the new one is there whole.

    Parameters
    ----------
    path : Path
        May be a symbolic link; then the file it points to is replaced.
    write : callable
        Writes the content into an open binary file.
    verify : callable, optional
        Looks at the temporary file before it takes the old one's place, and raises what it pleases.
    keep_previous : bool
        Keep the old file under its name and ``.bak``.

    Raises
    ------
    OutOfSpace
        If the disk is full or the folder may not be written.
    UnreadableFile
        If the folder does not exist, or the disk fails otherwise. In every case the old file is untouched.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if verify is not None:
            verify(temporary)
        if target.exists():
            shutil.copymode(target, temporary)
            if keep_previous:
                _keep(target)
        _replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _remove_stale(target)


def previous_of(path: Path) -> Path:
    """Where the generation before the file is kept."""
    return path.with_name(path.name + ".bak")


def _keep(target: Path) -> None:
    """Give the old file a second name, without a moment in which it has none."""
    spare = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            os.link(target, spare)
        except OSError:  # some file systems know no hard links
            shutil.copy2(target, spare)
        _replace(spare, previous_of(target))
    finally:
        spare.unlink(missing_ok=True)


def _replace(source: Path, target: Path) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.05 * 2**attempt)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no such call; its file system journals names by itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse; the data themselves are safe
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_stale(target: Path) -> None:
    for left in target.parent.glob(f".{_literal(target.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _explained(error: OSError, path: Path) -> OutOfSpace | UnreadableFile:
    if error.errno in _FULL:
        return OutOfSpace(
            f"{path}: the disk is full, so nothing was saved; what was there before is untouched. "
            "Free some space, or save to another disk."
        )
    if error.errno in _FORBIDDEN:
        return OutOfSpace(
            f"{path}: the folder or the file may not be written, so nothing was saved. Save to another folder."
        )
    if error.errno == errno.ENOENT:
        return UnreadableFile(path, "The folder does not exist.", "Choose a folder that exists.")
    if error.errno == errno.EISDIR:
        return UnreadableFile(path, "It is a folder.", "Choose the name of a file.")
    return UnreadableFile(path, f"It could not be written ({error.strerror}).", "Save to another folder.")
