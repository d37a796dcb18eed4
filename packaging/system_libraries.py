"""The system libraries that Qt's window and the tests' virtual screen need on Linux, and how Debian gets them."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec

from complaint import Complaint

# What Qt 6.11's libQt6Gui, its xcb and wayland platform plugins and their OpenGL integrations are linked against
# (objdump -p) and do not bring themselves, each with the Debian package it lies in. Drivers, fonts and key maps are
# dependencies of these packages.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
VIRTUAL_SCREEN = "xvfb"


def loads(library: str) -> bool:
    """Whether the dynamic linker finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_qt_packages() -> list[str]:
    """Return the Debian packages of the libraries that Qt's window would not find; none outside Linux."""
    if sys.platform != "linux":
        return []
    return [package for library, package in QT_LIBRARIES.items() if not loads(library)]


def missing_screen_packages() -> list[str]:
    """Return the Debian packages that a virtual screen would still need; none outside Linux."""
    return [VIRTUAL_SCREEN] if sys.platform == "linux" and shutil.which("Xvfb") is None else []


def missing_venv_packages() -> list[str]:
    """Return the package that Debian keeps ``python -m venv`` in, where it is absent."""
    if find_spec("venv") and find_spec("ensurepip"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def root_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root without being asked anything; None if there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install_line(packages: Iterable[str]) -> str:
    """Return the exact line that a person types to install these packages."""
    return f"sudo apt-get install --yes {' '.join(packages)}"


def install(packages: list[str], purpose: str) -> None:
    """Install Debian packages with apt-get, or complain with the line that does it.

    Parameters
    ----------
    packages : list of str
        Nothing is done where it is empty.
    purpose : str
        What they are for, as the end of "… is needed for".

    Raises
    ------
    Complaint
        If this is no Debian or Ubuntu, if one may not become root without a password, or if apt-get fails.
    """
    if not packages:
        return
    if shutil.which("apt-get") is None:
        names = ", ".join(packages)
        raise Complaint(
            f"System libraries are missing for {purpose}; Debian calls them {names}. Install your system's."
        )
    prefix = root_prefix()
    if prefix is None:
        raise Complaint(f"System packages are missing for {purpose}. Install them with: {install_line(packages)}")
    print(f"Installing system packages for {purpose}: {' '.join(packages)}", flush=True)
    for action in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        # Another apt, such as the nightly update, is waited for rather than failed on.
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
        answer = subprocess.run(
            [*command, *action], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    if answer.returncode != 0:  # a failed update alone is no harm: the lists at hand may do
        last = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
        raise Complaint(f"apt-get could not install the packages; it says: {last} Try: {install_line(packages)}")
