"""What of the window around the pages is kept with a session: its docks, the tree, the selection, the two sides.

Plain values, each looked at before it is used: a session may come from anybody. Qt's own record of a window's layout is
bytes that it takes at their word, so it stays in this computer's settings.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget

from app.views.pages.looks import WIDEST

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class WindowLook(QObject):
    """Tells the state of the document how the window looks whenever that is about to be kept, and restores it."""

    def __init__(self, window: "MainWindow") -> None:
        """Made after everything that opens pages: these come back before what is around them."""
        super().__init__(window)
        self._window, self._state = window, window.desk.state
        self._state.view_wanted.connect(self._tell)
        self._state.opened.connect(self._restore)

    def _tell(self) -> None:
        window = self._window
        view = {**self._state.view, **window.area.view_state()}
        view |= {"selection": window.desk.selection.current_id, "tree": window.tree.view_state()}
        if window.isVisible():  # before, no dock has its width
            view["docks"] = {dock.objectName(): _look_of(window, dock) for dock in window.findChildren(QDockWidget)}
        self._state.set_view(view)

    def _restore(self) -> None:
        view, window = self._state.document.view, self._window
        docks = view.get("docks")
        if isinstance(docks, Mapping):
            known = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
            looks = {known[name]: look for name, look in docks.items() if name in known and isinstance(look, Mapping)}
            for dock, look in looks.items():
                _place(window, dock, look)
            for dock, look in looks.items():
                _size(window, dock, look)
        window.tree.restore_view(view.get("tree"))
        window.area.restore_shares(view.get("shares"))


def _look_of(window: "MainWindow", dock: QDockWidget) -> dict[str, object]:
    area = next((name for name, area in AREAS.items() if window.dockWidgetArea(dock) is area), "left")
    behind = bool(window.tabifiedDockWidgets(dock)) and dock.visibleRegion().isEmpty()
    size = [dock.width(), dock.height()]
    return {"area": area, "shown": not dock.isHidden(), "behind": behind, "size": size}


def _place(window: "MainWindow", dock: QDockWidget, look: Mapping[str, object]) -> None:
    area = AREAS.get(str(look.get("area")))
    if area is not None and window.dockWidgetArea(dock) is not area:
        window.addDockWidget(area, dock)
    if isinstance(shown := look.get("shown"), bool):
        dock.setVisible(shown)
    if look.get("shown") is True and look.get("behind") is False and window.tabifiedDockWidgets(dock):
        dock.raise_()


def _size(window: "MainWindow", dock: QDockWidget, look: Mapping[str, object]) -> None:
    size = look.get("size")
    if not isinstance(size, list | tuple) or len(size) != 2 or dock.isHidden():
        return
    if all(type(extent) is int and 0 < extent <= WIDEST for extent in size):
        upright = window.dockWidgetArea(dock) in (AREAS["left"], AREAS["right"])
        side = Qt.Orientation.Horizontal if upright else Qt.Orientation.Vertical
        window.resizeDocks([dock], [size[0] if upright else size[1]], side)
