"""What the menus offer about training."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def training_actions(window: "MainWindow") -> list[ActionSpec]:
    """The training lab."""
    return [
        ActionSpec(
            id="training.page",
            text="&Training lab",
            callback=window.training_room.show_page,
            shortcut="Ctrl+T",
            menu="&View",
            group="pages",
            icon="training",
            tooltip="Train networks by recipe, one or a sweep of them, with live curves",
        ),
    ]
