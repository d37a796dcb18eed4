"""Boxes to choose from: made with their entries, and filled anew without forgetting what was chosen."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from app.actions.wording import short, tip
from app.views.made import chooser


def choice(name: str, *entries: tuple[str, str], chosen: str = "") -> QComboBox:
    """A box with these texts and data."""
    box = chooser(name)
    for text, data in entries:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


def refill(box: QComboBox, entries: Iterable[tuple[str, str]]) -> None:
    """Other entries, without telling anybody; the chosen one stays if it is among them."""
    before = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for text, data in entries:
            box.addItem(short(text), data)
            box.setItemData(box.count() - 1, tip(text), Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(0, box.findData(before)) if box.count() else -1)


def explain(box: QComboBox, place: int, text: str, *, possible: bool = True) -> None:
    """Put a tooltip on an entry; one that is not possible cannot be chosen."""
    box.setItemData(place, tip(text), Qt.ItemDataRole.ToolTipRole)
    model = box.model()
    if isinstance(model, QStandardItemModel):
        model.item(place).setEnabled(possible)
