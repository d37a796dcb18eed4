"""Small helpers for making widgets in one expression."""

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

T = TypeVar("T", bound=QObject)

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
