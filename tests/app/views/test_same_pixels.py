"""A session that is opened again looks the same, pixel by pixel, in a window of the same size."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.surface_page import SurfacePage
from core.session.files import save_document
from tests import documents
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver, make_driver

LEFT = Qt.MouseButton.LeftButton
STILL = 120  # milliseconds between two pictures that must be the same, before one counts
# What is no part of a session: the tool bar knows what can be undone, the status line what was done last, and the list
# of jobs how long they took. How far a row of tabs is scrolled that is too long for its side depends on the order in
# which they were turned to, and Qt lets nobody set it; which tabs there are, and which is in front, is compared.
NOT_OF_THE_SESSION = ("tool_bar", "status", "dock.jobs and log")


@pytest.fixture
def no_cursor_blinks(qapp: QApplication) -> Iterator[None]:
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(before)


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def picture(driver: Driver) -> np.ndarray:
    """The whole window once it stands still, without what is no part of the session."""
    window = driver.window
    QCursor.setPos(window.screen().geometry().bottomRight())  # nothing lies under the pointer
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()
    seen: list[np.ndarray] = [pixels(window.grab().toImage())]

    def still() -> bool:
        QTest.qWait(STILL)
        seen.append(pixels(window.grab().toImage()))
        return np.array_equal(seen[-1], seen[-2])

    driver.wait(still, 60_000)
    found = seen[-1]
    for rect in hidden_parts(window):
        found[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = 0
    return found


def hidden_parts(window: QWidget) -> list[QRect]:
    parts = [window.findChild(QWidget, name) for name in NOT_OF_THE_SESSION]
    parts += [window.statusBar(), *tab_bars(window)]
    shown = [part for part in parts if part is not None and part.isVisible()]
    return [QRect(part.mapTo(window, QPoint(0, 0)), part.size()) for part in shown]


def tab_bars(window: QWidget) -> list[QTabBar]:
    return [pane.tabBar() for pane in (window.area._left, window.area._right)]


def tabs(window: QWidget) -> list[tuple[int, list[str]]]:
    return [(bar.currentIndex(), [bar.tabText(n) for n in range(bar.count())]) for bar in tab_bars(window)]


def walk(driver: Driver, ids: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """The window as it is, and then with each page in front in its turn."""
    yield "as it was left", picture(driver)
    for item_id in ids:
        driver.window.pages.open_page(item_id)
        yield item_id, picture(driver)


def where_they_differ(window: QWidget, one: np.ndarray, other: np.ndarray) -> list[str]:
    """The smallest named widgets in which pixels differ."""
    if one.shape != other.shape:
        return [f"{one.shape} is not {other.shape}"]
    rows, columns = np.nonzero((one != other).any(axis=2))
    places = {(int(y) // 8 * 8, int(x) // 8 * 8) for y, x in zip(rows, columns, strict=True)}
    found: dict[str, int] = {}
    for y, x in places:
        at = window.childAt(x, y)
        while at is not None and not at.objectName():
            at = at.parentWidget()
        name = f"{type(at).__name__} {at.objectName()}" if at is not None else "the window"
        found[name] = found.get(name, 0) + 1
    return [f"{name}: {count} places of 8 × 8 pixels" for name, count in sorted(found.items())]


def arrange(driver: Driver) -> None:
    """Turn one surface by hand and cut it off elsewhere, show the other as a map, move the box, pick in the tree."""
    driver.window.pages.open_page("surface-0")
    driver.window.pages.open_page("surface-1", beside=True)
    left, right = driver.window.area.page("surface-0"), driver.window.area.page("surface-1")
    assert isinstance(left, SurfacePage)
    assert isinstance(right, SurfacePage)
    driver.trigger("view.linked")
    relief = left.relief
    before = relief.camera_state()
    middle = relief.rect().center()
    target = relief.childAt(middle) or relief
    place = target.mapFrom(relief, middle)
    QTest.mousePress(target, LEFT, pos=place)
    for step in (10, 25, 45):
        QTest.mouseMove(target, place + QPoint(step, -step // 2))
    QTest.mouseRelease(target, LEFT, pos=place + QPoint(45, -22))
    driver.wait(lambda: relief.camera_state() != before)
    left.limit_field.setValue(3.0)
    right.set_mode("contour")
    right.set_field("accuracy")
    driver.window.pages.open_page("correction-0")
    correction = driver.window.area.page("correction-0")
    assert isinstance(correction, CorrectionPage)
    QApplication.processEvents()
    hand = Hand(correction.slice)
    start = hand.at(*correction.slice.box.centre)
    hand.drag(start, start + QPoint(-25, 15))
    driver.window.pages.open_page("spectrum-0")
    driver.window.pages.open_page("surface-0")
    driver.select("correction-0")


@pytest.mark.slow
@pytest.mark.gl
def test_a_session_opened_again_in_a_window_of_the_same_size_shows_the_same_pixels(
    qtbot: QtBot, theme: Theme, no_cursor_blinks: None, tmp_path: Path
) -> None:
    path = tmp_path / "example.corrie.h5"
    save_document(documents.landscape_document(), path)
    driver = make_driver(qtbot, theme)
    driver.window.open_paths([path])
    driver.wait(lambda: driver.window.desk.state.path == path)
    ids = [item.id for item in driver.results()]
    arrange(driver)
    picture(driver)  # it stands still
    driver.save(path)
    size, tabs_before = driver.window.size(), tabs(driver.window)
    before = dict(walk(driver, ids))
    assert driver.window.close()

    # As a colleague gets it: the window has kept how the file itself was looked at after it was saved.
    sent = tmp_path / "sent.corrie.h5"
    sent.write_bytes(path.read_bytes())
    again = make_driver(qtbot, theme)
    again.window.resize(size)
    again.window.open_paths([sent])
    again.wait(lambda: again.window.desk.state.path == sent)
    again.wait(lambda: tabs(again.window) == tabs_before)
    for name, shown in walk(again, ids):
        differing = where_they_differ(again.window, before[name], shown)
        for when, image in (("before", before[name]), ("after", shown)) if differing else ():
            keep_picture(image, tmp_path / f"{name} {when}.png")
        assert differing == [], f"{name}: {differing}, see {tmp_path}"


def keep_picture(shown: np.ndarray, path: Path) -> None:
    height, width, _ = shown.shape
    rgb = shown[:, :, ::-1].tobytes()
    QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888).save(str(path))
