"""The peers' own Python environment, in the user's cache folder: made by calling this file, or by the first benchmark.

It is apart from Corrie's environment because nothing of the peers may get into the product, and they run there as
anybody would install them.
"""

import json
import subprocess
import sys
from pathlib import Path

import platformdirs

PINS = ("torch==2.13.0", "loss-landscapes==3.0.6", "landscaper==1.3.1")
NEWEST = (3, 12)  # Landscaper refuses newer versions of Python
STAMP = "corrie-peers.json"  # written last, so that it stands for an installation that reached its end


class PeersUnavailable(Exception):
    """The environment cannot be made here; the text says why."""


def peers_python() -> Path:
    """The interpreter of the peers' environment, which is made where it is not there yet: some minutes.

    Raises
    ------
    PeersUnavailable
        If this Python is too new for the peers, or their packages cannot be installed.
    """
    folder = platformdirs.user_cache_path("Corrie", appauthor=False) / "peers"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if _installed(folder) == list(PINS) and python.exists():
        return python
    if sys.version_info[:2] > NEWEST:
        raise PeersUnavailable(f"Landscaper needs Python {NEWEST[0]}.{NEWEST[1]} or older, this is {sys.version}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _call(sys.executable, "-m", "venv", str(folder))
    _call(str(python), "-m", "pip", "install", "--quiet", *PINS)
    (folder / STAMP).write_text(json.dumps(PINS), encoding="utf-8")
    return python


def _installed(folder: Path) -> object:
    try:
        return json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _call(*command: str) -> None:
    answer = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if answer.returncode != 0:
        last = (answer.stderr or answer.stdout).strip().splitlines()[-1:] or ["no message"]
        raise PeersUnavailable(f"The peers' environment cannot be made ({' '.join(command[1:4])}): {last[0]}")


if __name__ == "__main__":
    print(peers_python())  # noqa: T201  its one result
