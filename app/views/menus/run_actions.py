"""The Run menu."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def run_actions(window: "MainWindow") -> list[ActionSpec]:
    """The Run menu."""
    jobs, menu = window.desk.jobs, "&Run"
    return [
        ActionSpec(
            id="run.stop",
            text="&Stop",
            callback=lambda: jobs.stop(jobs.current) if jobs.current is not None else None,
            shortcut="Ctrl+.",
            menu=menu,
            icon="stop",
            enabled_when=lambda: bool(jobs.jobs),
            tooltip="Stop the running job; what it has computed is kept",
        ),
        ActionSpec(
            id="run.stop_all",
            text="Stop &all",
            callback=jobs.stop_all,
            shortcut="Ctrl+Shift+.",
            menu=menu,
            enabled_when=lambda: bool(jobs.jobs),
        ),
    ]
