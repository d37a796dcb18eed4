"""``corrie diagnose``: what a bug report should hold."""

import os
import platform
import sys

import click
import platformdirs

from app.cli.inputs import json_option, print_summary
from core.data.builtin import examples_folder
from core.provenance import software_versions
from core.runtime import available_cores, compute_threads, keep_memory

LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "vispy", "matplotlib")


@click.command("diagnose")
@json_option
def command(as_json: bool) -> int:
    """Print versions, graphics, threads and paths. Nothing is sent anywhere."""
    print_summary(diagnosis(), as_json=as_json)
    return 0


def diagnosis() -> dict[str, object]:
    """Everything worth knowing about this installation, as plain values."""
    from importlib.metadata import version  # noqa: PLC0415  only here

    from app.render.gl.probe import probe_graphics  # noqa: PLC0415  starts a child process

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
