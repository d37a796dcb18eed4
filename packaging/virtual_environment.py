"""The checkout's own Python environment, .venv: made, brought up to date, and recognised when it is broken."""

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import system_libraries
from complaint import Complaint
from lock_file import CHECKOUT, LOCK_FILE, Lock, Pin, normalised, project, public, read_lock
from package_installer import explain, free_space, install_checkout, install_pins

STAMP = "corrie-setup.json"  # inside .venv; written last, so that it stands for a set-up that reached its end


@dataclass(frozen=True)
class Environment:
    """A Python environment's folder, and where things lie in it on each platform."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.program("python")

    def program(self, name: str) -> Path:
        """Return where a command of this name lies."""
        windows = sys.platform == "win32"
        return self.folder / ("Scripts" if windows else "bin") / (f"{name}.exe" if windows else name)

    @property
    def packages(self) -> Path:
        if sys.platform == "win32":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def fingerprint(checkout: Path, lock_file: Path) -> str:
    """Return what must be unchanged for a set-up to be still right: the lists of packages and the place."""
    parts = (lock_file.read_bytes(), (checkout / "pyproject.toml").read_bytes(), str(checkout).encode())
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def read_stamp(environment: Environment) -> dict[str, object]:
    """Return what the last finished set-up wrote down; empty if none finished."""
    try:
        stamp = json.loads((environment.folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def installed(environment: Environment) -> dict[str, str]:
    """Return the version of every distribution whose installation reached its end, by normalised name.

    pip writes a distribution's RECORD last; without it the installation was cut off.
    """
    found = {}
    for record in environment.packages.glob("*.dist-info/RECORD"):
        name, _, version = record.parent.name.removesuffix(".dist-info").partition("-")
        found[normalised(name)] = public(version)
    return found


def absent(environment: Environment, pins: tuple[Pin, ...]) -> list[str]:
    """Return the names of the pinned packages that are not there in their version; pins with a marker may be."""
    present = installed(environment)
    return [pin.name for pin in pins if not pin.marker and present.get(normalised(pin.name)) != pin.version]


def damage(environment: Environment) -> str:
    """Say why an existing environment cannot be used or mended, or nothing if it can; runs no program."""
    try:
        settings = (environment.folder / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return "it is not a whole Python environment"
    version = next((line.partition("=")[2].strip() for line in settings.splitlines() if line.startswith("version")), "")
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version.split(".")[:2] != running.split("."):
        return f"it was made with Python {version or 'unknown'}, and this is {running}"
    if not environment.python.exists():
        return "the Python that it was made with is gone"
    return ""


def has_pip(environment: Environment) -> bool:
    """Whether the environment's pip runs; a set-up that was ended at its very beginning leaves none."""
    command = [str(environment.python), "-I", "-m", "pip", "--version"]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:  # not even the interpreter can be started
        return False


def is_up_to_date(environment: Environment, lock: Lock, key: str, *, development: bool) -> bool:
    """Whether a finished set-up fits the present lists and nothing of it has been lost; runs no program."""
    stamp = read_stamp(environment)
    fits = stamp.get("fingerprint") == key and (stamp.get("development") is True or not development)
    whole = environment.program("corrie").exists() and not damage(environment)
    return fits and whole and not absent(environment, lock.pins(development=development))


def make(environment: Environment) -> None:
    """Make an empty environment, or make it anew where the present one cannot be used."""
    if environment.folder.exists():
        reason = damage(environment) or ("" if has_pip(environment) else "its pip does not run")
        if not reason:
            return
        print(f"Making {environment.folder.name} anew, because {reason}.", flush=True)
        remove(environment.folder)
    system_libraries.install(system_libraries.missing_venv_packages(), "making a Python environment")
    print(f"Making {environment.folder.name} with Python {sys.version.split()[0]}.", flush=True)
    answer = subprocess.run(
        [sys.executable, "-I", "-m", "venv", str(environment.folder)],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if answer.returncode != 0:
        raise Complaint(explain(answer.stdout + answer.stderr, free_space(environment.folder.parent)))


def remove(folder: Path) -> None:
    """Delete an environment; one that lies elsewhere and is only linked here is somebody else's."""
    if folder.is_symlink() or not folder.is_dir():
        raise Complaint(f"{folder} is not a folder of this checkout. Move it away and call this again.")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise Complaint(f"{folder} cannot be deleted ({error.strerror}). Close Corrie and call this again.") from error


def discard_half_installed(environment: Environment) -> None:
    """Remove the traces of packages whose installation was cut off: pip would take them for installed."""
    for trace in environment.packages.glob("*.dist-info"):
        if not (trace / "RECORD").exists():
            shutil.rmtree(trace)


def set_up(*, development: bool, checkout: Path = CHECKOUT, lock_file: Path = LOCK_FILE) -> Environment:
    """Make or update the checkout's environment and return it; done at once where nothing has changed.

    It can be ended at any moment: the next call goes on from there.
    """
    environment = Environment(checkout / ".venv")
    lock = read_lock(lock_file)
    key = fingerprint(checkout, lock_file)
    if is_up_to_date(environment, lock, key, development=development):
        return environment
    development = development or read_stamp(environment).get("development") is True
    make(environment)
    (environment.folder / STAMP).unlink(missing_ok=True)
    discard_half_installed(environment)
    pins = lock.pins(development=development)
    missing = absent(environment, pins)
    if missing:
        much = " (some minutes; 0.4 to 3 GB to download)" if "torch" in missing else ""
        print(f"Installing {len(missing)} packages{much}.", flush=True)
    if pins:
        install_pins(environment.python, pins)
    install_checkout(environment.python, checkout, project(checkout))
    stamp = {"fingerprint": key, "development": development}
    (environment.folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    print("Everything is installed.", flush=True)
    return environment
