"""Rows of a form that are there only while they say something."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QAbstractSpinBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

When = Callable[[], bool]

NARROW = 56  # pixels of a number that shares its row


@dataclass(frozen=True, eq=False)
class _Row:
    place: QWidget
    when: When
    more: bool


class Rows:
    """Adds rows to a form and shows those that apply; the seldom used ones only when somebody asks for more."""

    def __init__(self, fields: QFormLayout, more: When) -> None:
        self._fields, self._more = fields, more
        self._rows: list[_Row] = []

    def add(self, text: str, *widgets: QWidget, when: When, more: bool = False, tip: str = "") -> None:
        """Add a row of one or several widgets.

        Parameters
        ----------
        text : str
            With the mnemonic, which goes to the first widget; "" for none.
        when : callable
            Whether the row applies now; asked by `refresh`.
        more : bool
            Whether it is one of the rows that few people need.
        tip : str
            In plain words, for the label and every widget that has no tooltip of its own.
        """
        label = QLabel(text) if text else None
        for widget in widgets:
            widget.setToolTip(widget.toolTip() or tip)
            if not widget.accessibleName() and not isinstance(widget, QLabel):
                widget.setAccessibleName(text.replace("&", ""))
        place = widgets[0] if len(widgets) == 1 else _beside(widgets)
        if label is None:
            self._fields.addRow(place)
        else:
            label.setBuddy(widgets[0])
            label.setToolTip(tip)
            self._fields.addRow(label, place)
        self._rows.append(_Row(place, when, more))

    def refresh(self) -> None:
        """Show the rows that apply now and hide the others."""
        for row in self._rows:
            self._fields.setRowVisible(row.place, row.when() and (self._more() or not row.more))

    def has_more(self) -> bool:
        """Whether there are rows that apply and are shown only on request."""
        return any(row.more and row.when() for row in self._rows)


def _beside(widgets: tuple[QWidget, ...]) -> QWidget:
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QLabel | QPushButton) else 1)
        if isinstance(widget, QAbstractSpinBox):
            widget.setMinimumWidth(NARROW)  # its hint has room for numbers that nobody enters
    return place
