"""The import dialog: what it reads, how it warns, what it takes into the session, and what it never does unasked."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton

from app.views.networks.import_dialog import ImportDialog
from core.data.builtin import examples_folder
from core.networks.card import read_network_card
from core.networks.loading import open_network
from tests.app.views.conftest import Driver
from tests.realdata import realdata_path

FOLDER = examples_folder()
DIGITS = FOLDER / "digits.npz"
MEAN, STD = 4.8842, 6.0168  # of the digits, as in the card of the example

FACTORY = """
import torch

def build():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10))

def needs_more(width):
    return torch.nn.Linear(64, width)
"""


class Import:
    """The dialog as a person uses it."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    @property
    def dialog(self) -> ImportDialog:
        found = self.driver.window.networks_room._dialog
        assert found is not None
        return found

    @property
    def is_open(self) -> bool:
        return self.driver.window.networks_room._dialog is not None

    def begin(self, path: Path) -> None:
        self.driver.window.open_paths([path])
        self.driver.wait(lambda: not self.dialog._reading.busy)

    def settle(self) -> None:
        """Wait until what was typed was acted upon."""
        dialog = self.dialog
        self.driver.wait(
            lambda: (
                not (
                    dialog._look_soon.isActive()
                    or dialog._try_soon.isActive()
                    or dialog._reading.busy
                    or dialog._trying.busy
                )
            )
        )

    def type(self, name: str, text: str) -> None:
        field = self.dialog.findChild(QLineEdit, name)
        assert field is not None
        field.selectAll()
        self.driver.qtbot.keyClicks(field, text)
        self.settle()

    def press(self, name: str) -> None:
        button = self.dialog.findChild(QPushButton, name)
        assert button is not None
        assert button.isEnabled(), self.dialog.status.text()
        self.driver.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def accept(self) -> None:
        self.press("import.accept")
        self.driver.wait(lambda: not self.is_open)


@pytest.fixture
def importing(driver: Driver) -> Import:
    return Import(driver)


@pytest.fixture
def with_digits(driver: Driver) -> Import:
    driver.open(DIGITS)
    driver.wait(lambda: len(driver.document.datasets) == 1)
    return Import(driver)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "digits_resnet.safetensors"
    shutil.copy(FOLDER / "digits_resnet.safetensors", path)
    return path


def said(dialog: ImportDialog) -> str:
    return dialog.trial.state.text()


def test_bare_weights_tell_their_architecture_and_are_imported_as_one_step_of_undo(
    with_digits: Import, driver: Driver, weights: Path
) -> None:
    with_digits.begin(weights)
    dialog = with_digits.dialog
    assert dialog.source.architecture.name == "resnet44_w8"
    with_digits.type("import.shape", "1 × 8 × 8")
    with_digits.type("import.mean", str(MEAN))
    with_digits.type("import.std", str(STD))
    assert "99.8% of 512 samples" in said(dialog) or "100.0%" in said(dialog)
    assert len(dialog.trial.strip.samples) == 8
    assert all(one.verdict == f"✓ right: {one.caption[-1]}" for one in dialog.trial.strip.samples)
    with_digits.type("import.name", "Reader of March")
    with_digits.accept()
    network = driver.document.networks[0]
    truth = open_network(FOLDER / "digits_resnet.toml")
    assert network.name == "Reader of March"
    assert network.sha256 == truth.sha256
    assert network.card.input == truth.card.input
    assert driver.window.desk.selection.current_id == network.id
    driver.trigger("edit.undo")
    assert driver.document.networks == ()


def test_wrong_preprocessing_is_warned_of_and_mended_by_one_click(
    with_digits: Import, driver: Driver, weights: Path
) -> None:
    with_digits.begin(weights)
    with_digits.type("import.shape", "1x8x8")
    with_digits.type("import.std", "255")
    dialog = with_digits.dialog
    assert "probably not that of training" in dialog.trial.warning.text
    before = said(dialog)
    with_digits.press("trial.warning.offer0")
    with_digits.settle()
    assert said(dialog) != before
    assert dialog.trial.warning.text == ""
    assert dialog.form.input_card() is not None


