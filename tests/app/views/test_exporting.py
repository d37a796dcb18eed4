"""Exports from the window: every format that a page's result is offered, and pictures as the page shows them."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.views.pages.surface_page import SurfacePage
from core.exchange.endings import endings_of
from core.exchange.export import export_result
from core.exchange.export_options import ExportOptions
from core.session.document import ResultItem
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import SLOW, Driver


def export(driver: Driver, item_id: str, target: Path) -> None:
    """File ▸ Export result, for a selected one."""
    driver.select(item_id)
    driver.answers.target = target
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=SLOW // 2):
        driver.trigger("item.export")
    assert driver.window.banner.text == ""
    assert target.stat().st_size > 100


def same_picture(one: Path, other: Path) -> bool:
    first, second = (QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) for path in (one, other))
    return first.size() == second.size() and bool(np.array_equal(first.constBits(), second.constBits()))


def test_pictures_of_a_surface_are_drawn_as_it_is_seen(driver: Driver, tmp_path: Path) -> None:
    document = landscapes.session(("surface-1", landscapes.plane(9)))
    driver.window.desk.state.open(document, None)
    driver.window.pages.open_page("surface-1")
    page = driver.window.area.page("surface-1")
    assert isinstance(page, SurfacePage)
    item = document.items["surface-1"]
    assert isinstance(item, ResultItem)
    for mode, words in (("relief", "in 3-D"), ("contour", "as contours"), ("relief", "in 3-D")):
        page.set_mode(mode)
        export(driver, "surface-1", tmp_path / "seen.png")
        assert words in driver.answers.asked[-1]
        for relief in (True, False):
            export_result(item, document, tmp_path / "plain.png", ExportOptions(relief=relief))
            assert same_picture(tmp_path / "seen.png", tmp_path / "plain.png") == (relief == (mode == "relief"))
    driver.window.area.close_page("surface-1")
    export(driver, "surface-1", tmp_path / "unseen.png")
    assert same_picture(tmp_path / "unseen.png", tmp_path / "plain.png")  # nobody sees a relief


@pytest.mark.parametrize("ending", endings_of(documents.whole_spectrum()))
def test_a_spectrum_is_exported_from_its_page_in_every_format_that_is_offered(
    driver: Driver, tmp_path: Path, ending: str
) -> None:
    item = documents.result_item(documents.whole_spectrum(), "spectrum-1", "Spectrum of all")
    driver.window.desk.state.open(documents.document().with_item(item), None)
    driver.window.pages.open_page("spectrum-1")
    export(driver, "spectrum-1", tmp_path / f"spectrum{ending}")
