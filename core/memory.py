"""How much memory there is."""

import contextlib
import ctypes
import os
import sys
from pathlib import Path

ASSUMED = 4 * 2**30  # bytes, where a system does not say
_LIMITS = (  # what a container may use, and uses
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def available_memory() -> int:
    """Bytes that can be taken now without others being swapped out; a container's own limit is heeded."""
    return min([_of_system(), *_of_containers()])


def give_back() -> None:
    """Return to the system what was freed but is held for the next use. Between stages, not between operations."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # other C libraries have no such call
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def _of_system() -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):  # half of what is built in, on other systems
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return ASSUMED


def _of_containers() -> list[int]:
    found = []
    for limit, used in _LIMITS:
        with contextlib.suppress(OSError, ValueError):  # "max" stands for no limit
            free = int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii"))
            found.append(max(0, free))
    return found


def in_words(count: float) -> str:
    """Bytes as a person reads them: ``1.5 GB``."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} GB" if count < 1000 else f"{count:,.0f} GB"
