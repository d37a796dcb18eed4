"""All actions of the window, each made once."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QIcon

from app.actions.shortcuts import check_shortcuts, shown
from app.actions.spec import ActionSpec, plain
from app.actions.wording import tip


class ActionRegistry(QObject):
    """The actions, by id. Menus, tool bars, the shortcut sheet and the command search all read from here.

    Parameters
    ----------
    specs : iterable of ActionSpec
        In the order of the menus.
    icons : callable, optional
        Gives the icon of a name; asked again by `reload_icons` when the theme has changed.

    Raises
    ------
    ValueError
        If two specs share an id or a shortcut.
    """

    def __init__(
        self,
        specs: Iterable[ActionSpec],
        icons: Callable[[str], QIcon] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.specs = tuple(specs)
        self._icons = icons
        check_shortcuts(self.specs)
        self._actions: dict[str, QAction] = {}
        for spec in self.specs:
            if spec.id in self._actions:
                raise ValueError(f"Two actions are called {spec.id}.")
            self._actions[spec.id] = self._make(spec)
        self.reload_icons()
        self.refresh()

    def action(self, action_id: str) -> QAction:
        """The one QAction of that id. Raises `KeyError` if there is none."""
        return self._actions[action_id]

    def actions(self) -> tuple[QAction, ...]:
        """All of them. Add them to the window (`QWidget.addActions`), so that shortcuts work without a menu."""
        return tuple(self._actions.values())

    def refresh(self) -> None:
        """Ask every `enabled_when` and `checked_when` again. Call it when the document, selection or jobs change."""
        for spec in self.specs:
            action = self._actions[spec.id]
            if spec.enabled_when is not None:
                action.setEnabled(spec.enabled_when())
            if spec.checked_when is not None:
                action.setChecked(spec.checked_when())  # emits toggled, never triggered: no callback runs

    def reload_icons(self) -> None:
        """Ask for every icon again."""
        for spec in self.specs:
            if spec.icon and self._icons is not None:
                self._actions[spec.id].setIcon(self._icons(spec.icon))

    def set_text(self, action_id: str, text: str) -> None:
        """Give an action another text, such as "Undo move box"; its tooltip follows."""
        action = self._actions[action_id]
        spec = next(spec for spec in self.specs if spec.id == action_id)
        action.setText(text)
        action.setToolTip(_tooltip(spec, text))

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts(list(spec.sequences))
        action.setCheckable(spec.checkable)
        action.setToolTip(_tooltip(spec, spec.text))
        action.setStatusTip(spec.tooltip)
        callback = spec.callback
        if spec.checkable:
            # Never the callback itself: PySide guesses how many arguments it takes, wrongly for what is not Python.
            action.triggered.connect(lambda checked: callback(checked))  # noqa: PLW0108
        else:
            action.triggered.connect(lambda _checked: callback())
        return action


def _tooltip(spec: ActionSpec, text: str) -> str:
    words = tip(spec.tooltip or plain(text))
    return f"{words} ({shown(spec.sequences[0])})" if spec.sequences else words
