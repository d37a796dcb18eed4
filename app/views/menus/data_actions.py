"""What the File menu offers for those who have no data yet, or a table without a card."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec
from app.views.data.showing import show_get_data, show_table_wizard
from app.views.dialogs import TABLE_FILTER

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "&File"


def data_actions(window: "MainWindow") -> list[ActionSpec]:
    """Public data sets, and the wizard for feature cards."""
    return [
        ActionSpec(
            id="open.get_data",
            text="Ge&t data…",
            callback=lambda: show_get_data(window),
            shortcut="Ctrl+G",
            menu=MENU,
            group="data",
            icon="data",
            tooltip="Fetch a public data set, such as MNIST or CIFAR-10, from its origin",
        ),
        ActionSpec(
            id="open.make_card",
            text="&Make a feature card…",
            callback=lambda: _make_cards(window),
            menu=MENU,
            group="data",
            tooltip="Say what the columns of a table (.csv, .tsv) mean, and how they may change",
        ),
    ]


def _make_cards(window: "MainWindow") -> None:
    for path in window.dialogs.open_files("Make a feature card", TABLE_FILTER):
        show_table_wizard(window, path)
