"""A session opened again stands in a window as it was left: docks, tree, selection, sides, zoom and crosshair."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QSplitter
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.comparison.comparison_page import PAGE_ID
from app.views.pages.curve_page import CurvePage
from app.views.pages.surface_page import SurfacePage
from tests.app import landscapes
from tests.app.views.conftest import Driver, make_driver


def pages(driver: Driver) -> tuple[SurfacePage, CurvePage]:
    left, right = driver.window.area.shown_pages()
    assert isinstance(left, SurfacePage)
    assert isinstance(right, CurvePage)
    return left, right


def plot_of(view: Any) -> pg.PlotWidget:
    return view.findChildren(pg.PlotWidget)[0]


def zoom_in(plot: pg.PlotWidget) -> None:
    """Turn the wheel over a place of the plot that is not its middle."""
    port = plot.viewport()
    place = QPoint(port.width() // 3, port.height() // 3)
    where, there = QPointF(place), QPointF(port.mapToGlobal(place))
    none, still = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(where, there, QPoint(), QPoint(0, 360), none, still, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(port, event)


def dock(driver: Driver, name: str) -> QDockWidget:
    return driver.find(QDockWidget, f"dock.{name}")  # type: ignore[return-value]


def reopened(qtbot: QtBot, theme: Theme, driver: Driver, path: Path) -> Driver:
    driver.save(path)
    again = make_driver(qtbot, theme)
    again.window.open_paths([path])
    again.wait(lambda: bool(again.document.items))
    return again


@pytest.fixture
def arranged(driver: Driver) -> Driver:
    window = driver.window
    window.desk.state.open(landscapes.everything(), None)
    window.pages.open_page("surface-1")
    window.pages.open_page("curve-draws", beside=True)
    return driver


def test_what_is_selected_without_a_page_is_selected_again(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    network = arranged.document.networks[0].id
    arranged.select(network)
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    assert again.window.desk.selection.current_id == network
    assert again.window.tree.currentItem().text(0) == arranged.document.networks[0].name
    assert [page.item_id for page in again.window.area.shown_pages()] == ["surface-1", "curve-draws"]


def test_a_fixed_page_stays_in_front_of_what_is_selected(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    arranged.select("surface-1")
    arranged.window.pages.open_page(PAGE_ID)
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    assert [page.item_id for page in again.window.area.shown_pages()] == [PAGE_ID]
    assert again.window.desk.selection.current_id == "surface-1"


def test_nothing_is_selected_where_nothing_was(qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path) -> None:
    arranged.window.desk.selection.clear()
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    assert again.window.desk.selection.current_id is None
    assert len(again.window.area.shown_pages()) == 2


def test_docks_come_back_where_and_as_wide_as_they_were(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    window = arranged.window
    dock(arranged, "jobs and log").hide()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock(arranged, "session"))
    window.resizeDocks([dock(arranged, "session")], [410], Qt.Orientation.Horizontal)
    arranged.wait(lambda: dock(arranged, "session").width() == 410)
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    assert dock(again, "jobs and log").isHidden()
    assert again.window.dockWidgetArea(dock(again, "session")) is Qt.DockWidgetArea.RightDockWidgetArea
    again.wait(lambda: dock(again, "session").width() == 410)


def test_folded_headings_and_the_room_of_the_two_sides_come_back(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    heading = arranged.window.tree._groups["curve"]
    heading.setExpanded(False)
    sides = arranged.find(QSplitter, "view_splitter")
    sides.setSizes([sum(sides.sizes()) - 310, 310])
    arranged.wait(lambda: sides.sizes()[1] == 310)
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    assert not again.window.tree._groups["curve"].isExpanded()
    assert again.window.tree._groups["surface"].isExpanded()
    again.wait(lambda: again.find(QSplitter, "view_splitter").sizes()[1] == 310)


def test_a_zoomed_plot_and_the_crosshair_come_back(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    surface, curve = pages(arranged)
    surface.set_mode("contour")
    for plot in (plot_of(surface.contour), plot_of(curve)):
        before = plot.getViewBox().state["targetRange"]
        zoom_in(plot)
        assert plot.getViewBox().state["targetRange"] != before
    qtbot.keyClick(surface.contour, Qt.Key.Key_Right)
    assert surface.contour.place is not None
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    surface_again, curve_again = pages(again)
    for one, other in ((surface.contour, surface_again.contour), (curve, curve_again)):
        ranges = (np.array(plot_of(view).getViewBox().state["targetRange"]).tolist() for view in (one, other))
        assert next(ranges) == next(ranges)
    assert surface_again.contour.place == surface.contour.place


def test_what_is_read_on_a_map_and_on_a_way_comes_back(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    window = arranged.window
    window.pages.open_page("convexity-1")
    window.pages.open_page("trajectory-1", beside=True)
    ratios, way = window.area.page("convexity-1").map, window.area.page("trajectory-1").way
    qtbot.keyClick(ratios, Qt.Key.Key_Right)
    qtbot.keyClick(way, Qt.Key.Key_Right)
    assert ratios.pointed_anchor is not None
    assert way.chosen is not None
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5").window
    assert again.area.page("convexity-1").map.pointed_anchor == ratios.pointed_anchor
    assert again.area.page("trajectory-1").way.chosen == way.chosen


def test_a_plot_that_nobody_zoomed_shows_all_of_what_it_has(
    qtbot: QtBot, theme: Theme, arranged: Driver, tmp_path: Path
) -> None:
    again = reopened(qtbot, theme, arranged, tmp_path / "s.corrie.h5")
    _, curve = pages(again)
    assert plot_of(curve).getViewBox().autoRangeEnabled() == [True, True]
    assert "zooms" not in again.window.desk.state.snapshot().view["pages"]["curve-draws"].get("look", {})


def test_turning_tabs_and_moving_docks_ask_nobody_to_save(arranged: Driver, tmp_path: Path) -> None:
    arranged.save(tmp_path / "s.corrie.h5")
    state = arranged.window.desk.state
    dock(arranged, "jobs and log").hide()
    arranged.select(arranged.document.networks[0].id)
    assert not state.dirty
    arranged.answers.asked.clear()
    arranged.wait_for_jobs()
    assert arranged.window.close()
    assert arranged.answers.asked == []


HOSTILE: list[dict[str, Any]] = [
    {"selection": 7, "docks": [], "tree": 5, "shares": "wide"},
    {"selection": ["surface-1"], "docks": {"dock.session": 1, "other": {}}, "tree": {"folded": 3, "scrolled": "x"}},
    {"docks": {"dock.session": {"area": "moon", "shown": "no", "size": [1e9, -5]}}, "shares": [-1, 10**9]},
    {"docks": {"dock.session": {"size": [10**12, 10**12]}}, "tree": {"folded": ["Surfaces"] * 5, "scrolled": 10**12}},
    {"shares": [0, 0], "tree": {"scrolled": -3, "folded": [None]}},
]


@pytest.mark.parametrize("parts", HOSTILE)
def test_a_look_that_makes_no_sense_is_passed_over(driver: Driver, parts: dict[str, Any]) -> None:
    looks = [
        {"zooms": {"LinePanel.0": {"x": [1, 1], "y": ["a", 2]}}, "tabs": {"0": 5}, "splits": {"0": [10**9, 1]}},
        {"zooms": {"LinePanel.0": {"x": [1e308, 1e309], "y": [5, -5]}}, "splits": {"0": ["a"]}, "tabs": []},
        {"zooms": [], "splits": [], "tabs": 1},
        "look",
    ]
    surfaces = [{"pointed": [1e308, 0]}, {"pointed": "here"}, {"pointed": [float("nan"), 0]}, {"pointed": [True, 0]}]
    for look, surface in zip(looks, surfaces, strict=True):
        view = {"panes": [["surface-1"], ["curve-draws"]], "shown": ["surface-1", "curve-draws"], **parts}
        view["pages"] = {"surface-1": {**surface, "look": look}, "curve-draws": {"look": look}}
        document = replace(landscapes.everything(), view=MappingProxyType(view))
        driver.window.desk.state.open(document, None)
        surface_page, curve = pages(driver)
        assert surface_page.relief.place is None
        assert plot_of(curve).getViewBox().autoRangeEnabled() == [True, True]
        assert not dock(driver, "session").isHidden()
