"""``corrie`` and ``corrie FILE…``: the window."""

import contextlib
import os
import sys
import threading
from pathlib import Path

import click

from app.cli.inputs import file_type
from app.cli.qt_loading import load_qt
from app.jobs.workbench import Workbench
from core.errors import CorrieError


class NoDisplay(CorrieError):
    """There is no screen to open a window on."""


@click.command("window")
@click.argument("files", nargs=-1, type=file_type)
@click.option("--example", is_flag=True, help="Open the built-in example.")
def command(files: tuple[Path, ...], *, example: bool) -> int:
    """Open the window, with FILES in it."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise NoDisplay("There is no screen here to open a window on. Use a verb such as `corrie example`; see --help.")
    # Torch is imported once the window stands: at the same time, the two took turns and the window came a second later.
    load_qt()
    if example:  # torch has work as soon as the window stands: the first surface is worth half a second's wait for it
        threading.Thread(target=import_engines, name="import of the engines", daemon=True).start()
    from app.views.application import run_window  # noqa: PLC0415  only the window needs it

    return run_window([file.absolute() for file in files], example=example)


def import_engines() -> None:
    """Import torch and the engines ahead of need. If that fails, the first job that needs them says why."""
    with contextlib.suppress(Exception):
        Workbench().warm_up()