def test_what_is_typed_wrong_is_explained_beside_the_field_and_nothing_can_be_imported(
    with_digits: Import, weights: Path
) -> None:
    with_digits.begin(weights)
    with_digits.type("import.shape", "1x8x8")
    form, accept = with_digits.dialog.form, with_digits.dialog.accept_button
    with_digits.type("import.std", "0")
    assert "above zero" in form.std.text
    assert not accept.isEnabled()
    with_digits.type("import.std", "1")
    with_digits.type("import.classes", "a, b")
    assert "2 names for 10 outputs" in form.classes.text
    assert not accept.isEnabled()
    with_digits.type("import.classes", "a, b, c, d, e, f, g, h, i, j")
    assert accept.isEnabled()


def test_another_architecture_is_refused_beside_its_field_with_those_that_fit(
    importing: Import, weights: Path, driver: Driver
) -> None:
    importing.begin(weights)
    box = importing.dialog.findChild(QComboBox, "import.architecture")
    assert box is not None
    box.lineEdit().selectAll()
    driver.qtbot.keyClicks(box.lineEdit(), "resnet20")
    driver.wait(lambda: not importing.dialog.source.architecture._timer.isActive())
    importing.settle()
    complaint = importing.dialog.source.architecture.field.text
    assert "resnet44_w8" in complaint
    assert not importing.dialog.accept_button.isEnabled()


def test_a_card_is_written_beside_the_file_only_when_wanted_and_nothing_is_overwritten_unasked(
    importing: Import, driver: Driver, weights: Path
) -> None:
    importing.begin(weights)
    importing.type("import.shape", "1x8x8")
    importing.type("import.name", "digits resnet")
    there = weights.with_name("digits-resnet.toml")
    there.write_text("mine")
    importing.dialog.findChild(QCheckBox, "import.write_card").click()
    assert "is there already" in importing.dialog.target.complaint
    assert not importing.dialog.accept_button.isEnabled()
    importing.dialog.findChild(QCheckBox, "import.replace").click()
    importing.accept()
    assert read_network_card(there).name == "digits resnet"
    assert open_network(there).sha256 == driver.document.networks[0].sha256


def test_importing_without_the_tick_writes_nothing(importing: Import, weights: Path) -> None:
    before = sorted(weights.parent.iterdir())
    importing.begin(weights)
    importing.accept()
    assert sorted(weights.parent.iterdir()) == before


