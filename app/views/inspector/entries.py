"""What a user has entered into the forms of a panel, so that it is still there when he comes back."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from app.views.inspector.fields import ListField
from app.views.inspector.freedom.choice import FreedomChoice
from app.views.inspector.layer_list import LayerList

Entries = dict[str, object]  # by object name: a number, the data or text of a choice, or names of layers


def entries_of(forms: Sequence[QWidget]) -> Entries:
    """What stands in the named fields of the forms."""
    entries: Entries = {}
    for form in forms:
        for choice in form.findChildren(QComboBox):
            entries[choice.objectName()] = choice.currentData() or choice.currentText()
        entries |= {field.objectName(): field.value() for field in form.findChildren(QSpinBox)}
        entries |= {field.objectName(): field.value() for field in form.findChildren(QDoubleSpinBox)}
        entries |= {switch.objectName(): switch.isChecked() for switch in _switches(form)}
        entries |= {numbers.objectName(): numbers.text() for numbers in form.findChildren(ListField)}
        entries |= {layers.objectName(): layers.chosen for layers in form.findChildren(LayerList)}
        entries |= {freedom.objectName(): freedom.entry() for freedom in form.findChildren(FreedomChoice)}
    return entries


def _switches(form: QWidget) -> list[QAbstractButton]:
    return [button for button in form.findChildren(QAbstractButton) if button.isCheckable() and button.objectName()]


def enter(forms: Sequence[QWidget], entries: Entries) -> None:
    """Put entries back into the fields of the same names; a choice that is no longer offered is left alone."""
    for form in forms:
        for choice in form.findChildren(QComboBox):  # first, because a choice may set a number
            choose(choice, entries.get(choice.objectName()))
        for switch in _switches(form):
            if isinstance(checked := entries.get(switch.objectName()), bool):
                switch.setChecked(checked)
        _enter_lists(form, entries)
        for whole in form.findChildren(QSpinBox):
            if isinstance(value := entries.get(whole.objectName()), int):
                whole.setValue(value)
        for number in form.findChildren(QDoubleSpinBox):
            if isinstance(value := entries.get(number.objectName()), float):
                number.setValue(value)
        for freedom in form.findChildren(FreedomChoice):  # last: its fields are of one feature after the other
            freedom.enter(entries.get(freedom.objectName()))


def _enter_lists(form: QWidget, entries: Entries) -> None:
    for numbers in form.findChildren(ListField):
        if isinstance(text := entries.get(numbers.objectName()), str):
            numbers.setText(text)
    for layers in form.findChildren(LayerList):
        if isinstance(names := entries.get(layers.objectName()), tuple):
            layers.choose(names)


def choose(choice: QComboBox, entry: object) -> None:
    """Turn to the entry with that data or text, if there is one."""
    if entry is None:
        return
    index = choice.findData(entry)
    index = choice.findText(str(entry)) if index < 0 else index
    if index >= 0:
        choice.setCurrentIndex(index)
