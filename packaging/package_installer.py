"""Installs packages into the environment with its own pip, and turns pip's failures into sentences."""

import base64
import hashlib
import locale
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from complaint import Complaint
from lock_file import Pin

ENOUGH_DISK = 300 * 2**20  # bytes; with less than this left after a failure, the disk was the reason

# pip has one exit status for everything, so its words are all there is to tell reasons apart
# (tests/packaging/test_package_installer.py holds them against what the real pip says).
NO_NETWORK = (
    "after connection broken",
    "NewConnectionError",
    "Max retries exceeded",
    "Read timed out",
    "ConnectTimeout",
)
NO_DISK = ("No space left on device", "Errno 28", "not enough space on the disk")
NO_RELEASE = ("No matching distribution found", "Could not find a version")


def explain(words: str, free: int) -> str:
    """Say in one sentence why an installation failed.

    Parameters
    ----------
    words : str
        What pip or venv wrote to its error output.
    free : int
        Bytes left on the fullest disk concerned.
    """
    if free < ENOUGH_DISK or any(word in words for word in NO_DISK):
        return "The disk is full: make about 3 GB of room (10 GB with CUDA) and call this again; it goes on from here."
    if any(word in words for word in NO_NETWORK):
        return (
            "The package index cannot be reached: connect to the network and call this again; it goes on from here. "
            "(Behind a company's proxy set HTTPS_PROXY, or PIP_INDEX_URL to its own index.)"
        )
    last = next((line for line in reversed(words.splitlines()) if line.startswith("ERROR")), words.strip()[-300:])
    if any(word in words for word in NO_RELEASE):
        return f"The package index has no such package for this system. pip says: {last}"
    return f"The packages could not be installed. pip says: {last}"


def free_space(folder: Path) -> int:
    """Return the bytes left where packages are unpacked or where they are put, whichever is fewer."""
    return min(shutil.disk_usage(place).free for place in (folder, Path(tempfile.gettempdir())))


def pip(python: Path, *arguments: str) -> None:
    """Run the environment's pip, with its own progress bars on a terminal and in silence elsewhere."""
    talkative = sys.stdout.isatty()
    quiet = [] if talkative else ["--quiet"]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    answer = subprocess.run(
        [str(python), "-I", "-m", "pip", "install", "--no-input", *quiet, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=None if talkative else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment,
    )
    if answer.returncode != 0:
        raise Complaint(explain(answer.stderr, free_space(python.parent)))


def install_pins(python: Path, pins: Iterable[Pin]) -> None:
    """Install exactly these versions; what is there already stays."""
    # Ready-made files only: to build one from its source needs compilers that are not asked for.
    pip(python, "--only-binary", ":all:", *map(str, pins))


def install_checkout(python: Path, checkout: Path, project: dict[str, Any]) -> None:
    """Make the checkout itself importable, and its commands callable, in the environment.

    A wheel that holds nothing but a path is what an editable installation comes down to (PEP 660). Made here, it needs
    no build backend, downloads nothing and leaves nothing behind in the checkout.
    """
    with tempfile.TemporaryDirectory() as folder:
        wheel = write_pointer_wheel(Path(folder), checkout, project)
        pip(python, "--no-index", "--no-deps", "--force-reinstall", str(wheel))


def write_pointer_wheel(folder: Path, checkout: Path, project: dict[str, Any]) -> Path:
    """Write a wheel whose only content is a .pth file with the path of the checkout, and return where it lies."""
    name, version = project["name"], project["version"]
    # site reads .pth files as UTF-8 from 3.13 on, before that in the encoding of the user's system.
    encoding = "utf-8" if sys.version_info >= (3, 13) else locale.getencoding()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {project['description']}\n"
    needed = "".join(f"Requires-Dist: {requirement}\n" for requirement in project["dependencies"])
    scripts = "".join(f"{command} = {target}\n" for command, target in project["scripts"].items())
    information = f"{name}-{version}.dist-info"
    contents = {
        f"{name}.pth": f"{checkout}\n".encode(encoding),
        f"{information}/METADATA": f"{metadata}{needed}".encode(),
        f"{information}/WHEEL": b"Wheel-Version: 1.0\nGenerator: dev.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{information}/entry_points.txt": f"[console_scripts]\n{scripts}".encode(),
    }
    record = "".join(f"{path},{_digest(content)},{len(content)}\n" for path, content in contents.items())
    contents[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return wheel


def _digest(content: bytes) -> str:
    """Return the hash of a file as RECORD wants it (PEP 376)."""
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
