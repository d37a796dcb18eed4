"""Surfaces side by side: one scale, one camera, one crosshair, the difference of two, and the way back after saving."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from app.actions.computing import Pending, Task
from app.render.surface_words import written
from app.views.comparison import comparison_page
from app.views.comparison.comparison_page import PAGE_ID, ComparisonPage
from core.landscape.surface import SurfaceRequest
from tests.app.views.comparison.sessions import compared, places, surface
from tests.app.views.conftest import Driver

FOUR = ("resnet20", "resnet20_noshort", "resnet56", "resnet56_noshort")


def open_page(driver: Driver, *architectures: str) -> ComparisonPage:
    driver.window.desk.state.open(compared(*architectures), None)
    driver.trigger("comparison.page")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, ComparisonPage)
    return page


def test_without_surfaces_there_is_nothing_to_compare_and_the_action_says_so(driver: Driver) -> None:
    assert not driver.window.actions_registry.action("comparison.page").isEnabled()
    driver.window.comparison_room.show_page()
    page = driver.window.area.page(PAGE_ID)
    assert "compute some in the inspector" in page.choice.note.text()


def test_all_pictures_have_one_scale_and_one_clip_level(driver: Driver) -> None:
    page = open_page(driver, *FOUR)
    page.set_mode("contour")
    scales = {cell.view.scale for cell in page.grid.cells.values()}
    assert len(scales) == 1
    page.set_limit(2.5)
    assert {cell.view.scale.high for cell in page.grid.cells.values()} == {2.5}
    assert page.header.limit.value() == 2.5


def test_a_point_is_read_in_all_pictures_at_once(driver: Driver) -> None:
    page = open_page(driver, *FOUR)
    page.set_mode("contour")
    cells = list(page.grid.cells.values())
    said: list[str] = []
    page.hovered.connect(said.append)
    cells[0].view.setFocus()
    driver.qtbot.keyClick(cells[0].view, Qt.Key.Key_Right)
    driver.qtbot.keyClick(cells[0].view, Qt.Key.Key_Right)
    expected = [written(float(cell.surface.loss[5, 6])) for cell in cells]
    assert [cell.value.text() for cell in cells] == expected
    assert all(value in said[-1] for value in expected)
    driver.qtbot.keyClick(cells[0].view, Qt.Key.Key_Escape)
    assert {cell.value.text() for cell in cells} == {""}
    assert said[-1] == ""


def test_the_cameras_of_all_reliefs_are_linked(driver: Driver) -> None:
    page = open_page(driver, *FOUR)
    cells = list(page.grid.cells.values())
    cells[2].view.set_camera_preset("top")
    driver.wait(lambda: cells[2].view.camera_state()["elevation"] == 90.0)
    assert {cell.camera_state()["elevation"] for cell in cells} == {90.0}


def test_more_reliefs_than_can_be_drawn_at_once_become_contours_and_it_is_said(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_page, "MOST_RELIEFS", 3)
    monkeypatch.setattr(comparison_page, "MOST_RELIEFS_IN_SOFTWARE", 3)
    page = open_page(driver, *FOUR)
    assert {cell.mode for cell in page.grid.cells.values()} == {"contour"}
    assert "contours are shown" in page.reading.text()
    page.compare(("surface-0", "surface-1"))
    assert {cell.mode for cell in page.grid.cells.values()} == {"relief"}


def test_unticking_a_surface_takes_it_out_and_none_takes_all(driver: Driver) -> None:
    page = open_page(driver, *FOUR)
    entries = page.findChild(QListWidget, "comparison.list")
    entries.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert set(page.grid.cells) == {"surface-0", "surface-2", "surface-3"}
    driver.qtbot.mouseClick(page.findChild(QPushButton, "comparison.none"), Qt.MouseButton.LeftButton)
    assert page.empty.isVisible()
    driver.qtbot.mouseClick(page.findChild(QPushButton, "comparison.all"), Qt.MouseButton.LeftButton)
    assert len(page.grid.cells) == 4


def test_the_figure_of_the_paper_is_laid_out_from_the_menu(driver: Driver) -> None:
    driver.window.desk.state.open(compared(*FOUR, "vgg9"), None)
    driver.trigger("comparison.depth")
    page = driver.window.area.page(PAGE_ID)
    assert page.grid.shown.columns == ("ResNet-20", "ResNet-56")
    assert places(page.grid.shown)[1, 1] == "surface-3"


def test_a_figure_whose_networks_are_missing_is_explained_and_nothing_changes(driver: Driver) -> None:
    page = open_page(driver, "vgg9", "c1")
    before = page.grid.shown
    page.lay_out("depth")
    assert "resnet20_noshort" in page.choice.note.text()
    assert page.grid.shown is before


def test_the_difference_of_two_surfaces_is_signed_and_read_in_words(driver: Driver) -> None:
    page = open_page(driver, "resnet20", "resnet56")
    page.set_mode("difference")
    shown = page.difference.map.difference
    assert (shown.known <= 0).all()
    assert "is higher, at 0 %" in page.difference.map.caption
    page.difference.logarithmic.setChecked(False)
    low, high = surface(1.0).loss, surface(2.0).loss
    np.testing.assert_allclose(page.difference.map.difference.values, np.minimum(low, 10) - np.minimum(high, 10))


def test_surfaces_on_different_grids_have_no_difference_and_it_says_why(driver: Driver) -> None:
    page = open_page(driver, "resnet20", "resnet56")
    state = driver.window.desk.state
    item = state.document.items["surface-1"]
    state.edit(state.document.with_item(replace(item, result=surface(points=7))))
    page.set_mode("difference")
    assert "different grids" in page.difference.reason.text()
    assert page.difference.reason.isVisible()


def test_a_growing_surface_grows_in_the_comparison_unless_nobody_sees_it(driver: Driver) -> None:
    page = open_page(driver, "resnet20", "resnet56")
    grown = surface(3.0)
    driver.window.desk.live.put("surface-0", grown)
    assert page.grid.cells["surface-0"].surface is grown
    driver.window.desk.live.remove("surface-0")
    driver.window.pages.open_page("surface-1")
    state = driver.window.desk.state
    item = state.document.items["surface-0"]
    newer = surface(4.0)
    state.edit(state.document.with_item(replace(item, result=newer)))
    assert page.grid.cells["surface-0"].surface is not newer
    driver.window.pages.open_page(PAGE_ID)
    assert page.grid.cells["surface-0"].surface is newer


def test_a_surface_that_is_being_computed_joins_the_comparison_before_it_is_done(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(driver, "resnet20", "resnet56")
    task = Task(SurfaceRequest(), "network-1", "dataset-0")
    pending = Pending("surface-new", "Surface to come", task, None, continues=False)
    monkeypatch.setitem(driver.window.desk.computations.pending, "surface-new", pending)
    driver.window.desk.live.put("surface-new", surface(5.0))
    assert set(page.grid.cells) == {"surface-0", "surface-1", "surface-new"}
    driver.window.desk.live.remove("surface-new")
    assert set(page.grid.cells) == {"surface-0", "surface-1"}


def test_a_removed_surface_leaves_the_comparison(driver: Driver) -> None:
    page = open_page(driver, *FOUR)
    driver.window.pages.remove("surface-2")
    assert set(page.grid.cells) == {"surface-0", "surface-1", "surface-3"}
    driver.window.history.undo()
    assert "surface-2" in page.grid.cells


def test_the_comparison_comes_back_with_the_session(driver: Driver, tmp_path: Path) -> None:
    page = open_page(driver, *FOUR)
    page.set_mode("contour")
    page.compare(("surface-3", "surface-0"))
    page.set_limit(4.0)
    page.lay_out("order")
    driver.save(tmp_path / "session.corrie.h5")
    driver.trigger("file.new")
    driver.window.open_paths([tmp_path / "session.corrie.h5"])
    driver.wait(lambda: driver.window.area.page(PAGE_ID) is not None)
    again = driver.window.area.page(PAGE_ID)
    driver.window.pages.open_page(PAGE_ID)
    assert (again.mode, again.choice.way, again.header.limit.value()) == ("contour", "order", 4.0)
    assert set(again.grid.cells) == {"surface-0", "surface-3"}


@pytest.mark.parametrize(
    "state",
    [
        {"mode": 3, "way": "sideways", "chosen": "all", "limit": -1, "camera": 7, "difference": "ab"},
        {"mode": "contour", "chosen": [3, None], "limit": True, "camera": {"azimuth": "north"}, "difference": ["a"]},
    ],
)
def test_a_view_that_makes_no_sense_is_passed_over(driver: Driver, state: dict[str, object]) -> None:
    page = open_page(driver, "resnet20", "resnet56")
    page.restore_view(state)
    assert not page.image().isNull()


def test_the_figure_is_exported_as_it_is_laid_out(driver: Driver, tmp_path: Path) -> None:
    page = open_page(driver, *FOUR)
    page.set_mode("contour")
    driver.answers.target = tmp_path / "figure.png"
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=60_000):
        driver.qtbot.mouseClick(page.header.export, Qt.MouseButton.LeftButton)
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    page.set_mode("difference")
    driver.answers.target = tmp_path / "difference.png"
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=60_000):
        driver.qtbot.mouseClick(page.header.export, Qt.MouseButton.LeftButton)
    assert (tmp_path / "difference.png").stat().st_size > 10_000
