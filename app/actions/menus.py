"""Menus and tool bars, made from the registry."""

from collections.abc import Iterable

from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar

from app.actions.registry import ActionRegistry
from app.actions.spec import without_mnemonic


def fill_menu_bar(bar: QMenuBar, registry: ActionRegistry) -> dict[str, QMenu]:
    """Put every action that names a menu into it, in the order of the specs.

    Returns
    -------
    dict
        The menus by path without mnemonics, such as ``File/Export``, for what is not an action (recent files).
    """
    menus: dict[str, QMenu] = {}
    groups: dict[str, str] = {}  # the group of the last action in each menu
    for spec in registry.specs:
        if not spec.menu:
            continue
        path = without_mnemonic(spec.menu)
        menu = _menu(bar, spec.menu, menus)
        if path in groups and groups[path] != spec.group:
            menu.addSeparator()
        groups[path] = spec.group
        menu.addAction(registry.action(spec.id))
    return menus


def fill_tool_bar(bar: QToolBar, registry: ActionRegistry, ids: Iterable[str]) -> None:
    """Put these actions on a tool bar; an empty id makes a line."""
    for action_id in ids:
        if action_id:
            bar.addAction(registry.action(action_id))
        else:
            bar.addSeparator()


def _menu(bar: QMenuBar, titles: str, menus: dict[str, QMenu]) -> QMenu:
    """The menu of that path, made where it does not exist yet."""
    path = without_mnemonic(titles)
    if path not in menus:
        parent_titles, _, title = titles.rpartition("/")
        parent = _menu(bar, parent_titles, menus) if parent_titles else bar
        menus[path] = parent.addMenu(title)
        menus[path].setObjectName(f"menu.{path}")
        menus[path].setToolTipsVisible(True)
    return menus[path]
