"""What is wrong stands beside its field, and the button that cannot be pressed says why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.views.training.lists import parse_names, parse_shares, parse_whole_numbers
from core.data.builtin import open_builtin
from core.errors import InvalidRequest
from core.training.presets import ANY_INPUT, presets
from tests.app.views.training.conftest import TINY, Lab, tiny


def reason(lab: Lab) -> str:
    lab.ready()
    start = lab.find(QPushButton, "training.start")
    text = lab.find(QLabel, "training.reason").text()
    assert start.isEnabled() == (text == "")
    return text


def complaint(lab: Lab, name: str) -> str:
    label = lab.find(QLabel, f"training.{name}.complaint")
    return label.text() if label.isVisibleTo(lab.page) else ""


WRONG_FIELDS = (
    ("architecture", "resnet", "no architecture “resnet”"),
    ("architecture", "mlp:63-16-10", "takes 63 inputs"),
    ("architecture", "m1", "at least 16 × 16"),
    ("milestones", "0.5, much later", "no share of the epochs"),
    ("milestones", "0.7, 0.5", "in the order"),
)
WRONG_LISTS = (
    ("batches", "64, many", "“many” is no whole number"),
    ("batches", "64, 64", "named twice"),
    ("batches", "0", "1 or more"),
    ("seeds", "5-2", "no sensible range"),
    ("architectures", "mlp:64-8-10, mlp:3-8-10", "takes 3 inputs"),
)


def test_a_field_that_makes_no_sense_is_told_so_at_its_place(lab: Lab) -> None:
    for field, text, words in WRONG_FIELDS:
        tiny(lab)
        lab.page.form.recipe.milestones.field.setText("")
        assert reason(lab) == ""
        assert complaint(lab, field) == ""
        lab.type(f"training.{field}", text)
        assert words in reason(lab)
        assert words in complaint(lab, field)


def test_a_list_of_a_sweep_that_makes_no_sense_is_told_so_at_its_place(lab: Lab) -> None:
    tiny(lab)
    for field, text, words in WRONG_LISTS:
        lab.check("training.sweep.on")
        lab.type(f"training.sweep.{field}", text)
        assert words in reason(lab)
        assert words in complaint(lab, f"sweep.{field}")
        lab.find(QLineEdit, f"training.sweep.{field}").clear()
        lab.check("training.sweep.on")  # off again
        assert reason(lab) == ""


def test_too_many_samples_and_data_of_another_shape_are_refused(lab: Lab) -> None:
    tiny(lab)
    lab.page.form.measures.samples.setValue(2000)
    assert "only 1,797 training samples" in reason(lab)
    lab.page.form.measures.samples.setValue(0)
    lab.trigger("open.german_credit")
    lab.wait(lambda: len(lab.document.datasets) == 2)
    test = lab.page.form.subject.test.field
    test.setCurrentIndex(test.findData(lab.document.datasets[1].id))
    assert "Choose other test data" in reason(lab)
    assert "Choose other test data" in complaint(lab, "test")


def test_the_architecture_says_its_size_and_a_sweep_its_number_of_runs_and_time(lab: Lab) -> None:
    tiny(lab)
    assert "1,210 parameters" in lab.find(QLabel, "training.architecture.about").text()
    lab.wait(lambda: "MB of memory" in lab.find(QLabel, "training.summary").text())
    lab.check("training.sweep.on")
    lab.type("training.sweep.seeds", "0-4")
    lab.ready()
    lab.wait(lambda: "5 runs" in lab.find(QLabel, "training.summary").text())


def test_a_preset_fills_the_form_with_exactly_its_recipe(lab: Lab) -> None:
    form = lab.page.form
    form.subject.test.field.setCurrentIndex(1)  # none is held out
    for preset in presets():
        form.presets.box.setCurrentIndex(form.presets.box.findData(preset.key))
        form.presets.box.activated.emit(form.presets.box.currentIndex())
        assert preset.shows in lab.find(QLabel, "training.preset.words").text()
        wanted = preset.sweep(ANY_INPUT).requests()
        assert form._requests(ANY_INPUT) == tuple(replace(request, description="") for request in wanted)
    lab.type("training.architecture", TINY)
    lab.ready()


def test_lists_are_read_as_a_person_writes_them() -> None:
    assert parse_whole_numbers("64, 128;256", least=1, example="") == (64, 128, 256)
    assert parse_whole_numbers("0–2, 7", least=0, example="") == (0, 1, 2, 7)
    assert parse_whole_numbers("3..4 9", least=0, example="") == (3, 4, 9)
    assert parse_whole_numbers(" ", least=0, example="") == ()
    assert parse_names("resnet20, mlp:64-16-10") == ("resnet20", "mlp:64-16-10")
    assert parse_shares("50 %, 0.75, 1") == (0.5, 0.75, 1.0)
    with pytest.raises(InvalidRequest, match="between 0 and 1"):
        parse_shares("2")


def test_the_larger_data_are_learnt_from_and_those_that_are_called_test_are_tested_on(lab: Lab, tmp_path: Path) -> None:
    digits = open_builtin("digits")
    small, large = tmp_path / "digits_test.npz", tmp_path / "digits_train.npz"
    np.savez(small, x=digits.x[:200], y=digits.y[:200], classes=np.array(digits.classes))
    np.savez(large, x=np.tile(digits.x, (2, 1, 1)), y=np.tile(digits.y, 2), classes=np.array(digits.classes))
    lab.open(small, large)
    lab.ready()
    subject = lab.page.form.subject
    assert subject.item is not None
    assert subject.item.name == "digits_train"
    assert subject.test_item is not None
    assert subject.test_item.name == "digits_test"
    subject.data.field.setCurrentIndex(0)
    subject.data.field.activated.emit(0)
    assert subject.item.name == "digits"
    lab.window.pages.remove(subject.test_item.id)
    lab.ready()
    assert subject.item.name == "digits"  # what was chosen stays
    assert subject.holds_out
