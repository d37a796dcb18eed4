"""What the menus offer about networks and data as a whole."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def network_actions(window: "MainWindow") -> list[ActionSpec]:
    """The import of a user's own network, and the page of all networks and data."""
    return [
        ActionSpec(
            id="networks.import",
            text="&Import network…",
            callback=window.networks_room.choose_networks,
            shortcut="Ctrl+I",
            menu="&File",
            group="network",
            icon="network",
            tooltip="Look into weights, a .pt2 program, ONNX, TorchScript or a Python file, try it on data, take it in",
        ),
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
