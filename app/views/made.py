"""Small helpers for making widgets in one expression."""

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

from app.theme.icons import icon

T = TypeVar("T", bound=QObject)
B = TypeVar("B", bound=QAbstractButton)
ICON = "icon_name"  # property of buttons, by which their icon can be drawn anew

LONGEST_WORD = 48  # characters


def named(thing: T, name: str) -> T:
    """The same object with its name, by which layouts, tests and screen readers find it."""
    thing.setObjectName(name)
    return thing


def chooser(name: str, parent: QWidget | None = None) -> QComboBox:
    """A box to choose from whose entries may be long: it is as wide as there is room, not as they are."""
    box = named(QComboBox(parent), name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def text_label(text: str = "", name: str = "") -> QLabel:
    """A label that breaks its text into lines and never takes it for markup."""
    label = QLabel(text)
    label.setTextFormat(label.textFormat().PlainText)
    label.setWordWrap(True)
    if any(len(word) > LONGEST_WORD for word in text.split()):
        label.setMinimumWidth(1)  # such a word is cut off rather than let it stretch everything around it
    label.setObjectName(name)
    return label


def with_icon(button: B, name: str) -> B:
    """The same button with an icon that follows the theme (see `reload_icons`)."""
    button.setProperty(ICON, name)
    button.setIcon(icon(name))
    return button


def reload_icons(parent: QWidget) -> None:
    """Draw the icons of all buttons in a window in the colours of the theme."""
    for button in parent.findChildren(QAbstractButton):
        if isinstance(name := button.property(ICON), str):
            button.setIcon(icon(name))
