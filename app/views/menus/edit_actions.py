"""The Edit menu."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def edit_actions(window: "MainWindow") -> list[ActionSpec]:
    """The Edit menu."""
    history, selection, key = window.desk.history, window.desk.selection, QKeySequence.StandardKey
    menu = "&Edit"

    def selected(action: Callable[[str], object]) -> None:
        if selection.current_id is not None:
            action(selection.current_id)

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
