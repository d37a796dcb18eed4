"""The second part of the File menu: save, export, quit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.actions.spec import ActionSpec
from app.views.dialogs import SESSION_FILTER
from app.views.report.report_dialog import show_report
from core.exchange.endings import file_filter
from core.landscape.surface import Surface
from core.naming import SESSION_SUFFIX, file_stem
from core.session.document import ResultItem, RunItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


MENU = "&File"


def save_actions(window: "MainWindow") -> list[ActionSpec]:
    """Save, export, quit."""
    state, key = window.desk.state, QKeySequence.StandardKey
    return [
        ActionSpec(
            id="file.save",
            text="&Save",
            callback=lambda: save(window),
            shortcut=key.Save,
            menu=MENU,
            group="save",
            icon="save",
            enabled_when=lambda: state.dirty or state.path is None or state.view_unsaved,
        ),
        ActionSpec(
            id="file.save_as",
            text="Save &as…",
            callback=lambda: save_as(window),
            shortcut=key.SaveAs,
            menu=MENU,
            group="save",
        ),
        ActionSpec(
            id="item.export",
            text="E&xport result…",
            callback=lambda: export(window),
            shortcut="Ctrl+E",
            menu=MENU,
            group="export",
            icon="export",
            enabled_when=lambda: selected_result(window) is not None,
        ),
        ActionSpec(
            id="file.report",
            text="&Report…",
            callback=lambda: show_report(window),
            shortcut="Ctrl+Shift+E",
            menu=MENU,
            group="export",
            icon="note",
            enabled_when=lambda: bool(state.document.items),
            tooltip="Chosen items of the session as PDF or HTML, with certificates, definitions, limits and hashes",
        ),
        ActionSpec(id="file.quit", text="&Quit", callback=window.close, shortcut="Ctrl+Q", menu=MENU, group="quit"),
    ]


def save(window: "MainWindow", then: Callable[[], object] | None = None) -> None:
    """Save the session where it was, or ask where to; `then` is called once the file is safe."""
    state = window.desk.state
    if state.path is None or state.partly_understood or state.read_only:
        save_as(window, then)
    else:
        window.desk.file.save(state.path, then)


def save_as(window: "MainWindow", then: Callable[[], object] | None = None) -> None:
    """Ask where to save the session, and save it there."""
    suggestion = str(window.desk.state.path or f"session{SESSION_SUFFIX}")
    path = window.dialogs.save_file("Save session", suggestion, SESSION_FILTER)
    if path is not None:
        path = path if path.suffix else path.with_name(path.name + SESSION_SUFFIX)
        window.desk.file.save(path, then, chosen=True)


def export(window: "MainWindow") -> None:
    """Ask where the selected result should go, and write it there. Pictures of a surface are drawn as it is seen."""
    item = selected_result(window)
    if item is None:
        return
    stem = file_stem(item.name)
    result = item.run if isinstance(item, RunItem) else item.result
    title, relief = "Export result", False
    if isinstance(result, Surface):
        relief = _seen_as_relief(window, item.id)
        title = f"Export result: pictures {'in 3-D' if relief else 'as contours'}, as it is seen"
    path = window.dialogs.save_file(title, f"{stem}.png", file_filter(result))
    if path is not None:
        window.desk.file.export(item, path, relief=relief)


def _seen_as_relief(window: "MainWindow", item_id: str) -> bool:
    """Whether the page of a surface shows it in three dimensions, or will when somebody turns to it."""
    page = window.area.open_page(item_id)
    return page is not None and page.view_state().get("mode") == "relief"


def selected_result(window: "MainWindow") -> ResultItem | RunItem | None:
    """The selected item if it is a result or a run."""
    item = window.desk.state.document.items.get(window.desk.selection.current_id or "")
    return item if isinstance(item, ResultItem | RunItem) else None
