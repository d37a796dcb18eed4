"""A table below a line of words, or of a filter, that ends in its buttons."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def table_part(beside: QWidget, *buttons: QWidget, table: QWidget, above: QWidget | None = None) -> QWidget:
    """Put a table below a line; `above` both, if there is something to be said of all of it."""
    part = QWidget()
    rows = QVBoxLayout(part)
    rows.setContentsMargins(10, 4, 10, 8)
    line = QHBoxLayout()
    line.addWidget(beside, 1)
    for button in buttons:
        line.addWidget(button)
    if above is not None:
        rows.addWidget(above)
    rows.addLayout(line)
    rows.addWidget(table, 1)
    return part
