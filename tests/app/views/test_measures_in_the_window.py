"""Attacks, history and size through the real window: asked for in the form, computed, kept, undone, exported."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QPlainTextEdit

from app.commands.items import AddItems
from app.views.inspector.form import RequestForm
from app.views.inspector.measure_forms import Measured, MeasureForms
from core.generalisation.complexity import Complexity
from core.robustness.robustness import Robustness
from core.session.document import ResultItem
from core.session.files import open_document
from core.spectrum.history import History
from tests.app.views.conftest import Driver
from tests.documents import dataset_item, network_item, table
from tests.runs import run_item


def fill(driver: Driver) -> MeasureForms:
    """A network with another one, its run, its data and a test set."""
    data = table(30, seed=5)
    test = replace(dataset_item("dataset-1"), name="Held out", samples=30, sha256=data.sha256, data=data)
    run = replace(run_item("run-1"), network_id="network-0", dataset_id="dataset-0")
    other = network_item("network-2", name="Another", seed=1)
    driver.window.history.push(AddItems((network_item(), dataset_item(), test, other, run)))
    driver.select("network-0")
    return forms(driver)


def forms(driver: Driver) -> MeasureForms:
    compute = driver.window.inspector.compute
    assert compute is not None
    assert compute.measures is not None
    return compute.measures


def compute(driver: Driver, measured: Measured, form: RequestForm) -> ResultItem:
    before = len(driver.results())
    driver.window.inspector.prepare_measured("network-0", measured)
    form.button.click()
    driver.wait(lambda: len(driver.results()) > before or bool(driver.window.banner.text))
    assert not driver.window.banner.text, driver.find(QPlainTextEdit, "banner.details").toPlainText()
    return driver.results()[-1]


def test_attacks_made_on_another_network_are_computed_kept_and_exported(driver: Driver, tmp_path: Path) -> None:
    form = fill(driver).robustness
    form.epsilon.setText("0.05, 0.2")
    form.examples.setValue(3)
    form.made_on.setCurrentIndex(form.made_on.findText("Another"))
    item = compute(driver, "robustness", form)
    found = item.result
    assert isinstance(found, Robustness)
    assert found.made_on == "Another"
    assert np.isfinite(found.accuracy).all()
    assert item.name == "Robustness of Loan network under attacks on another network"
    assert driver.window.area.current_page().item_id == item.id
    driver.answers.target = tmp_path / "examples.png"
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=60_000):
        driver.trigger("robustness.export_examples")
    assert (tmp_path / "examples.png").stat().st_size > 1000
    driver.save(tmp_path / "session.corrie.h5")
    kept = open_document(tmp_path / "session.corrie.h5").items[item.id]
    assert isinstance(kept, ResultItem)
    assert np.array_equal(kept.result.accuracy, found.accuracy)
    driver.window.history.undo()
    assert item.id not in driver.document.items


def test_the_curvature_through_the_training_is_computed(driver: Driver) -> None:
    form = fill(driver).history
    form.test.setCurrentIndex(form.test.findText("Held out"))
    item = compute(driver, "history", form)
    found = item.result
    assert isinstance(found, History)
    assert (item.run_id, item.test_id) == ("run-1", "dataset-1")
    assert found.done.all()
    assert found.test_loss is not None


def test_size_and_sharpness_are_measured_against_the_gap(driver: Driver) -> None:
    form = fill(driver).complexity
    form.draws.setValue(3)
    found = compute(driver, "complexity", form).result
    assert isinstance(found, Complexity)
    assert np.isfinite(found.gap)
    assert len(found.rises) == 3


def test_the_menus_lead_to_the_forms(driver: Driver) -> None:
    fill(driver)
    for action, measured in (
        ("robustness.attacks", "robustness"),
        ("spectrum.history", "history"),
        ("robustness.complexity", "complexity"),
    ):
        driver.trigger(action)
        compute = driver.window.inspector.compute
        assert compute is not None
        assert compute.form is forms(driver).form(measured)  # type: ignore[arg-type]
