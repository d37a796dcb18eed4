"""The View menu: tabs, links, theme and layout."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget

from app.actions.spec import ActionSpec
from app.state.settings import ThemeChoice
from app.views.menus.save_actions import selected_result

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def view_actions(window: "MainWindow") -> list[ActionSpec]:
    """The View menu: tabs, links, theme and layout."""
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
        return selected_result(window) is not None

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
        "dock.review": (Qt.DockWidgetArea.RightDockWidgetArea, 320),
        "dock.jobs and log": (Qt.DockWidgetArea.BottomDockWidgetArea, 150),
    }
    for dock in window.findChildren(QDockWidget):
        area, extent = areas[dock.objectName()]
        window.addDockWidget(area, dock)
        dock.show()
        side = Qt.Orientation.Vertical if "jobs" in dock.objectName() else Qt.Orientation.Horizontal
        window.resizeDocks([dock], [extent], side)
    if (review := window.review_room.dock) is not None:
        window.lay_review(review)
