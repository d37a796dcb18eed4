"""What an action of the user is: a record that menus, tool bars, shortcuts and search share."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence


@dataclass(frozen=True, kw_only=True, eq=False)
class ActionSpec:
    """One thing a user can do."""

    id: str  # such as ``file.open``; also the objectName of its QAction
    text: str  # with the mnemonic: ``&Open…``
    callback: Callable[..., object]  # called without arguments; a checkable one with whether it is checked now
    shortcut: str | QKeySequence.StandardKey | None = None  # ``Ctrl+Shift+E``, or what the platform uses for it
    menu: str = ""  # path of titles, such as ``&File/&Export``; "" for none
    group: str = ""  # actions of one menu and group stand together, a line between groups
    icon: str = ""  # name of a file in resources/icons
    enabled_when: Callable[[], bool] | None = None  # asked by `ActionRegistry.refresh`; None: always
    tooltip: str = ""  # one sentence; the text if empty
    checkable: bool = False
    checked_when: Callable[[], bool] | None = None  # asked by `ActionRegistry.refresh`

    @property
    def sequences(self) -> tuple[QKeySequence, ...]:
        """Its key sequences on this platform; more than one where the platform has several."""
        if self.shortcut is None:
            return ()
        if isinstance(self.shortcut, QKeySequence.StandardKey):
            return tuple(QKeySequence.keyBindings(self.shortcut))
        return (QKeySequence(self.shortcut, QKeySequence.SequenceFormat.PortableText),)


def without_mnemonic(text: str) -> str:
    """A text as it is shown: ``&Save && close`` is ``Save & close``."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def plain(text: str) -> str:
    """A text without mnemonic and ellipsis."""
    return without_mnemonic(text).removesuffix("…")
