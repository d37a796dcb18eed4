"""The window must stand before torch is there, so nothing that it is made of may import it."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "vispy", "pyqtgraph", "matplotlib", "scipy", "sklearn", "h5py")


@pytest.mark.parametrize(
    "modules",
    [
        "app.state.document_state, app.state.live, app.state.selection, app.state.recents",
        "app.commands.history, app.commands.items, app.commands.results",
        "app.jobs.manager, app.jobs.background, app.jobs.estimate",
        "app.actions.menus, app.theme.theme, app.theme.icons, app.theme.numbers",
    ],
)
def test_importing_the_engine_room_loads_nothing_heavy(modules: str) -> None:
    code = f"import sys, {modules}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_state_and_commands_load_neither_widgets_nor_painting() -> None:
    code = (
        "import sys, app.state.document_state, app.state.recents, app.commands.history, app.commands.results;"
        "print(*[name for name in sys.modules if name in ('PySide6.QtWidgets', 'PySide6.QtGui')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
