"""The files opened lately, as a menu that is made anew each time it opens."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.actions.wording import literal, short, tip
from app.state.recents import RecentFiles


class RecentMenu(QObject):
    """Fills a menu; a file that is not there now is listed, but cannot be chosen."""

    chosen = Signal(object)  # Path

    def __init__(self, menu: QMenu, recents: RecentFiles) -> None:
        super().__init__(menu)
        self._menu, self._recents = menu, recents
        self._own = menu.actions()  # "Clear this list", which stays at the end
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        for action in self._menu.actions():
            if action not in self._own:
                self._menu.removeAction(action)
                action.deleteLater()
        for entry in self._recents.entries():
            action = self._entry(entry.path)
            action.setEnabled(entry.exists)
            self._menu.insertAction(self._own[0], action)
        self._menu.insertSeparator(self._own[0])

    def _entry(self, path: Path) -> QAction:
        action = QAction(literal(short(path.name)), self._menu)
        action.setToolTip(tip(str(path)))
        action.triggered.connect(lambda _checked: self.chosen.emit(path))
        return action
