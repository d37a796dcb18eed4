"""What the tests of the review do with the window, and look at."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QPushButton

from app.commands.notes import AddNote
from core.review.note import PointAnchor
from core.review.writing import new_note

SURFACE, SPECTRUM, CORRECTION = "surface-0", "spectrum-0", "correction-0"


def room(driver):
    return driver.window.review_room


def editor(driver) -> QPlainTextEdit:
    return driver.find(QPlainTextEdit, "review.text")


def write(driver, text):
    QTest.keyClicks(editor(driver), text)


def click(driver, name):
    """Press a button once it has its place: the panel may have come to the front just now."""
    button = driver.find(QPushButton, name)
    driver.wait(lambda: not button.visibleRegion().isEmpty() and button.isEnabled())
    QApplication.processEvents()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def notes(driver):
    return list(driver.document.notes.values())


def add(driver, text, item_id=SURFACE, anchor=None, author="Maria"):
    note = new_note(text, author, item_id, anchor)
    driver.window.history.push(AddNote(note))
    return note.note_id


def marks(driver, item_id):
    page = driver.window.area.page(item_id)
    return [mark for layer in room(driver).pins.layers(page) for mark in layer.marks]


def listed(driver):
    return [row.note.text for row in room(driver).panel.listed()]


def popup(driver) -> QMenu:
    driver.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def point(driver, row=8, column=10):
    surface = driver.document.items[SURFACE].result
    loss = float(surface.loss[row, column])
    return PointAnchor(
        x=float(surface.x[column]), y=float(surface.y[row]), loss=None if not np.isfinite(loss) else loss
    )
