"""The Corrections menu: its forms, the table over several networks, and the drawing tutor."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec
from app.views.inspector.compute_panel import Corrected, is_corrected
from app.views.menus.landscape_actions import subject_in
from core.session.document import NetworkItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "&Corrections"


def correction_actions(window: "MainWindow") -> list[ActionSpec]:
    """One row, all pairs of its features, all rejected rows; then the pages."""

    def form(action_id: str, text: str, shortcut: str, what: Corrected, icon: str, tooltip: str) -> ActionSpec:
        return ActionSpec(
            id=action_id,
            text=text,
            callback=lambda: _prepare(window, what),
            shortcut=shortcut,
            menu=MENU,
            group="forms",
            icon=icon,
            enabled_when=lambda: _subject(window, what) is not None,
            tooltip=f"{tooltip}: opens the form in the inspector",
        )

    return [
        form(
            "corrections.row",
            "&Correction of a row…",
            "Ctrl+0",
            "row",
            "correction",
            "The smallest stable change of a rejected row of a table, or of an image, that changes the verdict",
        ),
        form(
            "corrections.pairs",
            "All &pairs of features…",
            "Ctrl+Shift+0",
            "pairs",
            "pairs",
            "The nearest stable correction of every two features of a row, ranked",
        ),
        form(
            "corrections.cases",
            "All rejected &rows…",
            "Ctrl+Shift+9",
            "cases",
            "correction",
            "A correction for each rejected row of a table, and a short list of rules",
        ),
        ActionSpec(
            id="corrections.networks",
            text="Rejected rows under all &networks",
            callback=window.cases_room.show_page,
            menu=MENU,
            group="pages",
            icon="compare",
            enabled_when=lambda: window.cases_room.possible,
            tooltip="Whose decision boundary is further away, and whose corrections hold under the others",
        ),
        ActionSpec(
            id="tutor.page",
            text="&Drawing tutor",
            callback=window.tutor_room.show_page,
            menu=MENU,
            group="pages",
            icon="tutor",
            tooltip="Draw, and see what is missing and where its lines may end",
        ),
    ]


def _subject(window: "MainWindow", what: Corrected) -> NetworkItem | None:
    """The network that is looked at, if a table with a feature card, or for one row an image, can be fed to it."""
    about = subject_in(window)
    if about is None:
        return None
    network, known = about.network, window.desk.state.document.datasets
    possible = (is_corrected(network, item) and (what == "row" or item.features is not None) for item in known)
    return network if any(possible) else None


def _prepare(window: "MainWindow", what: Corrected) -> None:
    if (network := _subject(window, what)) is not None:
        window.inspector.prepare_correction(network.id, what)
