"""What a bug report should hold."""

import os
import platform
import sys
from importlib.metadata import version

import platformdirs

from app.render.gl.probe import probe_graphics
from core.data.builtin import examples_folder
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
        "settings": platformdirs.user_config_dir("Corrie"),
    }
