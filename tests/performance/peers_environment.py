"""The peers' own Python environments, in the user's cache folder: made by calling this file, or by the first benchmark.

They are apart from Corrie's environment because nothing of the peers may get into the product, and they run there as
anybody would install them. There is one for landscapes and one for spectra, because their requirements differ. torch is
pinned in both: what depends on it would else pull a newer one, with the libraries of graphics processors.
"""

import json
import subprocess
import sys
from pathlib import Path

import platformdirs

PINS = ("torch==2.13.0", "loss-landscapes==3.0.6", "landscaper==1.3.1")
SPECTRA = (
    "torch==2.13.0",
    "torchvision==0.28.0",
    "pyhessian==0.1",
    "hessian-eigenthings==1.0.0a5",
    "curvlinops-for-pytorch==3.0.1",
    "scipy==1.17.1",
    "setuptools<82",
)
NEWEST = (3, 12)  # Landscaper refuses newer versions of Python
STAMP = "corrie-peers.json"  # written last, so that it stands for an installation that reached its end


class PeersUnavailable(Exception):
    """The environment cannot be made here; the text says why."""


def peers_python(pins: tuple[str, ...] = PINS, name: str = "peers") -> Path:
    """The interpreter of a peers' environment, which is made where it is not there yet: some minutes.

    Raises
    ------
    PeersUnavailable
        If this Python is too new for the peers, or their packages cannot be installed.
    """
    folder = platformdirs.user_cache_path("Corrie", appauthor=False) / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if _installed(folder) == list(pins) and python.exists():
        return python
    if sys.version_info[:2] > NEWEST:
        raise PeersUnavailable(f"Landscaper needs Python {NEWEST[0]}.{NEWEST[1]} or older, this is {sys.version}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _call(sys.executable, "-m", "venv", str(folder))
    _call(str(python), "-m", "pip", "install", "--quiet", *pins)
    (folder / STAMP).write_text(json.dumps(pins), encoding="utf-8")
    return python


def spectra_python() -> Path:
    """The interpreter of the environment of the peers for spectra."""
    return peers_python(SPECTRA, "peers-spectra")


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
    print(peers_python(), spectra_python())  # noqa: T201  its one result
