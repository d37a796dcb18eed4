"""The Robustness menu: attacks, size and sharpness; and the curvature through training, in the Spectrum menu."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec
from app.views.inspector.measure_forms import Measured
from app.views.menus.landscape_actions import subject_in
from app.views.menus.spectrum_actions import MENU as SPECTRUM_MENU
from core.exchange.endings import FIGURES, filter_of
from core.naming import file_stem
from core.robustness.robustness import Robustness
from core.session.document import ResultItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "Ro&bustness"


def robustness_actions(window: "MainWindow") -> list[ActionSpec]:
    """The forms, and the table of all networks."""

    def form(action_id: str, text: str, shortcut: str, icon: Measured, tooltip: str, menu: str = MENU) -> ActionSpec:
        return ActionSpec(
            id=action_id,
            text=text,
            callback=lambda: _prepare(window, icon),
            shortcut=shortcut,
            menu=menu,
            group="forms" if menu == MENU else "training",
            icon=icon,
            enabled_when=lambda: subject_in(window) is not None,
            tooltip=f"{tooltip}: opens the form in the inspector",
        )

    return [
        form(
            "spectrum.history",
            "Curvature &through training…",
            "Ctrl+7",
            "history",
            "Top eigenvalue, gradient and loss at every checkpoint of a run",
            SPECTRUM_MENU,
        ),
        form(
            "robustness.attacks",
            "&Attacks…",
            "Ctrl+8",
            "robustness",
            "Accuracy against the strength of attacks, with examples, also made on another network",
        ),
        form(
            "robustness.complexity",
            "&Size and sharpness…",
            "Ctrl+9",
            "complexity",
            "Norms, margins and a sharpness that does not change when weights are rescaled",
        ),
        *_beyond(window),
    ]


def _beyond(window: "MainWindow") -> list[ActionSpec]:
    """What is done with results that are there."""
    room = window.sizes_room
    return [
        ActionSpec(
            id="robustness.sizes",
            text="All networks against the &gap",
            callback=room.show_page,
            shortcut="Ctrl+Shift+G",
            menu=MENU,
            group="pages",
            icon="compare",
            enabled_when=lambda: room.possible,
            tooltip="Size and sharpness of every measured network beside its generalisation gap, with correlations",
        ),
        ActionSpec(
            id="robustness.export_examples",
            text="Export attacked e&xamples…",
            callback=lambda: export_examples(window),
            menu=MENU,
            group="export",
            icon="export",
            enabled_when=lambda: _attacked(window) is not None,
            tooltip="The samples as they were, what was added, what came of it, and the verdicts, as a figure",
        ),
    ]


def export_examples(window: "MainWindow") -> None:
    """Ask where the attacked samples of the selected result should go, and write them there."""
    if (item := _attacked(window)) is None:
        return
    suggestion = f"{file_stem(item.name)}-examples.png"
    path = window.dialogs.save_file("Export attacked examples", suggestion, filter_of(FIGURES))
    if path is not None:
        window.desk.file.export(item, path, examples=True)


def _attacked(window: "MainWindow") -> ResultItem | None:
    """The selected result, if it holds attacked samples."""
    item = window.desk.state.document.items.get(window.desk.selection.current_id or "")
    if not isinstance(item, ResultItem) or not isinstance(item.result, Robustness):
        return None
    return item if item.result.examples is not None and len(item.result.examples.row) else None


def _prepare(window: "MainWindow", measured: Measured) -> None:
    if (about := subject_in(window)) is not None:
        window.inspector.prepare_measured(about.network.id, measured)
