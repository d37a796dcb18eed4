"""What the menus offer about networks and data as a whole."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def network_actions(window: "MainWindow") -> list[ActionSpec]:
    """The page of networks and data."""
    return [
        ActionSpec(
            id="networks.page",
            text="&Networks and data",
            callback=window.networks_room.show_page,
            shortcut="Ctrl+Shift+D",
            menu="&View",
            group="pages",
            icon="network",
            tooltip="All networks and data of the session: cards, accuracy, size, where they came from",
        ),
    ]
