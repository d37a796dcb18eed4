"""Numbers in fields: a point is a point everywhere, so that a number can be copied into a paper or another program."""

from PySide6.QtCore import QLocale


def use_plain_numbers() -> None:
    """Let every widget made from now on read and write numbers as Python does: ``0.05``, ``1e-4``, no grouping."""
    QLocale.setDefault(QLocale.c())
