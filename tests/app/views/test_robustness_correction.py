"""The box while a hand is on it and the document changes underneath; sessions whose data are gone; two cards."""

import dataclasses
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from app.actions.computing import Task
from app.commands.items import AddItems
from app.views.pages.correction_page import CorrectionPage
from core.corrections.records.correction import Correction
from core.data.builtin import examples_folder
from core.data.storing import store_dataset
from core.landscape.surface import SurfaceRequest
from core.session.document import Document
from tests import documents
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver


@pytest.fixture
def corrected(driver: Driver) -> Driver:
    """A session with a correction, whose page is in front."""
    driver.window.desk.state.open(documents.document(), None)
    driver.window.pages.open_page("correction-0")
    driver.select("correction-0")
    QApplication.processEvents()
    return driver


def page_of(driver: Driver) -> CorrectionPage:
    page = driver.window.area.page("correction-0")
    assert isinstance(page, CorrectionPage)
    return page


def box_of(driver: Driver):
    result = driver.document.items["correction-0"].result
    assert isinstance(result, Correction)
    return result.box


def begin_drag(driver: Driver) -> tuple[Hand, QPoint]:
    hand = Hand(page_of(driver).slice)
    start = hand.at(*hand.view.box.centre)
    hand.press(start)
    hand.move(start + QPoint(20, 10))
    assert hand.view.box.centre != box_of(driver).centre
    return hand, start


def test_an_edit_elsewhere_does_not_take_the_box_out_of_the_hand(corrected: Driver) -> None:
    hand, start = begin_drag(corrected)
    corrected.window.pages.rename("surface-0", "another name")
    corrected.window.history.push(AddItems((documents.network_item("network-9", seed=3),)))
    hand.move(start + QPoint(40, 30))
    held = hand.view.box.centre
    hand.release(start + QPoint(40, 30))
    assert box_of(corrected).centre == held
    corrected.trigger("edit.undo")
    assert box_of(corrected).centre == documents.correction().box.centre


def test_undo_in_the_middle_of_a_drag_puts_the_box_back_and_the_drag_ends(corrected: Driver) -> None:
    hand = Hand(page_of(corrected).slice)
    start = hand.at(*hand.view.box.centre)
    hand.drag(start, start + QPoint(15, 15))
    first = documents.correction().box
    hand, start = begin_drag(corrected)
    corrected.trigger("edit.undo")
    assert hand.view.box.centre == first.centre
    hand.move(start + QPoint(60, 60))
    hand.release(start + QPoint(60, 60))
    assert box_of(corrected).centre == first.centre
    assert hand.view.box.centre == first.centre
    assert corrected.window.history.can_redo
    begin_drag(corrected)[0].release(start)  # the next drag works


def test_renaming_the_correction_in_the_middle_of_a_drag_ends_it_where_the_document_says(corrected: Driver) -> None:
    hand, start = begin_drag(corrected)
    corrected.window.pages.rename("correction-0", "renamed")
    hand.release(start + QPoint(30, 30))
    assert hand.view.box.centre == box_of(corrected).centre
    titles = [label.text() for label in corrected.window.inspector.widget().findChildren(QLabel)]
    assert titles[0] == "renamed"


def test_removing_the_correction_while_its_box_is_dragged_is_one_step_of_undo(corrected: Driver) -> None:
    hand, start = begin_drag(corrected)
    corrected.trigger("item.remove")
    hand.release(start + QPoint(30, 30))
    QApplication.processEvents()
    assert corrected.window.area.page("correction-0") is None
    assert corrected.window.banner.text == ""
    corrected.trigger("edit.undo")
    assert box_of(corrected).centre == documents.correction().box.centre
    assert not corrected.window.desk.state.dirty


def test_a_page_that_is_turned_away_during_a_drag_shows_the_documents_box_afterwards(corrected: Driver) -> None:
    corrected.window.pages.open_page("surface-0")
    corrected.window.pages.open_page("correction-0")
    begin_drag(corrected)
    pane = corrected.window.area._left
    for item_id in ("surface-0", "correction-0"):
        pane.setCurrentWidget(corrected.window.area.page(item_id))
    assert page_of(corrected).slice.box.centre == box_of(corrected).centre
    assert page_of(corrected).slice.snap_to_nearest()  # nothing believes that a hand is still on the box


# ---- data that are gone


@pytest.fixture
def far_table(tmp_path: Path) -> Path:
    for name in ("german_credit.csv", "german_credit.features.toml"):
        shutil.copy(examples_folder() / name, tmp_path / name)
    return tmp_path / "german_credit.csv"


