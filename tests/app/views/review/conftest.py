"""The real window with a session to review."""

import pytest

from tests import documents
from tests.app.views.conftest import Driver
from tests.app.views.review.reviewing import SURFACE


@pytest.fixture
def session(driver: Driver) -> Driver:
    """The window with a session of every kind, looking at its surface from above."""
    driver.window.desk.state.open(documents.document(), None)
    driver.window.pages.open_page(SURFACE)
    driver.window.area.page(SURFACE).set_mode("contour")
    driver.select(SURFACE)
    return driver
