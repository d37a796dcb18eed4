"""Fields for numbers, in the locale of data files: a point, no grouping."""

import re

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from app.views.made import named
from core.errors import InvalidRequest


def whole_number(name: str, low: int, high: int, value: int, tip: str = "") -> QSpinBox:
    """A field for a whole number."""
    field = named(QSpinBox(), name)
    field.setRange(low, high)
    field.setValue(value)
    field.setLocale(QLocale.c())
    field.setGroupSeparatorShown(False)
    field.setToolTip(tip)
    return field


class NumberField(QDoubleSpinBox):
    """A field for any number, shown with as many digits as it needs; takes 1e-4 as well as 0.0001."""

    def __init__(
        self, name: str, low: float, high: float, value: float, *, step: float = 0.1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setLocale(QLocale.c())
        self.setDecimals(12)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setValue(value)

    def textFromValue(self, value: float) -> str:
        return f"{value:.7g}"

    def valueFromText(self, text: str) -> float:
        return float(text.strip())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            float(text)
        except ValueError:
            unfinished = all(character in "+-.0123456789eE " for character in text)
            return (QValidator.State.Intermediate if unfinished else QValidator.State.Invalid), text, position
        return QValidator.State.Acceptable, text, position


class ListField(QLineEdit):
    """A field for numbers with commas or spaces between them."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)

    def numbers(self) -> tuple[float, ...]:
        """What is entered. Raises `InvalidRequest` if a part of it is no number."""
        words = [word for word in re.split(r"[\s,;]+", self.text()) if word]
        found = []
        for word in words:
            try:
                found.append(float(word))
            except ValueError:
                raise InvalidRequest(f"“{word}” is no number. Type numbers such as 0.01, 0.05, 0.1.") from None
        return tuple(found)
