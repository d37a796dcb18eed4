"""What stands in the fields of the form, as plain values for the session, and back."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from app.views.inspector.entries import choose

PREFIX = "training."


def entries_of(form: QWidget) -> dict[str, object]:
    """By object name: numbers, texts, what is chosen, and what is switched on."""
    found: dict[str, object] = {}
    for box in form.findChildren(QComboBox):
        found[box.objectName()] = box.currentText() if box.isEditable() else box.currentData() or box.currentText()
    found |= {field.objectName(): field.value() for field in form.findChildren(QSpinBox)}
    found |= {field.objectName(): field.value() for field in form.findChildren(QDoubleSpinBox)}
    found |= {line.objectName(): line.text() for line in form.findChildren(QLineEdit)}
    found |= {check.objectName(): check.isChecked() for check in form.findChildren(QCheckBox)}
    return {name: value for name, value in found.items() if name.startswith(PREFIX)}


def enter(form: QWidget, entries: Mapping[str, object]) -> None:
    """Put entries back; those that make no sense are left alone."""
    for check in form.findChildren(QCheckBox):
        if isinstance(value := entries.get(check.objectName()), bool):
            check.setChecked(value)
    for box in form.findChildren(QComboBox):
        value = entries.get(box.objectName())
        if box.isEditable() and isinstance(value, str):
            box.setEditText(value)
        elif isinstance(value, str):
            choose(box, value)
    for line in form.findChildren(QLineEdit):
        if line.objectName().startswith(PREFIX) and isinstance(value := entries.get(line.objectName()), str):
            line.setText(value)
    for whole in form.findChildren(QSpinBox):
        if isinstance(value := entries.get(whole.objectName()), int):
            whole.setValue(value)
    for number in form.findChildren(QDoubleSpinBox):
        if isinstance(value := entries.get(number.objectName()), int | float):
            number.setValue(float(value))
