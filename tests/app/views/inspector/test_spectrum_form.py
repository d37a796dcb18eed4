"""The form of the spectrum: what it asks for, which rows apply, and the layers it offers."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.views.inspector.compute_panel import ComputePanel
from app.views.inspector.entries import enter, entries_of
from app.views.inspector.layer_list import ROWS, LayerList, modules_of, parameters_within
from app.views.inspector.spectrum_form import SpectrumForm
from app.views.inspector.words import request_facts
from core.errors import InvalidRequest
from core.spectrum.spectrum import SpectrumRequest
from tests.documents import PARAMETERS, document, network_item

DEEP = {
    "conv1.weight": (4, 1, 3, 3),
    "layer1.0.conv1.weight": (4, 4, 3, 3),
    "layer1.0.bn1.weight": (4,),
    "layer1.1.conv1.weight": (4, 4, 3, 3),
    "linear.weight": (2, 4),
    "linear.bias": (2,),
}


@pytest.fixture
def form(qtbot: QtBot) -> SpectrumForm:
    panel = ComputePanel(network_item(), document())
    qtbot.addWidget(panel)
    panel.show()
    panel.show_spectrum()
    assert panel.spectrum is not None
    return panel.spectrum


def shown(form: SpectrumForm) -> set[str]:
    return {w.objectName() for w in form.findChildren(QWidget) if w.isVisible() and w.objectName()}


def test_the_form_asks_for_the_papers_spectrum_unless_something_else_is_said(form: SpectrumForm) -> None:
    assert form.request() == SpectrumRequest(samples=40)


def test_every_field_reaches_the_request(form: SpectrumForm) -> None:
    form.matrix.setCurrentIndex(form.matrix.findData("fisher"))
    form.end.setCurrentIndex(form.end.findData("smallest"))
    form.of.setCurrentIndex(form.of.findData("layers"))
    form.layers.choose(["3"])
    for box in (form.weights_only, form.density, form.trace, form.layer_table):
        box.setChecked(True)
    for field, value in ((form.top, 5), (form.probes, 7), (form.steps, 11), (form.audit, 0), (form.samples, 30)):
        field.setValue(value)
    form.seed.setValue(3)
    form.tolerance.setValue(1e-3)
    assert form.request() == SpectrumRequest(
        top=5,
        matrix="fisher",
        end="smallest",
        layers=("3",),
        weights_only=True,
        tolerance=1e-3,
        audit_products=0,
        samples=30,
        seed=3,
        density=True,
        trace=True,
        layer_table=True,
        probes=7,
        density_steps=11,
    )


def test_only_rows_that_apply_are_there(form: SpectrumForm) -> None:
    hidden = {"spectrum.layers", "spectrum.probes", "spectrum.audit", "spectrum.seed", "spectrum.density_steps"}
    assert not hidden & shown(form)
    form.of.setCurrentIndex(1)
    form.trace.setChecked(True)
    form.more.setChecked(True)
    assert hidden - {"spectrum.density_steps"} <= shown(form)
    assert "spectrum.density_steps" not in shown(form)
    form.density.setChecked(True)
    assert "spectrum.density_steps" in shown(form)


def test_no_layer_is_no_request_but_a_sentence(form: SpectrumForm, qtbot: QtBot) -> None:
    form.of.setCurrentIndex(1)
    with pytest.raises(InvalidRequest, match="No layer is ticked"):
        form.request()
    assert form.effort() is None
    qtbot.mouseClick(form.button, Qt.MouseButton.LeftButton)
    assert "No layer is ticked" in form.complaint.text()
    form.layers.choose(["1"])
    assert form.complaint.text() == ""


def test_the_note_tells_how_many_parameters_and_how_much_memory(form: SpectrumForm) -> None:
    form.seed.setValue(1)
    form.say("")
    assert form.note.text().startswith(f"{PARAMETERS} parameters: up to ")
    form.of.setCurrentIndex(1)
    form.layers.choose(["3"])
    form.weights_only.setChecked(True)
    form.say("A few seconds.")
    assert form.note.text().startswith("A few seconds.\n16 parameters: ")


def test_the_note_says_which_eigenvectors_the_session_holds(form: SpectrumForm) -> None:
    whole = form.effort()
    form.say("")
    assert form.note.text().startswith("8 of its eigenvectors are in the session")
    form.top.setValue(8)
    form.say("A moment.")
    assert form.note.text().startswith("A moment.\nIts eigenvectors are in the session")
    left = form.effort()
    assert whole is not None
    assert left is not None
    assert left.units < 5 < whole.units
    form.look_around(lambda _: None)
    form.say("")
    assert "session:" not in form.note.text()


def test_what_was_entered_is_put_back(form: SpectrumForm, qtbot: QtBot) -> None:
    form.of.setCurrentIndex(1)
    form.layers.choose(["1"])
    form.density.setChecked(True)
    form.end.setCurrentIndex(2)
    entries = entries_of([form])
    other = SpectrumForm(40, network_item())
    qtbot.addWidget(other)
    enter([other], entries)
    other.entered()
    assert other.request() == form.request()


def test_a_ticked_module_takes_all_in_it(qtbot: QtBot) -> None:
    layers = LayerList("layers")
    qtbot.addWidget(layers)
    layers.offer(DEEP)
    layers.choose(["layer1.0.conv1", "layer1.0.bn1", "linear"])
    assert layers.chosen == ("layer1.0", "linear")  # both parts of it are the whole of it
    layers.choose(["layer1"])
    assert layers.chosen == ("layer1",)
    layers.choose([])
    assert layers.chosen == ()
    top = [layers.topLevelItem(place) for place in range(layers.topLevelItemCount())]
    assert [item.text(0) for item in top if item is not None] == ["conv1", "layer1", "linear"]
    assert [item.text(1) for item in top if item is not None] == ["36", "292", "10"]


def test_parameters_are_counted_as_the_engine_chooses_them() -> None:
    assert modules_of("layer1.0.conv1.weight") == ["layer1", "layer1.0", "layer1.0.conv1"]
    assert modules_of("scale") == ["scale"]
    assert parameters_within(DEEP, (), weights_only=False) == 338
    assert parameters_within(DEEP, ("layer1.0",), weights_only=False) == 148
    assert parameters_within(DEEP, ("layer1",), weights_only=True) == 288


def test_a_spectrum_on_its_way_says_what_it_is_of() -> None:
    request = replace(SpectrumRequest(samples=40), matrix="gauss_newton", density=True)
    facts = request_facts(request)
    assert facts["Spectrum"] == "20: Eigenvalues of largest magnitude of the Gauss–Newton matrix of the mean loss"
    assert facts["Besides"] == "density"


def test_the_list_of_layers_is_as_high_as_what_is_unfolded(qtbot: QtBot) -> None:
    layers = LayerList("layers")
    qtbot.addWidget(layers)
    layers.offer({f"{part}.{place}.weight": (2, 2) for part in "abc" for place in range(12)})
    with qtbot.waitExposed(layers):
        layers.show()
    row = layers.visualItemRect(layers.topLevelItem(0)).height()
    assert layers.viewport().height() == 3 * row
    first = layers.topLevelItem(0)
    assert first is not None
    first.setExpanded(True)
    assert layers.viewport().height() == ROWS * row  # of fifteen: the others are reached by scrolling
    first.setExpanded(False)
    assert layers.viewport().height() == 3 * row
