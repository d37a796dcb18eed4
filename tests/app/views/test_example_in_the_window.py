"""The built-in example, from a click on the welcome page to a saved session that opens again as it was."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.spectrum_page import SpectrumPage
from app.views.pages.surface_page import SurfacePage
from core.corrections.records.correction import Correction
from core.landscape.surface import INTERPOLATED, Surface
from core.spectrum.spectrum import Spectrum
from tests.app.views.conftest import Driver, make_driver


@pytest.fixture
def small_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's own networks and data, on fewer points and samples."""
    monkeypatch.setattr("core.example.GRID", 5)
    monkeypatch.setattr("core.example.SAMPLES", 32)
    monkeypatch.setattr("core.example.SPECTRUM_SAMPLES", 32)
    monkeypatch.setattr("core.example.TOP", 2)


def picture(driver: Driver, item_id: str) -> np.ndarray:
    """The page of an item, at one size in every window."""
    driver.window.pages.open_page(item_id)
    page = driver.window.area.page(item_id)
    page.setFixedSize(700, 560)
    QApplication.processEvents()
    return pixels(page.image())


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


def test_the_example_grows_live_and_ends_with_all_three_analyses(driver: Driver, small_example: None) -> None:
    seen: list[Surface] = []
    driver.window.desk.live.updated.connect(lambda key: seen.append(driver.window.desk.live.get(key)))
    driver.click("welcome.example")
    driver.wait(lambda: len(driver.results()) == 4)
    kinds = [type(item.result) for item in driver.results()]
    assert kinds == [Surface, Correction, Spectrum, Surface]
    assert all(item.result.status == "complete" for item in driver.results())
    growing = [s for s in seen if isinstance(s, Surface)]
    assert growing
    assert any((s.evaluated == INTERPOLATED).any() for s in growing)
    first, second = (item.result for item in driver.results() if isinstance(item.result, Surface))
    assert (first.loss > 10).mean() < (second.loss > 10).mean()  # without shortcuts it is steeper
    assert driver.results()[1].result.proof == "proved"
    assert driver.window.banner.text == ""


def test_the_two_surfaces_of_the_example_stand_side_by_side_on_one_scale(driver: Driver, small_example: None) -> None:
    driver.click("welcome.example")
    driver.wait(lambda: len(driver.results()) == 4)
    shown = driver.window.area.shown_pages()
    assert [type(page) for page in shown] == [SurfacePage, SurfacePage]
    left, right = shown
    assert left.relief.scale == right.relief.scale
    left.relief.set_camera_preset("top")
    driver.wait(lambda: left.relief.camera_state()["elevation"] == 90.0)  # the camera takes its time to get there
    assert right.relief.camera_state() == left.relief.camera_state()
    driver.trigger("view.linked")
    right.relief.set_camera_preset("front")
    driver.wait(lambda: right.relief.camera_state() != left.relief.camera_state())
    assert left.relief.scale != right.relief.scale


def test_a_saved_session_opens_with_the_same_results_views_and_pixels(
    driver: Driver, small_example: None, tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    driver.click("welcome.example")
    driver.wait(lambda: len(driver.results()) == 4)
    ids = [item.id for item in driver.results()]
    for page_type, item_id in ((SpectrumPage, ids[2]), (CorrectionPage, ids[1])):
        driver.window.pages.open_page(item_id)
        assert isinstance(driver.window.area.page(item_id), page_type)
    driver.window.area.page(ids[0]).set_mode("contour")
    path = tmp_path / "example.corrie.h5"
    driver.save(path)
    assert not driver.window.desk.state.dirty
    before = {item_id: picture(driver, item_id) for item_id in ids[1:3]}

    again = make_driver(qtbot, theme)
    again.window.open_paths([path])
    again.wait(lambda: len(again.results()) == 4)
    assert [page.item_id for page in again.window.area.pages()] == [page.item_id for page in driver.window.area.pages()]
    assert again.window.area.page(ids[0]).mode == "contour"
    for old, new in zip(driver.results(), again.results(), strict=True):
        assert old.name == new.name
        assert old.result.request == new.result.request
    assert np.array_equal(driver.results()[0].result.loss, again.results()[0].result.loss)
    for item_id, old_picture in before.items():
        assert np.array_equal(picture(again, item_id), old_picture), item_id
