"""Surfaces side by side share their crosshair while views are linked, in whichever picture they are seen."""

import pytest
from PySide6.QtCore import Qt

from app.views.pages.surface_page import SurfacePage
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import Driver


@pytest.fixture
def pages(driver: Driver) -> tuple[SurfacePage, SurfacePage]:
    """Two surfaces of different planes, the left as contours."""
    session = landscapes.session(
        ("surface-1", landscapes.plane(9)), ("surface-2", landscapes.plane(5, axes=documents.directions(2)))
    )
    driver.window.desk.state.open(session, None)
    driver.window.pages.open_page("surface-1")
    driver.window.pages.open_page("surface-2", beside=True)
    left, right = driver.window.area.shown_pages()
    assert isinstance(left, SurfacePage)
    assert isinstance(right, SurfacePage)
    for page in (left, right):
        page.set_mode("contour")
    return left, right


def test_what_is_read_in_one_is_marked_in_the_other_at_its_nearest_point(driver: Driver, pages) -> None:
    left, right = pages
    for _ in range(3):
        driver.qtbot.keyClick(left.contour, Qt.Key.Key_Right)
    assert left.contour._marks.pointed == (0.5, 0.0)
    assert right.contour._marks.pointed == (0.5, 0.0)
    driver.qtbot.keyClick(left.contour, Qt.Key.Key_Left)
    assert right.contour._marks.pointed in ((0.0, 0.0), (0.5, 0.0))  # 0.25 lies half-way between them
    driver.qtbot.keyClick(left.contour, Qt.Key.Key_Escape)
    assert right.contour._marks.pointed is None


def test_the_cuts_of_the_other_surface_follow_too(driver: Driver, pages) -> None:
    left, right = pages
    right.set_cuts_shown(True)
    for _ in range(3):
        driver.qtbot.keyClick(left.contour, Qt.Key.Key_Right)
    assert right.cuts.place == (0.5, 0.0)


def test_views_that_are_not_linked_are_read_each_by_itself(driver: Driver, pages) -> None:
    left, right = pages
    driver.trigger("view.linked")
    driver.qtbot.keyClick(left.contour, Qt.Key.Key_Right)
    assert left.contour._marks.pointed is not None
    assert right.contour._marks.pointed is None
    driver.trigger("view.linked")
    driver.qtbot.keyClick(left.contour, Qt.Key.Key_Right)
    assert right.contour._marks.pointed is not None
