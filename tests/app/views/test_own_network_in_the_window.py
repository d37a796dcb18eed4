"""A user's own network and data: opened, computed by clicks, stopped, resumed, and undone."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QSpinBox

from app.views.pages.surface_page import SurfacePage
from core.data.arrays import read_npz
from core.data.builtin import examples_folder
from core.job import JobContext
from core.landscape.surfaces.engine import compute_surface
from core.networks.loading import open_network
from tests.app.views.conftest import Driver

CARD = examples_folder() / "digits_resnet.toml"
DIGITS = examples_folder() / "digits.npz"


@pytest.fixture
def opened(driver: Driver) -> Driver:
    driver.open(DIGITS, CARD)
    driver.wait(lambda: len(driver.document.networks) == 1 and len(driver.document.datasets) == 1)
    driver.select(driver.document.networks[0].id)
    return driver


def ask_for_surface(driver: Driver, grid: int, samples: int) -> None:
    driver.find(QSpinBox, "surface.grid").setValue(grid)
    driver.find(QSpinBox, "surface.samples").setValue(samples)
    driver.click("compute.surface")


def test_compute_gives_the_engines_own_numbers_and_one_step_of_undo(opened: Driver) -> None:
    ask_for_surface(opened, 5, 16)
    opened.wait(lambda: len(opened.results()) == 1)
    surface = opened.results()[0].result
    truth = compute_surface(surface.request, open_network(CARD), read_npz(DIGITS), JobContext())
    assert np.array_equal(surface.loss, truth.loss)
    opened.trigger("edit.undo")
    assert opened.results() == ()
    assert opened.window.area.pages() == []
    opened.trigger("edit.redo")
    assert opened.results()[0].result is surface


def test_the_inspector_offers_only_data_that_fit(opened: Driver) -> None:
    opened.open(examples_folder() / "german_credit.features.toml")
    opened.wait(lambda: len(opened.document.datasets) == 2)
    opened.select(opened.document.networks[0].id)
    offered = opened.find(QComboBox, "compute.data")
    assert [offered.itemText(i) for i in range(offered.count())] == ["digits (1,797)"]


def test_stop_keeps_what_is_computed_and_resume_completes_it_to_the_same_numbers(opened: Driver) -> None:
    ask_for_surface(opened, 21, 16)
    opened.wait(lambda: len(opened.window.computations.pending) == 1)
    item_id = next(iter(opened.window.computations.pending))
    opened.wait(lambda: opened.window.desk.live.get(item_id) is not None)
    opened.trigger("run.stop")
    opened.wait(lambda: len(opened.results()) == 1)
    partial = opened.results()[0].result
    assert partial.status == "partial"
    assert 0 < partial.evaluated_count < partial.loss.size
    kept = partial.loss[partial.evaluated == 1]
    opened.select(item_id)
    opened.click("resume")
    opened.wait(lambda: opened.results()[0].result.status == "complete")
    complete = opened.results()[0].result
    assert complete.evaluated_count == complete.loss.size
    assert np.array_equal(complete.loss[partial.evaluated == 1], kept)
    opened.trigger("edit.undo")
    assert opened.results()[0].result is partial


def test_files_dropped_on_the_window_are_opened(driver: Driver) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(DIGITS)), QUrl.fromLocalFile(str(CARD))])
    event = QDropEvent(
        QPointF(QPoint(400, 300)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    driver.window.dropEvent(event)
    driver.wait(lambda: len(driver.document.items) == 2)
    recents = [entry.path.name for entry in driver.window.desk.recents.entries()]
    assert sorted(recents) == ["digits.npz", "digits_resnet.toml"]


def test_opening_the_same_network_twice_keeps_one(opened: Driver) -> None:
    opened.window.open_paths([CARD])
    opened.wait_for_jobs()
    assert len(opened.document.networks) == 1


def test_removing_a_network_closes_the_pages_of_its_results_and_undo_brings_them_back(opened: Driver) -> None:
    ask_for_surface(opened, 3, 8)
    opened.wait(lambda: len(opened.results()) == 1)
    item_id = opened.results()[0].id
    opened.select(opened.document.networks[0].id)
    opened.trigger("item.remove")
    assert opened.window.area.page(item_id) is None
    opened.trigger("edit.undo")
    opened.window.pages.open_page(item_id)
    page = opened.window.area.page(item_id)
    assert isinstance(page, SurfacePage)
    assert page.surface is opened.results()[0].result


def test_a_new_name_stands_in_tree_tab_and_menu(opened: Driver) -> None:
    ask_for_surface(opened, 3, 8)
    opened.wait(lambda: len(opened.results()) == 1)
    item_id = opened.results()[0].id
    opened.window.pages.rename(item_id, "Minimum of March")
    assert opened.document.items[item_id].name == "Minimum of March"
    assert any("Minimum of March" in pane.tabText(0) for pane in (opened.window.area._left,))
    assert "rename" in opened.window.actions_registry.action("edit.undo").text()
