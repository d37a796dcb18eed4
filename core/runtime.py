"""Threads, memory allocator and environment, set before torch does any work.

`prepare_environment` touches only environment variables and the C allocator, so it is cheap and imports nothing heavy;
call it first in every process. `prepare_torch` sets the thread counts once torch is imported.
"""

import contextlib
import ctypes
import os
import sys

M_TRIM_THRESHOLD = -1
M_TOP_PAD = -2
M_MMAP_MAX = -4
KEEP_ALL = 2**31 - 1
TOP_PAD = 256 * 2**20  # bytes fetched from the kernel at a time


def prepare_environment() -> None:
    """Set what must be set before torch, OpenMP or HDF5 are loaded. Values the user has set already stay."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads made two busy cores 3 to 30 times slower
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    # numpy's own BLAS: with two threads on two busy cores, the searches of corrections took ten times the CPU time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("HDF5_PLUGIN_PRELOAD", "::")  # no filter plug-ins: a file must not load code
    keep_memory()


def keep_memory() -> bool:
    """Let glibc keep freed memory instead of returning every large activation to the kernel.

    Measured on a small CNN with 512 images: 127 ms without, 46 ms with these three calls, because of 45,000 page
    faults a pass. True if the allocator took the settings; on other C libraries nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, AttributeError):  # musl has no mallopt
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        return all(mallopt(what, value) == 1 for what, value in SETTINGS)
    return False


SETTINGS = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, KEEP_ALL), (M_TOP_PAD, TOP_PAD))


def compute_threads() -> int:
    """Intra-op threads to use: all cores but one, which stays free for the window; CORRIE_THREADS overrides."""
    wanted = os.environ.get("CORRIE_THREADS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return max(1, available_cores() - 1)


def available_cores() -> int:
    """Cores that this process may use, not those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare_torch(threads: int | None = None) -> int:
    """Import torch, set its thread counts, and return the intra-op count. The first call in a process decides."""
    prepare_environment()
    import torch  # noqa: PLC0415  three seconds: never at the top of a module that the window imports

    count = threads or compute_threads()
    torch.set_num_threads(count)
    with contextlib.suppress(RuntimeError):  # may be set only once in a process
        torch.set_num_interop_threads(1)
    return count
