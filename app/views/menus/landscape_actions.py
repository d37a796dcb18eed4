"""The Landscape menu: a form for every analysis, and those that follow from what is selected with one click."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.computing import Task
from app.actions.landscape import (
    Subject,
    convexity_over,
    initialisations_of,
    subject_of_selection,
    ten_draws,
    trajectory_of,
)
from app.actions.spec import ActionSpec
from app.jobs.background import run_in_background
from app.jobs.direction_files import read_directions
from app.views.inspector.landscape.kinds import WHATS, What
from core.landscape.plane import Directions
from core.session.document import NetworkItem
from core.session.fitting import planes_of

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "&Landscape"
DIRECTION_FILTER = "Direction files of loss-landscape (*.h5);;All files (*)"
FORMS: tuple[tuple[What, str], ...] = (
    ("surface", "&Surface…"),
    ("curve", "&Curve…"),
    ("trajectory", "&Trajectory…"),
    ("convexity", "Con&vexity…"),
    ("initialisations", "&Initialisations…"),
)


@dataclass(frozen=True, eq=False)
class AtOnce:
    """An analysis that is computed without a form."""

    name: str
    text: str
    shortcut: str
    icon: str
    tip: str
    make: Callable[[Subject], Task | None]
    possible: Callable[[Subject], bool]


AT_ONCE = (
    AtOnce(
        "ten_draws",
        "Ten &random draws",
        "Ctrl+Shift+R",
        "curve",
        "The loss along ten random directions: what differs between them is chance",
        ten_draws,
        lambda _about: True,
    ),
    AtOnce(
        "convexity_over",
        "Convexit&y over this plane",
        "Ctrl+Shift+H",
        "convexity",
        "Smallest and largest curvature over the plane of the selected surface",
        convexity_over,
        lambda about: about.surface is not None,
    ),
    AtOnce(
        "trajectory_of",
        "Trajectory of this r&un",
        "Ctrl+Shift+T",
        "trajectory",
        "The way of the training, in the plane of the selected surface or along its own axes",
        trajectory_of,
        lambda about: about.run is not None,
    ),
    AtOnce(
        "initialisations_of",
        "Initialisations a&gainst this surface",
        "Ctrl+Shift+I",
        "initialisations",
        "The loss of fresh random weights, on the same samples",
        initialisations_of,
        lambda _about: True,
    ),
)


def landscape_actions(window: "MainWindow") -> list[ActionSpec]:
    """Forms first, then what is computed at once."""

    return [
        *(_form_action(window, what, text, place + 1) for place, (what, text) in enumerate(FORMS)),
        ActionSpec(
            id="landscape.same_plane",
            text="Compute on the same &plane…",
            callback=lambda: _prepare_same_plane(window),
            shortcut="Ctrl+Shift+L",
            menu=MENU,
            group="plane",
            icon="surface",
            enabled_when=lambda: _has_plane(window),
            tooltip="Ask for another analysis, or for other samples, in the very directions of the selected result",
        ),
        *(_at_once(window, one) for one in AT_ONCE),
    ]


def choose_directions(window: "MainWindow", network_id: str) -> None:
    """Ask for a direction file of the original tool, and offer what it holds to the form of that network."""
    network = window.desk.state.document.items.get(network_id)
    paths = window.dialogs.open_files("Open directions", DIRECTION_FILTER)
    if not isinstance(network, NetworkItem) or not paths:
        return
    path: Path = paths[0]

    def offer(directions: Directions) -> None:
        window.inspector.offer_directions(network_id, path.name, directions)

    run_in_background(
        lambda: read_directions(path, network),
        offer,
        window.desk.computations.failed.emit,
        name=path.name,
        owner=window,
    )


def _at_once(window: "MainWindow", one: AtOnce) -> ActionSpec:
    def possible() -> bool:
        about = subject_in(window)
        return about is not None and one.possible(about)

    return ActionSpec(
        id=f"landscape.{one.name}",
        text=one.text,
        callback=lambda: _compute(window, one.make),
        shortcut=one.shortcut,
        menu=MENU,
        group="at once",
        icon=one.icon,
        enabled_when=possible,
        tooltip=one.tip,
    )


def _form_action(window: "MainWindow", what: What, text: str, number: int) -> ActionSpec:
    return ActionSpec(
        id=f"landscape.{what}",
        text=text,
        callback=lambda: _prepare(window, what),
        shortcut=f"Ctrl+{number}",
        menu=MENU,
        group="forms",
        icon=what,
        enabled_when=lambda: subject_in(window) is not None,
        tooltip=f"{WHATS[what][1]}: opens the form in the inspector",
    )


def subject_in(window: "MainWindow") -> Subject | None:
    """Network and data that are selected."""
    item_id = window.desk.selection.current_id or ""
    panel = window.inspector.compute
    chosen = panel.dataset.id if panel is not None and panel.network_id == item_id and panel.has_data else ""
    return subject_of_selection(window.desk.state.document, item_id, chosen)


def _prepare(window: "MainWindow", what: What) -> None:
    if (about := subject_in(window)) is not None:
        window.inspector.prepare(about.network.id, what)


def _prepare_same_plane(window: "MainWindow") -> None:
    about, item_id = subject_in(window), window.desk.selection.current_id or ""
    if about is not None:
        window.inspector.prepare(about.network.id, "surface", item_id)


def _has_plane(window: "MainWindow") -> bool:
    about = subject_in(window)
    if about is None:
        return False
    item_id = window.desk.selection.current_id
    return any(item.id == item_id for item in planes_of(about.network, window.desk.state.document))


def _compute(window: "MainWindow", make: Callable[[Subject], Task | None]) -> None:
    about = subject_in(window)
    if about is not None and (task := make(about)) is not None:
        window.inspector.requested.emit(task)
