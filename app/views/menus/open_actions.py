"""The first part of the File menu: everything that opens."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.actions.spec import ActionSpec
from app.views.dialogs import DATA_FILTER, NETWORK_FILTER, SESSION_FILTER
from app.views.menus.data_actions import data_actions
from app.views.menus.two_sessions_actions import two_sessions_actions
from core.data.loading import KINDS
from core.session.document import Document

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "&File"
KEY = QKeySequence.StandardKey


def open_actions(window: "MainWindow") -> list[ActionSpec]:
    """New, open, recent files."""
    return [
        ActionSpec(
            id="file.new",
            text="&New session",
            callback=lambda: _new(window),
            shortcut=KEY.New,
            menu=MENU,
            group="open",
        ),
        _opener(
            window, "session", "&Open session…", SESSION_FILTER, KEY.Open, "open", "Open a session with its results"
        ),
        _opener(
            window,
            "network",
            "Open n&etwork…",
            NETWORK_FILTER,
            "Ctrl+Shift+O",
            "network",
            "Open a network card, or import weights, a .pt2 program, ONNX, TorchScript or a Python file",
        ),
        _opener(
            window,
            "data",
            "Open &data…",
            DATA_FILTER,
            "Ctrl+D",
            "data",
            f"Open data: {KINDS}",
        ),
        ActionSpec(
            id="open.data_folder",
            text="Open data &folder…",
            callback=lambda: _open_folder(window),
            menu=MENU,
            group="open",
            tooltip="Open a folder of pictures (one folder for each class), of CIFAR batches, idx files or drawings",
        ),
        *data_actions(window),
        *two_sessions_actions(window),
        *_built_in(window),
        ActionSpec(
            id="recents.clear", text="Clear this list", callback=window.desk.recents.clear, menu=f"{MENU}/Open recent"
        ),
    ]


def _opener(
    window: "MainWindow",
    kind: str,
    text: str,
    name_filter: str,
    shortcut: str | QKeySequence.StandardKey,
    icon: str,
    tooltip: str,
) -> ActionSpec:
    def choose() -> None:
        window.open_paths(window.dialogs.open_files(f"Open {kind}", name_filter))

    return ActionSpec(
        id=f"open.{kind}",
        text=text,
        callback=choose,
        shortcut=shortcut,
        menu=MENU,
        group="open",
        icon=icon,
        tooltip=tooltip,
    )


def _built_in(window: "MainWindow") -> list[ActionSpec]:
    door = window.desk.door
    return [
        ActionSpec(
            id="open.digits",
            text="Open the built-in di&gits",
            callback=lambda: door.open_builtin_data("digits"),
            menu=MENU,
            group="built in",
        ),
        ActionSpec(
            id="open.german_credit",
            text="Open the built-in German &credit",
            callback=lambda: door.open_builtin_data("german-credit"),
            menu=MENU,
            group="built in",
        ),
        ActionSpec(
            id="open.example",
            text="Open the &example",
            callback=window.open_example,
            menu=MENU,
            group="built in",
            icon="surface",
            tooltip="Compute the built-in example: landscapes, spectrum and correction of networks on real data",
        ),
    ]


def _open_folder(window: "MainWindow") -> None:
    folder = window.dialogs.open_folder("Open data folder")
    if folder is not None:
        window.open_paths([folder])


def _new(window: "MainWindow") -> None:
    if window.may_leave_document(lambda: _new(window)):
        window.desk.state.open(Document(), None)
