"""Pages of curves, trajectories, convexity and initialisations: fed, completed by their neighbours, and kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.views.pages.convexity_page import ConvexityPage
from app.views.pages.curve_page import CurvePage
from app.views.pages.initialisations_page import InitialisationsPage
from app.views.pages.trajectory_page import TrajectoryPage
from core.landscape.plane import FileDirections
from core.landscape.surface import SurfaceRequest
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import Driver


def open_session(driver: Driver, *results, opened: str):
    driver.window.desk.state.open(landscapes.session(*results), None)
    driver.window.pages.open_page(opened)
    return driver.window.area.page(opened)


def add(driver: Driver, item_id: str, result) -> None:
    state = driver.window.desk.state
    state.edit(state.document.with_item(documents.result_item(result, item_id, item_id)))


def test_every_kind_of_result_has_its_page_and_its_picture(driver: Driver) -> None:
    driver.window.desk.state.open(landscapes.everything(), None)
    kinds = {"trajectory-1": TrajectoryPage, "convexity-1": ConvexityPage, "initialisations-1": InitialisationsPage}
    kinds |= {"curve-line": CurvePage, "curve-draws": CurvePage}
    for item_id, kind in kinds.items():
        driver.window.pages.open_page(item_id)
        page = driver.window.area.page(item_id)
        assert type(page) is kind
        assert not page.image().isNull()
    assert driver.window.banner.text == ""


def test_a_bezier_curve_is_drawn_with_the_line_between_the_same_networks(driver: Driver) -> None:
    results = [(name, getattr(landscapes, name)()) for name in ("bezier", "line_between", "curve")]
    page = open_session(driver, *results, opened="bezier")
    assert page.compared == ("line_between",)
    page.compare_with("curve", on=True)
    assert set(page.compared) == {"line_between", "curve"}
    page.compare_with("line_between", on=False)
    assert page.compared == ("curve",)
    before = page.view_state()
    driver.window.area.close_page("bezier")
    driver.window.pages.open_page("bezier")
    again = driver.window.area.page("bezier")
    again.restore_view(before)
    assert again.compared == ("curve",)


def test_a_trajectory_finds_the_surface_of_its_plane_and_no_other(driver: Driver) -> None:
    way = landscapes.trajectory(axes=documents.directions(5))
    page = open_session(driver, ("way", way), ("elsewhere", landscapes.plane()), opened="way")
    assert page.way.surface is None
    assert page.offer.isVisible()
    fitting = landscapes.plane(axes=documents.directions(5))
    add(driver, "fitting", fitting)
    assert page.way.surface is fitting
    assert not page.offer.isVisible()


def test_the_missing_surface_is_asked_for_in_the_very_plane_of_the_trajectory(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = landscapes.trajectory(axes=documents.directions(5))
    page = open_session(driver, ("way", way), opened="way")
    tasks = []
    monkeypatch.setattr(driver.window.desk.computations, "submit_task", tasks.append)
    driver.qtbot.mouseClick(page.findChild(QPushButton, "trajectory.offer.way.button"), Qt.MouseButton.LeftButton)
    (task,) = tasks
    assert isinstance(task.request, SurfaceRequest)
    assert task.request.directions == FileDirections(
        origin="another result of this session",
        sha256=way.directions.fingerprint,
        x_axis="first principal axis (unit length)",
        y_axis="second principal axis (unit length)",
    )
    assert task.directions is way.directions
    assert (task.network_id, task.dataset_id) == ("network-0", "dataset-0")
    for places, extent in ((way.x, task.request.x_range), (way.y, task.request.y_range)):
        assert extent[0] < min(0, places.min())
        assert extent[1] > max(0, places.max())


def test_a_surface_that_grows_beside_the_trajectory_is_drawn_under_it(driver: Driver) -> None:
    page = open_session(driver, ("way", landscapes.trajectory()), ("under", landscapes.plane()), opened="way")
    grown = landscapes.plane(33)
    driver.window.desk.live.put("under", grown)
    assert page.way.surface is grown
    driver.window.desk.live.remove("under")
    assert page.way.surface is not grown


def test_a_growing_result_is_drawn_and_a_hidden_page_is_left_alone(driver: Driver) -> None:
    half = landscapes.convexity(status="partial")
    page = open_session(driver, ("map", half), ("curve", landscapes.curve()), opened="map")
    assert "Partial" in page.map.caption
    driver.window.pages.open_page("curve")
    driver.window.desk.live.put("map", landscapes.convexity())
    assert page.map.convexity is half
    driver.window.pages.open_page("map")
    assert "Partial" not in page.map.caption
    driver.window.desk.live.remove("map")


def test_lines_of_equal_loss_lie_over_the_map_of_convexity_until_they_are_taken_away(driver: Driver) -> None:
    page = open_session(driver, ("map", landscapes.convexity()), ("under", landscapes.plane()), opened="map")
    assert page.map.labels
    page.lines.setChecked(False)
    assert not page.map.labels
    assert page.view_state() == {"lines": False, "surface": ""}


def test_initialisations_are_compared_with_the_levels_of_every_surface_of_their_network(driver: Driver) -> None:
    fresh = landscapes.initialisations()
    page = open_session(driver, ("fresh", fresh), opened="fresh")
    assert [level.loss for level in page.strip.levels] == [fresh.centre_loss]
    assert page.offer.isVisible()
    surface = landscapes.plane(axes=documents.directions(9))
    add(driver, "surface-1", surface)
    driver.wait(lambda: len(page.strip.levels) == 4)
    losses = [level.loss for level in page.strip.levels]
    assert losses == sorted([fresh.centre_loss, surface.loss.min(), surface.loss.max(), 5.04])
    assert "reaches the basin, from the height of a beginning: 100 % of the plane" in page.words.text()
    assert not page.offer.isVisible()


def test_the_lowest_way_out_of_the_basin_is_a_level_where_the_plane_has_another_basin(driver: Driver) -> None:
    plane = landscapes.plane(25)
    a, b = np.meshgrid(plane.x, plane.y)
    valleys = replace(plane, loss=0.04 + 8 * (a**2 + b**2) - 6 * np.exp(-30 * ((a - 0.8) ** 2 + b**2)))
    page = open_session(driver, ("fresh", landscapes.initialisations()), ("surface", valleys), opened="fresh")
    driver.wait(lambda: len(page.strip.levels) > 1)
    (level,) = [level for level in page.strip.levels if "way out" in level.words]
    assert 1.0 < level.loss < 4.0


def test_pages_come_back_with_the_session_as_they_were_left(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(landscapes.everything(), None)
    for item_id in ("trajectory-1", "convexity-1", "curve-draws"):
        driver.window.pages.open_page(item_id)
    driver.window.area.page("trajectory-1").logarithmic.setChecked(False)
    driver.window.area.page("convexity-1").lines.setChecked(False)
    driver.window.area.page("curve-draws").lines.set_logarithmic(True)
    opened = [page.item_id for page in driver.window.area.pages()]
    driver.save(tmp_path / "session.corrie.h5")
    driver.trigger("file.new")
    driver.window.open_paths([tmp_path / "session.corrie.h5"])
    driver.wait(lambda: [page.item_id for page in driver.window.area.pages()] == opened)
    assert not driver.window.area.page("trajectory-1").logarithmic.isChecked()
    assert not driver.window.area.page("convexity-1").lines.isChecked()
    assert driver.window.area.page("curve-draws").lines.logarithmic
    assert driver.window.area.page("trajectory-1").way.surface is not None


@pytest.mark.parametrize(
    "state",
    [
        {"logarithmic": "yes", "surface": 5, "lines": 3, "compared": ["a"]},
        {"compared": {"gone": True, "curve-line": "perhaps"}, "surface": "gone"},
    ],
)
def test_a_view_that_makes_no_sense_leaves_the_pages_as_they_are(driver: Driver, state: dict[str, object]) -> None:
    driver.window.desk.state.open(landscapes.everything(), None)
    for item_id in ("trajectory-1", "convexity-1", "curve-bezier", "initialisations-1"):
        driver.window.pages.open_page(item_id)
        page = driver.window.area.page(item_id)
        page.restore_view(state)
        assert not page.image().isNull()


def test_a_trajectory_is_read_with_the_arrow_keys_in_map_and_charts(driver: Driver) -> None:
    page = open_session(driver, ("way", landscapes.trajectory()), ("under", landscapes.plane()), opened="way")
    words: list[str] = []
    page.hovered.connect(words.append)
    page.way.setFocus()
    driver.qtbot.keyClick(page.way, Qt.Key.Key_Left)
    assert words[-1].startswith("epoch 40 · own loss 0.04 · the plane under it 0.04")
    driver.qtbot.keyClick(page.way, Qt.Key.Key_Left)
    assert page.way.chosen == 7
    driver.qtbot.keyClick(page.way, Qt.Key.Key_Escape)
    assert words[-1] == ""


def test_a_surface_of_another_network_is_not_in_the_plane_though_its_axes_are_the_same(driver: Driver) -> None:
    page = open_session(driver, ("way", landscapes.trajectory()), opened="way")
    state = driver.window.desk.state
    state.edit(state.document.with_item(documents.network_item("network-9", seed=4)))
    item = replace(documents.result_item(landscapes.plane(), "foreign", "foreign"), network_id="network-9")
    state.edit(state.document.with_item(item))
    assert page.way.surface is None
    assert np.isnan(page.way.chart.below()).all()
