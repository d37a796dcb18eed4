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
_WINDOWS = os.name == "nt"
_HELD = {5, 32, 33}  # Windows: access denied, sharing violation, lock violation
_PATIENCE = 15.0  # seconds that another program may hold the file on Windows, as scanners and viewers do
_LONGEST_WAIT = 1.0  # between two tries


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
        Writes the content into an open binary file, which can be read, too.
    verify : callable, optional
        Looks at the temporary file before it takes the old one's place, and raises what it pleases.
    keep_previous : bool
        Keep the old file under its name and ``.bak``.

    Raises
    ------
    OutOfSpace
        If the disk is full or the folder may not be written.
    UnreadableFile
        If the folder does not exist, another program does not let go of the file, or the disk fails otherwise. In
        every case the old file is untouched.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("x+b") as file:
            if target.exists():
                shutil.copymode(target, temporary)  # before there is anything in it that others may not read
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if verify is not None:
            verify(temporary)
        if keep_previous and target.exists():
            _keep(target)
        _replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _remove_stale(target)


def replace_with(content: bytes, path: Path, *, verify: Callable[[Path], None] | None = None) -> None:
    """The same as `replace_file`, with content that is all there already. Raises what that raises."""

    def write(file: BinaryIO) -> None:
        file.write(content)

    replace_file(path, write, verify=verify)


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
        with contextlib.suppress(OSError):  # a scanner may be reading it: then it goes as what was left behind
            spare.unlink(missing_ok=True)


def _replace(source: Path, target: Path) -> None:
    """Exchange, and on Windows wait for another program to let go of either. Raises `OSError`."""
    gives_up, wait = time.monotonic() + _PATIENCE, 0.05
    while True:
        try:
            source.replace(target)
        except PermissionError as error:
            if not _is_held(error) or time.monotonic() >= gives_up:
                raise
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        else:
            return


def _is_held(error: OSError) -> bool:
    """Whether Windows says that another program has the file open."""
    return _WINDOWS and getattr(error, "winerror", None) in _HELD


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no such call; its file system journals names by itself
    with contextlib.suppress(OSError):  # some network file systems and folders refuse; the file is in its place
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_stale(target: Path) -> None:
    for left in target.parent.glob(f".{_literal(target.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _held_name(error: OSError, path: Path) -> str:
    """The file itself, or the copy of the one before."""
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    return "the copy of the file before (.bak)" if any(name.endswith(".bak") for name in names) else f"“{path.name}”"


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _explained(error: OSError, path: Path) -> OutOfSpace | UnreadableFile:
    if error.errno in _FULL:
        return OutOfSpace(
            f"{path}: the disk is full, so nothing was saved; what was there before is untouched. "
            "Free some space, or save to another disk."
        )
    if _is_held(error):
        return UnreadableFile(
            path,
            f"Another program holds {_held_name(error, path)} and does not let go of it, so nothing was saved; what "
            "was there before is untouched.",
            "Close it there (a viewer, a virus scanner, a synchronising program), or save under another name.",
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