def test_a_python_file_is_not_run_before_the_user_agreed(importing: Import, driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    trace = tmp_path / "was_run"
    path.write_text(f"from pathlib import Path\nPath({str(trace)!r}).touch()\n{FACTORY}")
    importing.begin(path)
    dialog = importing.dialog
    assert [dialog.source.consent.factory.itemText(i) for i in range(dialog.source.consent.factory.count())] == [
        "build"
    ]
    assert not dialog.source.consent.run.isEnabled()
    assert not dialog.accept_button.isEnabled()
    assert not trace.exists()
    dialog.findChild(QCheckBox, "consent.agreed").click()
    assert not trace.exists()
    importing.type("import.shape", "64")
    importing.press("consent.run")
    importing.settle()
    assert trace.exists()
    assert "650 parameters; input 64; 10 outputs" in dialog.summary.text()
    importing.accept()
    assert driver.document.networks[0].program is not None


def test_an_error_in_the_python_file_is_shown_with_its_line(importing: Import, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("def build():\n    raise KeyError('no such layer')\n")
    importing.begin(path)
    importing.dialog.findChild(QCheckBox, "consent.agreed").click()
    importing.press("consent.run")
    importing.settle()
    output = importing.dialog.findChild(QPlainTextEdit, "consent.output").toPlainText()
    assert "no such layer" in output
    assert "line 2" in output
    assert not importing.dialog.accept_button.isEnabled()


def test_stop_ends_a_python_file_that_never_returns(importing: Import, driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("def build():\n    while True:\n        pass\n")
    importing.begin(path)
    importing.dialog.findChild(QCheckBox, "consent.agreed").click()
    importing.press("consent.run")
    driver.wait(importing.dialog.stop.isVisible)
    importing.press("import.stop")
    assert not importing.dialog._reading.busy
    assert "stopped" in importing.dialog.source.consent.output.toPlainText()


def test_closing_the_dialog_stops_what_runs_for_it(importing: Import, tmp_path: Path, driver: Driver) -> None:
    path = tmp_path / "model.py"
    path.write_text("def build():\n    while True:\n        pass\n")
    importing.begin(path)
    importing.dialog.findChild(QCheckBox, "consent.agreed").click()
    importing.press("consent.run")
    driver.qtbot.keyClick(importing.dialog, Qt.Key.Key_Escape)
    assert not importing.is_open
    assert driver.document.networks == ()


def test_a_damaged_file_is_explained_in_the_dialog_and_changes_nothing(
    importing: Import, driver: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "broken.pt2"
    path.write_bytes(b"PK\x03\x04 not a program")
    importing.begin(path)
    assert "broken.pt2" in importing.dialog.source.file.text
    assert not importing.dialog.accept_button.isEnabled()
    assert driver.document.items == {}


def test_several_files_are_asked_about_one_after_the_other(
    importing: Import, driver: Driver, tmp_path: Path, weights: Path
) -> None:
    second = tmp_path / "second.safetensors"
    shutil.copy(weights, second)
    driver.window.open_paths([weights, second])
    importing.settle()
    assert importing.dialog.path == weights
    importing.press("import.cancel")
    assert importing.dialog.path == second
    importing.press("import.cancel")
    assert not importing.is_open


def test_data_opened_while_the_dialog_stands_are_tried_at_once(
    importing: Import, driver: Driver, weights: Path
) -> None:
    importing.begin(weights)
    importing.type("import.shape", "1x8x8")
    assert "No data in this session" in said(importing.dialog)
    driver.answers.files = [DIGITS]
    importing.press("trial.open_data")
    driver.wait(lambda: "are right" in said(importing.dialog))


def test_class_names_are_taken_from_the_data(importing: Import, driver: Driver, weights: Path) -> None:
    driver.trigger("open.digits")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    importing.begin(weights)
    importing.type("import.shape", "1x8x8")
    importing.type("import.classes", "x")
    importing.press("import.classes_from_data")
    assert importing.dialog.form.words()[1] == tuple(str(digit) for digit in range(10))


def test_another_session_closes_the_dialog(importing: Import, driver: Driver, weights: Path) -> None:
    importing.begin(weights)
    driver.trigger("file.new")
    assert not importing.is_open


def test_rows_that_are_no_pictures_are_judged_in_a_table(importing: Import, driver: Driver, tmp_path: Path) -> None:
    driver.trigger("open.german_credit")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    module = torch.nn.Sequential(torch.nn.Linear(61, 2))
    example = (torch.zeros(2, 61),)
    program = torch.export.export(module.eval(), example, dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.export.save(program, tmp_path / "judge.pt2")
    importing.begin(tmp_path / "judge.pt2")
    importing.settle()
    rows = importing.dialog.trial.rows
    assert rows.isVisible()
    assert rows.model().rowCount() == 8
    assert {rows.model().index(row, 2).data()[0] for row in range(8)} <= {"✓", "✗"}


def test_a_card_and_its_weights_are_exported_from_the_page(importing: Import, driver: Driver, tmp_path: Path) -> None:
    driver.open(FOLDER / "digits_resnet.toml")
    driver.wait(lambda: len(driver.document.networks) == 1)
    driver.trigger("networks.page")
    driver.answers.target = tmp_path / "reader.toml"
    driver.click("card.export")
    driver.wait((tmp_path / "reader.toml").exists)
    assert open_network(tmp_path / "reader.toml").sha256 == driver.document.networks[0].sha256


@pytest.mark.realdata
def test_the_papers_resnet_is_recognised_tried_and_warned_about(
    importing: Import, driver: Driver, tmp_path: Path
) -> None:
    data = np.load(realdata_path("cifar10_lossless/cifar10_train_first4000.npz"))
    path = tmp_path / "cifar.npz"
    np.savez(path, x=data["x"][:160], y=data["y"][:160])
    driver.open(path)
    importing.begin(realdata_path("lossland_resnet56/resnet56_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"))
    importing.settle()
    dialog = importing.dialog
    assert dialog.source.architecture.name == "resnet56"
    assert "100.0% of all 160 samples are right" in said(dialog)
    assert dialog.trial.warning.text == ""
    card = dialog.form.input_card()
    assert card is not None
    dialog.form.set_input(replace(card, mean=(0.0,), std=(1.0,)))
    dialog.form.changed.emit()
    importing.settle()
    assert "100.0% with CIFAR-10 mean and std" in dialog.trial.warning.text
    assert "preprocessing" not in dialog.form.words()[2]  # what was assumed of it is no longer so
    importing.press("trial.warning.offer0")
    importing.settle()
    assert dialog.form.preset.currentText() == "CIFAR-10 mean and std, of 0 … 255"
