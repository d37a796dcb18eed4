"""Results out of files of the original tool are linked to the network that they belong to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from app.commands.items import AddItems
from app.views.pages.surface_certainty import certainty_words
from core.data.builtin import examples_folder
from core.exchange.export import export_result
from core.exchange.subject import subject_of
from core.landscape.plane import Directions
from core.landscape.surface import Surface
from core.session.document import NetworkItem, ResultItem
from core.session.files import open_document
from tests import documents
from tests.app import landscapes
from tests.app.views.conftest import Driver

EXAMPLES = examples_folder()


def axes_of(network: NetworkItem) -> Directions:
    rng = np.random.default_rng(3)
    x, y = ({name: rng.normal(size=w.shape).astype(np.float32) for name, w in network.weights.items()} for _ in "xy")
    return Directions(x=x, y=y, cosine=0.0)


@pytest.fixture
def network(driver: Driver, tmp_path: Path) -> NetworkItem:
    """The judge of credit applications, its data, and a surface and a way of the original tool in one plane of it."""
    driver.open(EXAMPLES / "german_credit.features.toml", EXAMPLES / "german_credit.toml")
    driver.wait(lambda: len(driver.document.networks) == 1)
    (network,) = driver.document.networks
    axes = axes_of(network)
    for name, result in (("plane", landscapes.plane(5, axes=axes)), ("way", landscapes.trajectory(axes=axes))):
        item = replace(documents.result_item(result, name, name), network_id=network.id)
        export_result(item, driver.document, tmp_path / f"{name}.h5")
    for name in ("plane", "way"):
        driver.open(tmp_path / f"{name}.h5")
    driver.wait(lambda: len(driver.results()) == 2)
    return network


def surface_of(driver: Driver) -> ResultItem:
    return next(item for item in driver.results() if isinstance(item.result, Surface))


def choose(driver: Driver, what: str, *keys: Qt.Key) -> None:
    """Choose with the keyboard in the inspector."""
    for key in keys:
        driver.qtbot.keyClick(driver.find(QComboBox, f"belonging.{what}"), key)


def test_a_surface_and_the_way_in_its_plane_are_linked_in_one_step_and_named_ever_after(
    driver: Driver, network: NetworkItem, tmp_path: Path
) -> None:
    item = surface_of(driver)
    assert isinstance(item.result, Surface)
    assert "not in this session" in subject_of(item, driver.document).network_name
    assert "the value that plane.h5 holds" in certainty_words(item.result)
    driver.select(item.id)
    choose(driver, "network", Qt.Key.Key_Down)
    driver.wait(lambda: all(each.network_id == network.id for each in driver.results()))
    linked = surface_of(driver)
    assert isinstance(linked.result, Surface)
    assert subject_of(linked, driver.document).network_name == network.name
    assert (
        linked.result.directions.fingerprint == axes_of(network).fingerprint == linked.result.request.directions.sha256
    )
    np.testing.assert_array_equal(linked.result.loss, item.result.loss)
    choose(driver, "data", Qt.Key.Key_Down)
    driver.wait(lambda: {each.dataset_id for each in driver.results()} == {driver.document.datasets[0].id})
    driver.save(tmp_path / "linked.corrie.h5")
    again = open_document(tmp_path / "linked.corrie.h5").items[item.id]
    assert isinstance(again, ResultItem)
    assert (again.network_id, again.dataset_id) == (network.id, driver.document.datasets[0].id)
    for _ in range(2):
        driver.trigger("edit.undo")
    assert surface_of(driver) is item
    assert {each.network_id for each in driver.results()} == {""}


def test_a_linked_plane_is_offered_for_what_is_computed_further(driver: Driver, network: NetworkItem) -> None:
    item = surface_of(driver)
    driver.select(item.id)
    assert not driver.window.actions_registry.action("landscape.convexity_over").isEnabled()
    choose(driver, "network", Qt.Key.Key_Down)
    driver.wait(lambda: surface_of(driver).network_id == network.id)
    choose(driver, "data", Qt.Key.Key_Down)
    driver.wait(lambda: bool(surface_of(driver).dataset_id))
    assert driver.window.actions_registry.action("landscape.convexity_over").isEnabled()


def test_a_network_with_other_parameters_is_refused_and_the_choice_is_as_it_was(
    driver: Driver, network: NetworkItem
) -> None:
    driver.open(EXAMPLES / "digits_resnet.toml")
    driver.wait(lambda: len(driver.document.networks) == 2)
    item = surface_of(driver)
    driver.select(item.id)
    assert driver.find(QComboBox, "belonging.network").count() == 3
    choose(driver, "network", Qt.Key.Key_End)
    driver.wait(lambda: "belong to another network" in driver.window.banner.text)
    assert surface_of(driver) is item
    assert driver.find(QComboBox, "belonging.network").currentText() == "not said"
    choose(driver, "network", Qt.Key.Key_Down)
    driver.wait(lambda: surface_of(driver).network_id == network.id)


def test_a_network_that_is_opened_later_is_offered(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "plane.h5"
    item = documents.result_item(landscapes.plane(5, axes=Directions(x={}, y={}, cosine=0.0)), "plane", "plane")
    export_result(item, documents.document(), path)
    path.with_name("plane_directions.h5").unlink(missing_ok=True)
    driver.open(path)
    driver.wait(lambda: len(driver.results()) == 1)
    driver.select(surface_of(driver).id)
    assert not driver.find(QComboBox, "belonging.network").isEnabled()
    driver.window.desk.history.push(AddItems((documents.network_item(),)))
    assert driver.find(QComboBox, "belonging.network").isEnabled()
    choose(driver, "network", Qt.Key.Key_Down)
    driver.wait(lambda: surface_of(driver).network_id == driver.document.networks[0].id)


def test_what_corrie_computed_itself_is_not_linked(driver: Driver) -> None:
    driver.window.desk.state.open(documents.document(), None)
    driver.select("surface-0")
    assert driver.window.findChild(QComboBox, "belonging.network") is None
