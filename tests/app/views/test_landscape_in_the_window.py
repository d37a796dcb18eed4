"""Every analysis of the landscape through the real window: asked for in the form, computed, kept, undone, resumed."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QProgressBar, QPushButton, QToolButton

from app.commands.items import AddItems
from app.views.inspector.landscape.form import LandscapeForm
from app.views.inspector.measures_panel import MeasuresPanel
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import ResultItem
from tests.app.views.conftest import Driver
from tests.documents import SHAPES, dataset_item, network_item, table
from tests.runs import run_item


def fill(driver: Driver) -> None:
    """A network with two partners, the run that it came of, its data and a test set."""
    data = table(30, seed=5)
    test = replace(dataset_item("dataset-1"), name="Held out", samples=30, sha256=data.sha256, data=data)
    run = replace(run_item("run-1"), network_id="network-0", dataset_id="dataset-0")
    others = (network_item("network-2", name="A", seed=1), network_item("network-3", name="B", seed=2))
    driver.window.history.push(AddItems((network_item(), dataset_item(), test, *others)))
    driver.window.history.push(AddItems((run,)))
    driver.select("network-0")


def form_of(driver: Driver, what: str, kind: str = "") -> LandscapeForm:
    """The form of the selected network, turned to an analysis small enough for a test."""
    compute = driver.window.inspector.compute
    assert compute is not None
    assert compute.landscape is not None
    compute.tabs.setCurrentWidget(compute.landscape)
    form = compute.landscape
    form.choose(what)  # type: ignore[arg-type]
    if kind:
        form.directions.kind.setCurrentIndex(form.directions.kind.findData(kind))
    for field, value in (
        (form.extent.columns, 5),
        (form.extent.coarse_columns, 3),
        (form.extent.points, 5),
        (form.directions.steps, 5),
        (form.samples.count, 2),
    ):
        field.setValue(value)
    return form


def compute(driver: Driver, form: LandscapeForm) -> ResultItem:
    before = len(driver.results())
    form.button.click()
    driver.wait(lambda: len(driver.results()) > before or bool(driver.window.banner.text))
    assert not driver.window.banner.text, driver.find(QPlainTextEdit, "banner.details").toPlainText()
    return driver.results()[-1]


@pytest.mark.parametrize(
    ("what", "kind", "result"),
    [
        ("surface", "random", Surface),
        ("surface", "networks", Surface),
        ("surface", "eigen", Surface),
        ("curve", "networks", Curve),
        ("curve", "bezier", Curve),
        ("trajectory", "pca", Trajectory),
        ("convexity", "random", Convexity),
        ("initialisations", "", Initialisations),
    ],
)
def test_every_analysis_is_computed_from_the_form(driver: Driver, what: str, kind: str, result: type) -> None:
    fill(driver)
    item = compute(driver, form_of(driver, what, kind))
    assert isinstance(item.result, result)
    assert item.result.status == "complete"
    assert (item.network_id, item.dataset_id) == ("network-0", "dataset-0")
    driver.select(item.id)
    driver.trigger("edit.undo")
    assert item.id not in driver.document.items
    driver.trigger("edit.redo")
    assert item.id in driver.document.items


def test_the_line_to_another_network_ends_at_its_own_loss_on_both_sets(driver: Driver) -> None:
    fill(driver)
    form = form_of(driver, "curve", "networks")
    form.samples.test.setCurrentIndex(form.samples.test.findData("dataset-1"))
    item = compute(driver, form)
    assert isinstance(item.result, Curve)
    assert item.test_id == "dataset-1"
    assert item.result.test_loss is not None
    at_one = int(np.argmin(np.abs(item.result.x - 1)))
    assert item.result.x[at_one] == 1.0
    driver.select("network-2")
    other = compute(driver, form_of(driver, "curve", "random"))
    assert isinstance(other.result, Curve)
    assert item.result.loss[0, at_one] == pytest.approx(other.result.centre_loss, rel=1e-5)


def test_a_result_in_the_same_plane_has_the_same_directions(driver: Driver) -> None:
    fill(driver)
    surface = compute(driver, form_of(driver, "surface", "random"))
    driver.select(surface.id)
    driver.trigger("landscape.same_plane")
    form = form_of(driver, "convexity")
    assert form.directions.chosen == "result"
    again = compute(driver, form)
    assert isinstance(again.result, Convexity)
    assert isinstance(surface.result, Surface)
    assert again.result.directions.fingerprint == surface.result.directions.fingerprint
    np.testing.assert_array_equal(again.result.x[[0, -1]], surface.result.x[[0, -1]])


def test_the_way_of_the_run_is_computed_with_one_click_and_remembers_the_run(driver: Driver) -> None:
    fill(driver)
    driver.trigger("landscape.trajectory_of")
    driver.wait(lambda: len(driver.results()) == 1 or bool(driver.window.banner.text))
    item = driver.results()[0]
    assert isinstance(item.result, Trajectory)
    assert item.run_id == "run-1"
    assert len(item.result.epoch) == 3
    driver.select("run-1")
    driver.trigger("item.remove")
    assert driver.results()[0].run_id == ""  # the result stays


def test_convexity_over_the_selected_surface_follows_with_one_click(driver: Driver) -> None:
    fill(driver)
    form = form_of(driver, "surface", "random")
    surface = compute(driver, form)
    action = driver.window.actions_registry.action("landscape.convexity_over")
    driver.select("network-0")
    assert not action.isEnabled()
    driver.select(surface.id)
    assert action.isEnabled()
    action.trigger()
    driver.wait(lambda: bool(driver.window.jobs.jobs))
    driver.window.jobs.stop_all()
    driver.wait_for_jobs()


def test_ten_draws_and_initialisations_follow_with_one_click(driver: Driver) -> None:
    fill(driver)
    driver.trigger("landscape.ten_draws")
    driver.wait(lambda: len(driver.results()) == 1)
    driver.select("network-0")
    driver.trigger("landscape.initialisations_of")
    driver.wait(lambda: len(driver.results()) == 2)
    curve, fresh = (item.result for item in driver.results())
    assert isinstance(curve, Curve)
    assert curve.loss.shape == (10, 51)
    assert isinstance(fresh, Initialisations)
    assert len(fresh.seed) == 10


def test_a_partial_result_goes_on_with_its_companions(driver: Driver) -> None:
    fill(driver)
    form = form_of(driver, "curve", "networks")
    form.samples.test.setCurrentIndex(form.samples.test.findData("dataset-1"))
    item = compute(driver, form)
    assert isinstance(item.result, Curve)
    assert item.result.test_loss is not None
    fields = ("loss", "accuracy", "test_loss", "test_accuracy")
    known = {name: getattr(item.result, name).copy() for name in fields}
    for values in known.values():
        values[:, 2:] = np.nan
    partial = replace(item.result, status="partial", **known)
    driver.window.desk.state.edit(driver.document.with_item(replace(item, result=partial)))
    driver.select(item.id)
    driver.click("resume")
    driver.wait(lambda: driver.document.items[item.id].result.status == "complete")  # type: ignore[union-attr]
    resumed = driver.document.items[item.id]
    assert isinstance(resumed, ResultItem)
    np.testing.assert_allclose(resumed.result.loss, item.result.loss, rtol=1e-6)  # type: ignore[union-attr]
    assert resumed.test_id == "dataset-1"


def test_a_partner_that_was_removed_is_asked_for_in_a_sentence(driver: Driver) -> None:
    fill(driver)
    item = compute(driver, form_of(driver, "curve", "networks"))
    partial = replace(item, result=replace(item.result, status="partial"))  # type: ignore[type-var]
    document = driver.document.with_item(partial).without("network-2")
    driver.window.desk.state.edit(document)
    driver.select(item.id)
    driver.click("resume")
    driver.wait(lambda: bool(driver.window.banner.text))
    assert "not in the session" in driver.window.banner.text


def test_the_estimate_stands_under_the_button_and_follows_the_fields(driver: Driver) -> None:
    fill(driver)
    form = form_of(driver, "surface", "random")
    driver.wait(lambda: bool(form.note.text()))
    assert "25 points" in form.note.text()
    form.extent.columns.setValue(7)
    assert "49 points" in form.note.text()
    form.choose("trajectory")
    assert "3 checkpoints" in form.note.text()


def test_measures_are_shown_with_their_definitions_and_copied(driver: Driver) -> None:
    fill(driver)
    item = compute(driver, form_of(driver, "surface", "random"))
    driver.select(item.id)
    panel = driver.window.inspector.findChild(MeasuresPanel)
    assert panel is not None
    driver.wait(lambda: bool(panel.measures))
    first = panel.measures[0]
    words = driver.find(QLabel, f"measure.{first.key}.words")
    assert words.isHidden()
    driver.find(QToolButton, f"measure.{first.key}.definition").click()
    assert not words.isHidden()
    assert first.definition in words.text()
    driver.find(QPushButton, "measures.copy").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("measure,value,unit,definition,source,caveat\n")
    assert all(measure.name in copied for measure in panel.measures)


def test_what_the_slice_can_and_cannot_show_stands_beside_it(driver: Driver) -> None:
    fill(driver)
    item = compute(driver, form_of(driver, "surface", "random"))
    driver.select(item.id)
    texts = " ".join(label.text() for label in driver.window.inspector.findChildren(QLabel))
    assert "no proof" in texts


def test_directions_of_the_original_tool_are_opened_for_the_network(driver: Driver, tmp_path: Path) -> None:
    fill(driver)
    file = tmp_path / "directions.h5"
    numbers = np.random.default_rng(0)
    with h5py.File(file, "w") as out:
        for axis in ("xdirection", "ydirection"):
            for place, shape in enumerate(SHAPES.values()):
                out[f"{axis}/{place}"] = numbers.standard_normal(shape).astype(np.float32)
    driver.answers.files = [file]
    form = form_of(driver, "surface", "file")
    form.directions.file.click()
    driver.wait(lambda: form.directions.opened.count() == 1 or bool(driver.window.banner.text))
    item = compute(driver, form)
    assert isinstance(item.result, Surface)
    assert item.result.request.directions.kind == "file"
    assert set(item.result.directions.x) == set(SHAPES)


def test_a_file_that_holds_no_directions_is_refused_with_a_sentence(driver: Driver, tmp_path: Path) -> None:
    fill(driver)
    file = tmp_path / "other.h5"
    file.write_bytes(b"no directions")
    driver.answers.files = [file]
    form_of(driver, "surface", "file").directions.file.click()
    driver.wait(lambda: bool(driver.window.banner.text))
    assert "other.h5" in driver.window.banner.text


def test_the_way_of_a_run_is_one_click_away_where_the_run_is_selected(driver: Driver) -> None:
    fill(driver)
    driver.select("run-1")
    driver.click("run.trajectory")
    driver.wait(lambda: len(driver.results()) == 1 or bool(driver.window.banner.text))
    assert driver.results()[0].run_id == "run-1"


def test_a_run_without_checkpoints_between_its_ends_offers_no_way(driver: Driver) -> None:
    fill(driver)
    short = replace(run_item("run-2", epochs=1), network_id="network-0", dataset_id="dataset-0")
    driver.window.history.push(AddItems((short,)))
    driver.select("run-2")
    assert driver.window.inspector.findChild(QPushButton, "run.trajectory") is None


def test_what_is_on_its_way_says_what_was_asked_for_and_how_far_it_is(driver: Driver) -> None:
    fill(driver)
    form = form_of(driver, "convexity", "random")
    form.extent.coarse_columns.setValue(41)
    form.button.click()
    driver.wait(lambda: driver.window.inspector.findChild(QLabel, "pending.words") is not None)
    driver.wait(lambda: driver.find(QProgressBar, "pending.bar").value() > 0)
    texts = [label.text() for label in driver.window.inspector.findChildren(QLabel)]
    assert "41 × 41" in texts
    driver.click("stop")
    driver.wait_for_jobs()
    item = driver.results()[0]
    assert item.result.status == "partial"
