"""What a bug report should hold."""

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.diagnosing.places import last_crash
from app.recovery.slot import recovery_folder, slots
from app.render.gl.probe import probe_graphics
from core.data.builtin import examples_folder
from core.places import log_folder, settings_folder
from core.provenance import software_versions
from core.runtime import available_cores, compute_threads, keep_memory

LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "vispy", "matplotlib")


def diagnosis() -> dict[str, object]:
    """Everything worth knowing about this installation, as plain values."""
    graphics = probe_graphics()
    return {
        **software_versions(),
        **{name: version(name) for name in LIBRARIES},
        "machine": platform.machine(),
        "cores": available_cores(),
        "threads": compute_threads(),
        "allocator_tuned": keep_memory(),
        "opengl": f"{graphics.version} on {graphics.renderer}" if graphics else f"no: {graphics.reason}",
        "display": os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "none",
        "executable": sys.executable,
        "examples": str(examples_folder()),
        "settings": str(settings_folder()),
        "memory": _memory(),
        "hdf5_plugins": os.environ.get("HDF5_PLUGIN_PRELOAD", "any"),
        "log_folder": str(log_folder()),
        "last_crash": _described(last_crash()),
        "recovery_folder": _counted(recovery_folder()),
    }


def _memory() -> str:
    """Of this computer, and the most that this process had."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        import resource  # noqa: PLC0415  Windows has none

        unit = 1 if sys.platform == "darwin" else 1024
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    except (AttributeError, ValueError, OSError, ImportError):
        return "unknown"
    return f"{total / 2**30:.1f} GiB, of which this process had {most / 2**30:.2f} at most"


def _described(crash: Path | None) -> str:
    """When, and where its stacks are."""
    if crash is None:
        return "none"
    try:
        when = datetime.fromtimestamp(crash.stat().st_mtime, UTC)
    except OSError:
        return str(crash)
    return f"{when:%Y-%m-%d %H:%M} UTC, {crash}"


def _counted(folder: Path) -> str:
    """The folder, and how many unsaved sessions are in it."""
    count = sum(1 for _ in slots())
    return f"{folder} ({count} kept)"
