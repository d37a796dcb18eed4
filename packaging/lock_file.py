"""Reads packaging/requirements.lock, and writes it anew from the answer of pip's own resolver."""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from complaint import Complaint

CHECKOUT = Path(__file__).resolve().parents[1]
LOCK_FILE = CHECKOUT / "packaging" / "requirements.lock"

RUNTIME = "# runtime: what the application needs"
DEVELOPMENT = "# development: what its tests and checks need besides"
HEADER = """\
# Exactly what is installed. Made by `python3 packaging/dev.py lock`; edit pyproject.toml, not this file.
#
# Two sections, because `dev.py run` needs only the first, and some tools of the second are not made for every platform.
# Every line is a release for Python 3.11 to 3.14. No hashes: one release of torch exists in several builds (processor
# only, with CUDA), and which one an index offers is its own decision. What a build brings with it beyond this list
# (the CUDA libraries on Linux) torch itself pins exactly.
"""


@dataclass(frozen=True)
class Pin:
    """One line of the lock: a distribution, its only version, and where it applies (empty: everywhere)."""

    name: str
    version: str
    marker: str = ""

    def __str__(self) -> str:
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")


@dataclass(frozen=True)
class Lock:
    """Both sections of the lock file."""

    runtime: tuple[Pin, ...]
    development: tuple[Pin, ...]

    def pins(self, *, development: bool) -> tuple[Pin, ...]:
        """Return what has to be installed, with or without the development tools."""
        return self.runtime + self.development if development else self.runtime


def normalised(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def public(version: str) -> str:
    """Return a version without its local part: 2.13.0+cpu is a build of 2.13.0."""
    return version.partition("+")[0]


def parse_lock(text: str) -> Lock:
    """Read the lock file's text; a line that is not an exact pin is refused."""
    sections: dict[str, list[Pin]] = {RUNTIME: [], DEVELOPMENT: []}
    section = RUNTIME
    for line in map(str.strip, text.splitlines()):
        if line in sections:
            section = line
        elif line and not line.startswith("#"):
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!]+)(?:\s*;\s*(.+))?", line)
            if match is None:
                raise Complaint(f"requirements.lock has a line that is not an exact pin: {line!r}. Make the file anew.")
            sections[section].append(Pin(match[1], match[2], match[3] or ""))
    return Lock(tuple(sections[RUNTIME]), tuple(sections[DEVELOPMENT]))


def read_lock(path: Path = LOCK_FILE) -> Lock:
    """Read a lock file, by default the checkout's own."""
    if not path.exists():
        raise Complaint(f"{path} is missing. Restore it with `git checkout -- packaging`.")
    return parse_lock(path.read_text(encoding="utf-8"))


def project(checkout: Path = CHECKOUT) -> dict[str, Any]:
    """Return the [project] table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def resolve(python: Path, requirements: list[str], constraints: list[Pin]) -> list[Pin]:
    """Ask pip which versions it would install into an empty environment; nothing is installed."""
    with tempfile.TemporaryDirectory() as folder:
        report, limits = Path(folder) / "report.json", Path(folder) / "constraints.txt"
        limits.write_text("".join(f"{pin}\n" for pin in constraints), encoding="utf-8")
        command = [str(python), "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report"]
        answer = subprocess.run(
            [*command, str(report), "--constraint", str(limits), *requirements],
            check=False,
            capture_output=True,
            text=True,
        )
        if answer.returncode != 0:
            raise Complaint(f"pip found no set of versions that fits pyproject.toml. It says:\n{answer.stderr.strip()}")
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    pins = [Pin(item["metadata"]["name"], public(item["metadata"]["version"])) for item in found]
    return sorted(pins, key=lambda pin: normalised(pin.name))


def with_markers(pins: list[Pin], requirements: list[str]) -> tuple[Pin, ...]:
    """Give each pin the marker under which pyproject.toml asks for it."""
    parts = (requirement.partition(";") for requirement in requirements)
    markers = {normalised(re.split(r"[<>=!~\[ ]", name, maxsplit=1)[0]): marker.strip() for name, _, marker in parts}
    return tuple(Pin(pin.name, pin.version, markers.get(normalised(pin.name), "")) for pin in pins)


def renew_lock(python: Path) -> str:
    """Write requirements.lock with the newest versions that fit pyproject.toml, and say what it holds.

    `python` is the one whose pip is asked.
    """
    oldest = project()["requires-python"].removeprefix(">=")
    if f"{sys.version_info.major}.{sys.version_info.minor}" != oldest or sys.platform != "linux":
        raise Complaint(
            f"The lock is made with Python {oldest} on Linux, so that every version in it serves the others."
        )
    needed, tools = project()["dependencies"], project()["optional-dependencies"]["dev"]
    everything = resolve(python, [*needed, *tools], constraints=[])
    runtime = resolve(python, needed, constraints=everything)
    names = {pin.name for pin in runtime}
    extra = [pin for pin in everything if pin.name not in names]
    lock = Lock(with_markers(runtime, needed), with_markers(extra, tools))
    lines = [HEADER, RUNTIME, *lock.runtime, "", DEVELOPMENT, *lock.development]
    LOCK_FILE.write_text("\n".join(map(str, lines)) + "\n", encoding="utf-8", newline="\n")
    return f"requirements.lock: {len(lock.runtime)} packages to run, {len(lock.development)} more to test."
