"""A process that opens one mutant after the other and says how each ended. It may crash or hang: its parent goes on.

Lines on its standard input are seeds; for each it prints a line of JSON.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

from core.child_processes.limits import limit_this_process
from core.errors import UnreadableFile
from tests.mutating.mutations import Mutant, Nursery
from tests.mutating.watch import Watch

MORE_BYTES = 800 * 2**20  # of address space, beyond what it begins with: about what a child process has for a file
SECONDS = 2.0  # of the processor for one mutant; beyond, the kernel ends the process, whatever it is caught in


def opened(mutant: Mutant, folder: Path) -> tuple[str, str]:
    """How opening it ended: "document", "refusal" or "crash", and what was said."""
    path = folder / mutant.name
    try:
        mutant.door(path)
    except UnreadableFile as error:
        said = str(error)
        return ("refusal" if said.startswith(f"{path}: ") and len(said) < 5000 else "crash"), said
    except BaseException as error:  # noqa: BLE001  whatever it is, it is to be counted
        return "crash", f"{type(error).__name__}: {error}"
    return "document", ""


def main(folder: Path) -> None:
    """Work until the standard input ends."""
    limit_this_process(memory_bytes=_address_space() + MORE_BYTES, output_bytes=2**30)
    warnings.simplefilter("ignore")
    here, trap = folder / "here", folder / "trap"
    for place in (here, trap):
        place.mkdir(exist_ok=True)
    (trap / "secret").write_bytes(bytes(range(256)))
    nursery = Nursery(trap / "secret")
    for mutant in nursery.whole():
        (here / mutant.name).write_bytes(mutant.content)
        how, said = opened(mutant, here)
        if how != "document":
            raise SystemExit(f"A valid file was not opened: {said}")
    watch = Watch(here, trap)
    tell({"ready": True, "kernel": watch.kernel_tells, "memory": _memory()})
    for line in sys.stdin:
        tell(_tried(nursery.mutant(int(line)), here, watch))


def _tried(mutant: Mutant, here: Path, watch: Watch) -> dict[str, object]:
    (here / mutant.name).write_bytes(mutant.content)
    tell({"begins": mutant.done[:300], "session": mutant.is_session})
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends the process without Python's help
    watch.begin()
    how, said = opened(mutant, here)
    others = watch.end()
    signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - started
    return {"how": how, "said": said[:500], "others": others, "seconds": took, "memory": _memory()}


def tell(what: dict[str, object]) -> None:
    """One line for the parent."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _address_space() -> int:
    """Of this process now, in bytes; where the system does not say, it does not bound it either."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _memory() -> int:
    """The most that was in use since the process began, in bytes."""
    with contextlib.suppress(OSError, StopIteration):  # Linux alone; what it says otherwise counts the parent, too
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)