@pytest.mark.parametrize("what", ["vanished", "changed"])
def test_data_that_are_no_longer_there_are_explained_where_they_are_needed(
    driver: Driver, far_table: Path, what: str
) -> None:
    driver.open(far_table, examples_folder() / "german_credit.toml")
    driver.wait(lambda: len(driver.document.items) == 2)
    (network,), (data,) = driver.document.networks, driver.document.datasets
    described = dataclasses.replace(data, data=None)  # as a session holds data that are too large for it
    if what == "vanished":
        far_table.unlink()
    else:
        lines = far_table.read_text().splitlines(keepends=True)
        far_table.write_text("".join([lines[0], *lines[2:]]))
    driver.window.desk.state.open(Document().with_item(network).with_item(described), None)
    driver.select(network.id)
    tabs = driver.window.inspector.compute.tabs
    words = tabs.widget(tabs.count() - 1).text()
    assert str(far_table) in words
    assert ("There is no such file" if what == "vanished" else "no longer the data") in words
    driver.window.desk.workbench._data.clear()  # as after a new start
    driver.window.inspector.requested.emit(Task(SurfaceRequest(columns=3, rows=3, samples=8), network.id, data.id))
    driver.wait(lambda: bool(driver.window.banner.text))
    assert str(far_table) in driver.window.banner.text
    assert driver.results() == ()


# ---- what looks alike


def test_two_cards_of_the_same_weights_are_two_networks_with_their_own_results(driver: Driver, tmp_path: Path) -> None:
    shutil.copy(examples_folder() / "digits_resnet.safetensors", tmp_path)
    table = tomllib.loads((examples_folder() / "digits_resnet.toml").read_text())
    table["input"]["std"] = [2 * value for value in table["input"]["std"]]
    (tmp_path / "other.toml").write_text(tomli_w.dumps(table))
    driver.open(examples_folder() / "digits.npz", examples_folder() / "digits_resnet.toml", tmp_path / "other.toml")
    driver.wait(lambda: len(driver.document.items) == 3)
    one, other = driver.document.networks
    assert one.sha256 == other.sha256
    request = SurfaceRequest(columns=3, rows=3, samples=16)
    for network in (one, other, one):
        driver.window.inspector.requested.emit(Task(request, network.id, driver.document.datasets[0].id))
    driver.wait_for_jobs()
    first, second, third = (item.result.loss for item in driver.results())
    assert np.array_equal(first, third)
    assert not np.allclose(first, second)


def test_an_edited_feature_card_of_the_same_table_is_not_mistaken_for_the_old_one(
    driver: Driver, far_table: Path
) -> None:
    driver.open(far_table)
    card = far_table.with_suffix(".features.toml")
    text = card.read_text()
    assert 'unit = "months"' in text
    card.write_text(text.replace('unit = "months"', 'unit = "moons"', 1))
    driver.window.open_paths([far_table])
    driver.wait(lambda: len(driver.document.datasets) == 2)
    units = [item.features.feature("duration_in_month").unit for item in driver.document.datasets]
    assert units == ["months", "moons"]


def test_a_network_with_more_outputs_than_the_card_has_classes_is_described_all_the_same(driver: Driver) -> None:
    data = store_dataset(documents.table(), origin="t.csv", keep=True)
    network = documents.network_item()
    weights = {
        "1.weight": np.zeros((8, 6), np.float32),
        "1.bias": np.zeros(8, np.float32),
        "3.weight": np.zeros((3, 8), np.float32),
        "3.bias": np.array([0.0, 0.0, 1.0], np.float32),
    }
    card = dataclasses.replace(network.card, architecture="mlp:6-8-3", classes=())
    network = dataclasses.replace(network, card=card, weights=weights, sha256="2" * 64)
    driver.window.desk.state.open(Document().with_item(network).with_item(data), None)
    driver.select(network.id)
    driver.wait_for_jobs()
    assert driver.window.inspector.compute.correction.verdict.text().startswith("judged class 2,")


def test_verdicts_on_one_table_never_reach_the_form_of_another(driver: Driver) -> None:
    """The tables have different lengths, so a mistake would be an index out of range."""
    long, small = documents.table(rows=40), documents.table(rows=5, seed=1)
    items = [store_dataset(data, origin="t.csv", keep=True) for data in (long, small)]
    network = documents.network_item()
    driver.window.desk.state.open(Document().with_item(network).with_item(items[0]).with_item(items[1]), None)
    driver.select(network.id)
    driver.find(QComboBox, "compute.data").setCurrentIndex(1)
    driver.wait_for_jobs()
    form = driver.window.inspector.compute.correction
    assert len(form._verdicts) == 5
    driver.find(QComboBox, "compute.data").setCurrentIndex(0)
    assert len(driver.window.inspector.compute.correction._verdicts) == 40
