"""Notices whatever reads another file than the one that is opened."""

import contextlib
import ctypes
import os
import struct
import sys
from pathlib import Path

OPENED_OR_READ = 0x20 | 0x01  # IN_OPEN | IN_ACCESS of inotify
_CODE = (".py", ".pyc", ".so", ".pyd", ".zip")


class Watch:
    """Python's own opening of files is seen by an audit hook, HDF5's, which is C, by the kernel's (on Linux).

    Parameters
    ----------
    allowed : Path
        The folder of the files that are to be read.
    trap : Path
        A folder that the mutants point to; Linux tells of every opening in it.
    """

    def __init__(self, allowed: Path, trap: Path) -> None:
        self._allowed = str(allowed)
        self._code = tuple(str(Path(place).absolute()) for place in sys.path)
        self._seen: list[str] = []
        self._on = False
        self._kernel = _inotify(trap)
        sys.addaudithook(self._hear)

    @property
    def kernel_tells(self) -> bool:
        """Whether an opening by C code is noticed, too."""
        return self._kernel is not None

    def begin(self) -> None:
        """From now on everything counts."""
        self._seen.clear()
        self._on = True

    def end(self) -> list[str]:
        """What was read since `begin`."""
        self._on = False
        if self._kernel is not None:
            with contextlib.suppress(BlockingIOError):  # nothing was
                self._seen.append(f"in the trap: {_names(os.read(self._kernel, 65536))}")
        return list(self._seen)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._on or event not in ("open", "os.listdir", "os.scandir", "subprocess.Popen", "socket.connect"):
            return
        what = arguments[0] if arguments else None
        if event == "open" and isinstance(what, int):
            return  # a file that is open already
        path = str(Path(os.fsdecode(what)).absolute()) if isinstance(what, str | bytes | os.PathLike) else repr(what)
        is_code = path.startswith(self._code) and (path.endswith(_CODE) or event in ("os.listdir", "os.scandir"))
        if not is_code and not path.startswith(self._allowed):
            self._seen.append(f"{event}: {path}")


def _inotify(folder: Path) -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    descriptor: int = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0 or library.inotify_add_watch(descriptor, os.fsencode(folder), OPENED_OR_READ) < 0:
        return None
    return descriptor


def _names(events: bytes) -> str:
    names, at = [], 0
    while at + 16 <= len(events):
        length = struct.unpack_from("iIII", events, at)[3]
        names.append(events[at + 16 : at + 16 + length].rstrip(b"\0").decode("utf-8", "replace"))
        at += 16 + length
    return ", ".join(names)
