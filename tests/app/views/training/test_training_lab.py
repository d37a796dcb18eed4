"""Training by mouse and keys: start, watch, stop, resume, undo, save and reopen."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.views.pages.run_page import RunPage
from app.views.training.training_page import PAGE_ID, TrainingPage
from core.session.document import NetworkItem
from tests.app.views.conftest import make_driver
from tests.app.views.training.conftest import TINY, Lab, tiny


def finish(lab: Lab) -> None:
    lab.wait_for_jobs()
    lab.ready()


def test_an_empty_lab_says_what_to_open_and_does_not_start(qtbot: QtBot, theme: Theme) -> None:
    driver = make_driver(qtbot, theme)
    driver.trigger("training.page")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, TrainingPage)
    driver.wait(lambda: not page.form.busy)
    assert not driver.find(QPushButton, "training.start").isEnabled()
    assert "Open some first" in driver.find(QLabel, "training.reason").text()
    assert not driver.find(QLabel, "training.architecture.complaint").isVisible()
    driver.click("training.open.digits")
    driver.wait(lambda: not page.form.busy and len(driver.document.datasets) == 1)
    assert driver.find(QPushButton, "training.start").isEnabled()
    assert not driver.find(QPushButton, "training.open.digits").isVisible()


def test_a_newcomer_gets_from_the_welcome_to_a_trained_network_with_three_clicks(qtbot: QtBot, theme: Theme) -> None:
    driver = make_driver(qtbot, theme)
    driver.click("welcome.training.page")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, TrainingPage)
    driver.click("training.open.digits")
    driver.wait(lambda: not page.form.busy and len(driver.document.datasets) == 1)
    assert page.form.presets.box.currentText() == "Quick: a small C1"
    driver.click("training.start")
    driver.wait_for_jobs()
    (run,) = driver.document.runs
    assert (run.name, run.run.status, run.run.epochs_done) == ("c1_w8", "complete", 15)
    assert run.run.test_accuracy[-1] > 0.9
    assert run.run.seconds[-1] < 60


def test_the_quick_architecture_follows_the_data_until_one_is_chosen(qtbot: QtBot, theme: Theme) -> None:
    driver = make_driver(qtbot, theme)
    driver.trigger("training.page")
    page = driver.window.area.page(PAGE_ID)
    assert isinstance(page, TrainingPage)
    subject, box = page.form.subject, page.form.presets.box
    driver.trigger("open.german_credit")
    driver.wait(lambda: len(driver.document.datasets) == 1 and not page.form.busy)
    assert subject.architecture_name.startswith("mlp:")
    assert "-64x2-2" in subject.architecture_name
    assert driver.find(QPushButton, "training.start").isEnabled()
    assert box.currentText() == "Choose a recipe…"  # that of the images is no longer what is trained
    driver.trigger("open.digits")
    driver.wait(lambda: len(driver.document.datasets) == 2 and not page.form.busy)
    assert subject.architecture_name == "c1_w8"  # the digits are more than the loans
    line = subject.architecture.field.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "resnet20_w8")
    driver.trigger("edit.undo")
    driver.trigger("edit.redo")
    driver.wait(lambda: not page.form.busy)
    assert subject.architecture_name == "resnet20_w8"


def test_the_name_of_a_recipe_goes_with_its_architecture(lab: Lab) -> None:
    box = lab.page.form.presets.box
    box.setCurrentIndex(box.findData("quick-start"))
    box.activated.emit(box.currentIndex())
    name = lab.page.form.subject.name
    assert name.text() == "Small C1"
    lab.type("training.architecture", TINY)
    assert name.text() == ""
    lab.type("training.name", "Mine")
    lab.type("training.architecture", "mlp:64-8-10")
    assert name.text() == "Mine"


def test_a_run_trains_from_the_form_and_one_undo_takes_it_away_with_its_network(lab: Lab) -> None:
    tiny(lab)
    lab.start()
    finish(lab)
    (run,) = lab.runs
    assert (run.name, run.run.status, run.run.epochs_done) == ("Tiny", "complete", 2)
    network = lab.document.items[run.network_id]
    assert isinstance(network, NetworkItem)
    assert network.name == "Tiny"
    assert network.sha256 == run.run.provenance.network_sha256
    assert lab.document.items[run.test_id].name == "digits, last 20 %"
    assert run.run.request.samples == 1797 - 359
    lab.trigger("edit.undo")
    assert len(lab.document.items) == 1  # the digits
    lab.trigger("edit.redo")
    assert lab.runs == (run,)


def test_curves_grow_while_a_run_trains_and_a_stop_keeps_it_to_be_resumed(lab: Lab) -> None:
    tiny(lab, epochs=400)
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and len(lab.page.curves.runs[0].run.epoch) > 2)
    seen = len(lab.page.curves.runs[0].run.epoch)
    lab.wait(lambda: len(lab.page.curves.runs[0].run.epoch) > seen)
    assert lab.page.runs.table.model_of_rows.rows[0].status == "training"
    lab.click("training.stop")
    finish(lab)
    (run,) = lab.runs
    assert run.run.status == "partial"
    assert run.run.state is not None
    network = lab.document.items[run.network_id]
    assert isinstance(network, NetworkItem)
    np.testing.assert_array_equal(network.weights["1.weight"], run.run.last.weights["1.weight"])


def test_a_stopped_run_goes_on_in_its_place_and_its_network_keeps_its_id(lab: Lab) -> None:
    tiny(lab, epochs=60)
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and lab.page.curves.runs[0].run.epochs_done > 2)
    lab.click("training.stop")
    finish(lab)
    (partial,) = lab.runs
    lab.select(partial.id)
    lab.click("resume")
    finish(lab)
    (run,) = lab.runs
    assert (run.id, run.run.status, run.network_id) == (partial.id, "complete", partial.network_id)
    assert len(lab.document.networks) == 1
    assert lab.document.networks[0].sha256 == run.run.provenance.network_sha256
    lab.trigger("edit.undo")
    assert lab.runs == (partial,)


def test_the_pages_and_the_form_come_back_with_the_session(lab: Lab, tmp_path: Path) -> None:
    tiny(lab)
    lab.type("training.seed", "5")
    lab.start()
    finish(lab)
    lab.page.curves.set_logarithmic(True)
    run = lab.runs[0]
    lab.window.pages.open_page(run.id)
    lab.save(tmp_path / "runs.corrie.h5")
    lab.trigger("file.new")
    lab.window.open_paths([tmp_path / "runs.corrie.h5"])
    lab.wait(lambda: len(lab.window.area.pages()) == 2)
    lab.ready()
    page = lab.window.area.page(run.id)
    assert isinstance(page, RunPage)
    assert page.curves.runs[0].run.epochs_done == 2
    assert page.status.text() == "✓ Complete: 2 epochs"
    lab.trigger("training.page")
    assert lab.page.curves.logarithmic
    assert lab.page.form.subject.architecture_name == "mlp:64-16-10"
    assert lab.page.form.recipe.seed.value() == 5
    assert lab.page.runs.table.model_of_rows.rows[0].id == run.id


def test_the_page_of_a_run_opens_from_the_tree_and_grows_with_it(lab: Lab) -> None:
    tiny(lab, epochs=400)
    lab.start()
    lab.wait(lambda: bool(lab.window.desk.trainings.pending))
    (run_id,) = lab.window.desk.trainings.pending
    row = lab.window.tree._rows[run_id]
    assert row.text(1) == "…"
    lab.window.tree.itemActivated.emit(row, 0)
    page = lab.window.area.page(run_id)
    assert isinstance(page, RunPage)
    lab.wait(lambda: bool(page.curves.runs) and page.curves.runs[0].run.epochs_done > 1)
    assert page.status.text().startswith("▸ Training")
    lab.qtbot.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    finish(lab)
    assert page.status.text().startswith("◐ Partial")
    assert row.text(1) == "◐"
    assert page.resume.isVisible()


def test_a_checkpoint_becomes_a_network_of_its_own(lab: Lab) -> None:
    tiny(lab, epochs=3)
    lab.type("training.checkpoints", "1")
    lab.start()
    finish(lab)
    (run,) = lab.runs
    lab.select(run.id)
    epochs = lab.window.inspector.findChild(QPushButton, "run.add_checkpoint").parent().epochs
    assert [epochs.itemData(i) for i in range(epochs.count())] == [0, 1, 2, 3]
    epochs.setCurrentIndex(1)
    lab.click("run.add_checkpoint")
    finish(lab)
    assert [network.name for network in lab.document.networks] == ["Tiny", "Tiny, epoch 1"]
    np.testing.assert_array_equal(
        lab.document.networks[1].weights["1.weight"], run.run.checkpoints[1].weights["1.weight"]
    )
    assert lab.window.desk.selection.current_id == lab.document.networks[1].id


def test_a_run_that_diverges_is_kept_with_its_reason_and_cannot_go_on(lab: Lab) -> None:
    tiny(lab, epochs=3)
    lab.page.form.recipe.rate.setValue(1e6)
    lab.start()
    finish(lab)
    (run,) = lab.runs
    assert run.run.ended
    assert lab.page.runs.table.model_of_rows.rows[0].status == "diverged"
    assert lab.window.tree._rows[run.id].text(1) == "⚠"
    lab.select(run.id)
    assert not lab.find(QPushButton, "resume").isEnabled()
    assert "smaller learning rate" in lab.find(QLabel, "run.cannot_resume").text()


@pytest.mark.parametrize("gone", ["training data", "held-out data"])
def test_a_run_whose_data_were_removed_meanwhile_is_kept_without_them(lab: Lab, gone: str) -> None:
    tiny(lab, epochs=400)
    if gone == "held-out data":
        lab.page.form.subject.test.field.setCurrentIndex(1)
        lab.ready()
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs))
    lab.window.pages.remove(lab.document.datasets[0].id)
    lab.click("training.stop")
    finish(lab)
    (run,) = lab.runs
    assert (run.dataset_id, run.test_id) == ("", "")
    assert run.run.epochs_done >= 0


@pytest.mark.parametrize("width", [900, 1100, 1360])
def test_form_and_table_do_not_overlap_in_a_narrow_window(lab: Lab, width: int) -> None:
    lab.window.resize(width, 700)
    right = lab.page.findChild(QScrollArea, "training.right_area")
    lab.wait(lambda: lab.window.width() <= max(width, lab.window.minimumSizeHint().width()))
    assert right is not None
    lab.wait(lambda: right.x() >= lab.page.form.geometry().right())
    for button in (lab.page.runs.stop, lab.page.runs.stop_sweep, lab.page.runs.copy):
        assert button.width() >= button.sizeHint().width()
    start = lab.find(QPushButton, "training.start")
    assert not start.visibleRegion().isEmpty()
    assert start.visibleRegion().boundingRect().height() == start.height()
