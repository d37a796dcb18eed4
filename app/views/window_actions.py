"""Every action of the main window, in the order of its menus."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDockWidget, QMessageBox

from app.actions.spec import ActionSpec
from app.state.settings import ThemeChoice
from app.views.dialogs import DATA_FILTER, FIGURE_FILTER, NETWORK_FILTER, SESSION_FILTER
from core import __version__
from core.session.document import ResultItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

TOOL_BAR = (
    "open.example",
    "open.network",
    "open.data",
    "",
    "file.save",
    "edit.undo",
    "edit.redo",
    "",
    "run.stop",
    "view.linked",
)
SESSION_SUFFIX = ".corrie.h5"


def window_actions(window: "MainWindow") -> list[ActionSpec]:
    """All of them."""
    return [*_file(window), *_edit(window), *_view(window), *_run(window), *_help(window)]


def _file(window: "MainWindow") -> list[ActionSpec]:
    state = window.desk.state
    key = QKeySequence.StandardKey

    def choose(title: str, name_filter: str) -> None:
        window.open_paths(window.dialogs.open_files(title, name_filter))

    def save() -> None:
        if state.path is None:
            save_as()
        else:
            window.desk.file.save(state.path)

    def save_as() -> None:
        suggestion = str(state.path or f"session{SESSION_SUFFIX}")
        path = window.dialogs.save_file("Save session", suggestion, SESSION_FILTER)
        if path is not None:
            window.desk.file.save(path if path.suffix else path.with_name(path.name + SESSION_SUFFIX))

    def new() -> None:
        if window.may_leave_document():
            from core.session.document import Document  # noqa: PLC0415

            state.open(Document(), None)

    window.pages.save_wanted.connect(save)
    menu = "&File"
    return [
        ActionSpec(id="file.new", text="&New session", callback=new, shortcut=key.New, menu=menu, group="open"),
        ActionSpec(
            id="open.session",
            text="&Open session…",
            callback=lambda: choose("Open session", SESSION_FILTER),
            shortcut=key.Open,
            menu=menu,
            group="open",
            icon="open",
        ),
        ActionSpec(
            id="open.network",
            text="Open n&etwork…",
            callback=lambda: choose("Open network", NETWORK_FILTER),
            shortcut="Ctrl+Shift+O",
            menu=menu,
            group="open",
            icon="network",
            tooltip="Open a network card, a .pt2 program, or weights",
        ),
        ActionSpec(
            id="open.data",
            text="Open &data…",
            callback=lambda: choose("Open data", DATA_FILTER),
            shortcut="Ctrl+D",
            menu=menu,
            group="open",
            icon="data",
            tooltip="Open an .npz file, or a table with its feature card",
        ),
        ActionSpec(
            id="open.digits",
            text="Open the built-in di&gits",
            callback=lambda: window.desk.door.open_builtin_data("digits"),
            menu=menu,
            group="open",
        ),
        ActionSpec(
            id="open.example",
            text="Open the &example",
            callback=window.open_example,
            menu=menu,
            group="open",
            icon="surface",
            tooltip="Compute the built-in example: landscapes, spectrum and correction of networks on real data",
        ),
        ActionSpec(
            id="recents.clear",
            text="Clear this list",
            callback=window.desk.recents.clear,
            menu=f"{menu}/Open recent",
        ),
        ActionSpec(
            id="file.save",
            text="&Save",
            callback=save,
            shortcut=key.Save,
            menu=menu,
            group="save",
            icon="save",
            enabled_when=lambda: state.dirty or state.path is None,
        ),
        ActionSpec(id="file.save_as", text="Save &as…", callback=save_as, shortcut=key.SaveAs, menu=menu, group="save"),
        ActionSpec(
            id="item.export",
            text="E&xport result…",
            callback=lambda: _export(window),
            shortcut="Ctrl+E",
            menu=menu,
            group="export",
            icon="export",
            enabled_when=lambda: _selected_result(window) is not None,
        ),
        ActionSpec(id="file.quit", text="&Quit", callback=window.close, shortcut="Ctrl+Q", menu=menu, group="quit"),
    ]


def _export(window: "MainWindow") -> None:
    item = _selected_result(window)
    if item is None:
        return
    stem = "".join(character if character.isalnum() else "-" for character in item.name.lower()).strip("-")
    path: Path | None = window.dialogs.save_file("Export result", f"{stem}.png", FIGURE_FILTER)
    if path is not None:
        window.desk.file.export(item, path)


def _selected_result(window: "MainWindow") -> ResultItem | None:
    item = window.desk.state.document.items.get(window.desk.selection.current_id or "")
    return item if isinstance(item, ResultItem) else None


def _edit(window: "MainWindow") -> list[ActionSpec]:
    history, selection, key = window.desk.history, window.desk.selection, QKeySequence.StandardKey
    menu = "&Edit"

    def selected(action: object) -> None:
        if selection.current_id is not None:
            action(selection.current_id)  # type: ignore[operator]

    def has_selection() -> bool:
        return selection.current_id in window.desk.state.document.items

    def rename() -> None:
        window.tree.setFocus()
        if (row := window.tree.currentItem()) is not None:
            window.tree.editItem(row, 0)

    return [
        ActionSpec(
            id="edit.undo",
            text="&Undo",
            callback=history.undo,
            shortcut=key.Undo,
            menu=menu,
            group="undo",
            icon="undo",
            enabled_when=lambda: history.can_undo,
        ),
        ActionSpec(
            id="edit.redo",
            text="&Redo",
            callback=history.redo,
            shortcut=key.Redo,
            menu=menu,
            group="undo",
            icon="redo",
            enabled_when=lambda: history.can_redo,
        ),
        ActionSpec(
            id="edit.copy_picture",
            text="&Copy picture",
            callback=window.pages.copy_picture,
            shortcut="Ctrl+Shift+C",
            menu=menu,
            group="copy",
            enabled_when=lambda: window.area.current_page() is not None,
        ),
        ActionSpec(
            id="item.rename", text="Re&name", callback=rename, menu=menu, group="item", enabled_when=has_selection
        ),
        ActionSpec(
            id="item.remove",
            text="Remove from &session",
            callback=lambda: selected(window.pages.remove),
            menu=menu,
            group="item",
            enabled_when=has_selection,
        ),
    ]


def _view(window: "MainWindow") -> list[ActionSpec]:
    menu, selection = "&View", window.desk.selection

    def beside() -> None:
        item_id = selection.current_id
        if item_id is None:
            return
        if window.area.page(item_id) is None:
            window.pages.open_page(item_id, beside=True)
        else:
            window.area.move_beside(item_id)

    def is_result() -> bool:
        return _selected_result(window) is not None

    return [
        ActionSpec(
            id="item.open",
            text="&Open in a tab",
            callback=lambda: window.pages.open_page(selection.current_id or ""),
            menu=menu,
            group="tabs",
            enabled_when=is_result,
        ),
        ActionSpec(
            id="item.beside",
            text="Show &beside",
            callback=beside,
            shortcut="Ctrl+\\",
            menu=menu,
            group="tabs",
            enabled_when=is_result,
            tooltip="Show the selected result on the other side, to compare",
        ),
        ActionSpec(
            id="view.linked",
            text="&Link views",
            callback=window.area.set_linked,
            shortcut="Ctrl+L",
            menu=menu,
            group="tabs",
            icon="link",
            checkable=True,
            checked_when=lambda: window.area.linked,
            tooltip="Surfaces side by side share camera, colour scale and clip level",
        ),
        *(_theme_action(window, choice) for choice in ("system", "light", "dark")),
        ActionSpec(
            id="view.reset_layout",
            text="&Reset layout",
            callback=lambda: _reset_layout(window),
            menu=menu,
            group="layout",
        ),
    ]


def _theme_action(window: "MainWindow", choice: ThemeChoice) -> ActionSpec:
    def choose(_checked: bool) -> None:  # noqa: FBT001  a Qt slot
        window.theme.choose(choice)
        window.settings.theme = choice
        window.actions_registry.refresh()

    return ActionSpec(
        id=f"theme.{choice}",
        text={"system": "Like the &system", "light": "&Light", "dark": "&Dark"}[choice],
        callback=choose,
        menu="&View/&Theme",
        icon="theme" if choice == "system" else "",
        checkable=True,
        checked_when=lambda: window.theme.choice == choice,
    )


def _reset_layout(window: "MainWindow") -> None:
    areas = {
        "dock.session": (Qt.DockWidgetArea.LeftDockWidgetArea, 290),
        "dock.inspector": (Qt.DockWidgetArea.RightDockWidgetArea, 320),
        "dock.jobs and log": (Qt.DockWidgetArea.BottomDockWidgetArea, 150),
    }
    for dock in window.findChildren(QDockWidget):
        area, extent = areas[dock.objectName()]
        window.addDockWidget(area, dock)
        dock.show()
        side = Qt.Orientation.Vertical if "jobs" in dock.objectName() else Qt.Orientation.Horizontal
        window.resizeDocks([dock], [extent], side)


def _run(window: "MainWindow") -> list[ActionSpec]:
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


def _help(window: "MainWindow") -> list[ActionSpec]:
    def about() -> None:
        QMessageBox.about(
            window,
            "About Corrie",
            f"<b>Corrie {__version__}</b><p>Loss landscapes (Li et al.), Hessian spectra (Yao et al.) and minimal "
            "stable corrections (Zhang et al.), NeurIPS 2018, in one window.</p>",
        )

    def copy_diagnosis() -> None:
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

        from app.views.diagnosis import diagnosis  # noqa: PLC0415

        QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in diagnosis().items()))
        window.status.showMessage("Copied versions, graphics and paths", 5000)

    menu = "&Help"
    return [
        ActionSpec(id="help.diagnose", text="&Copy diagnosis", callback=copy_diagnosis, menu=menu),
        ActionSpec(id="help.about", text="&About Corrie", callback=about, menu=menu),
    ]
