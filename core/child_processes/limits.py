"""The child's side: bounds on itself, set before it looks at anything. Imports nothing of Corrie's own."""

import contextlib
import ctypes
import os
import signal
import sys

DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
CHILD_WORD = "--child-process"  # what a frozen program is started with to be a child
PARENT_VARIABLE = "CORRIE_PARENT_PROCESS"


def limit_this_process(*, memory_bytes: int, output_bytes: int, processor_seconds: int = 0) -> None:
    """Bound memory, files and time of the processor where the system has such bounds, and end with the parent.

    Parameters
    ----------
    memory_bytes : int
        Address space; only on Linux, as elsewhere address space is not memory.
    output_bytes : int
        Of one file.
    processor_seconds : int
        After which SIGXCPU ends the process, whatever it is caught in; 0 for no bound.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  Unix only

    wanted = [(resource.RLIMIT_CORE, 0, 0), (resource.RLIMIT_FSIZE, output_bytes, output_bytes)]
    if processor_seconds:  # SIGXCPU at the first, so that its parent can tell; SIGKILL at the second
        wanted.append((resource.RLIMIT_CPU, processor_seconds, processor_seconds + 1))
    if sys.platform.startswith("linux"):
        wanted.append((resource.RLIMIT_AS, memory_bytes, memory_bytes))
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    for what, soft, hard in wanted:
        with contextlib.suppress(ValueError, OSError):  # a lower limit of the user's own stays
            resource.setrlimit(what, (soft, hard))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error of the write rather than the end
    if os.environ.get(PARENT_VARIABLE, str(os.getppid())) != str(os.getppid()):
        os._exit(1)  # the parent ended before it could be watched
