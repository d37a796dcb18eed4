"""Set up, run, test and check Corrie: ``python3 packaging/dev.py run``. Needs nothing but Python itself."""

# This file must be understood by every Python 3, so that an old one gets a sentence and not a syntax error.
import shutil
import struct
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest that every package in requirements.lock offers a ready-made file for


def unsuitable(version: "tuple[int, ...]", bits: int) -> str:
    """Say why a Python of this version and word length cannot be used, or nothing if it can."""
    running = ".".join(map(str, version[:2]))
    span = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    if version[:2] < OLDEST:
        return f"This is Python {running}, which is too old: Corrie needs {span}."
    if version[:2] > NEWEST:
        return f"This is Python {running}, for which not every package is published yet: Corrie needs {span}."
    if bits < 64:
        return f"This is a {bits}-bit Python, for which torch is not published: Corrie needs a 64-bit one, {span}."
    return ""


def suitable_on_this_machine() -> str:
    """Name a suitable Python that can be called on this machine, or nothing if none is found."""
    names = [f"python{OLDEST[0]}.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return next((name for name in names if shutil.which(name) and runs(name)), "")


def runs(name: str) -> bool:
    """Whether a Python starts at all: version managers leave commands behind that only refuse."""
    return subprocess.call([name, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    reason = unsuitable(sys.version_info[:3], struct.calcsize("P") * 8)
    if reason:
        found = suitable_on_this_machine()
        remedy = f"Call `{found} packaging/dev.py`." if found else "Install one, for example from python.org."
        sys.exit(f"{reason} {remedy}")

    from development import main  # only now: what follows is written for a current Python

    sys.exit(main(sys.argv[1:]))
