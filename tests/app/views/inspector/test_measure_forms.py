"""The forms that ask for attacks, for the curvature through training, and for size and sharpness."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.views.inspector.compute_panel import ComputePanel
from app.views.inspector.history_form import NO_RUN
from app.views.inspector.measure_forms import MeasureForms
from app.views.inspector.robustness_form import usual_strengths
from core.errors import InvalidRequest
from core.generalisation.complexity import ComplexityRequest
from core.robustness.robustness import RobustnessRequest
from core.session.document import Document, NetworkItem
from core.spectrum.history import HistoryRequest
from tests.documents import dataset_item, landscape_document, network_item
from tests.runs import run_item


def session(*, run: bool = True) -> Document:
    """One network with a partner, a run and a test set."""
    document = landscape_document()
    document = document.with_item(replace(dataset_item("dataset-1"), name="Held out", sha256="e" * 64))
    document = document.with_item(network_item("network-2", name="Another", seed=1))
    if run:
        document = document.with_item(replace(run_item("run-1"), network_id="network-0", dataset_id="dataset-0"))
    return document


def panel(qtbot: QtBot, document: Document) -> ComputePanel:
    network = document.items["network-0"]
    assert isinstance(network, NetworkItem)
    made = ComputePanel(network, document)
    qtbot.addWidget(made)
    made.show()
    return made


def forms(made: ComputePanel) -> MeasureForms:
    assert made.measures is not None
    return made.measures


def test_one_click_asks_for_the_papers_attacks(qtbot: QtBot) -> None:
    form = forms(panel(qtbot, session())).robustness
    assert form.request() == RobustnessRequest(samples=40)
    assert form.effort() is not None
    form.attacks["pgd"].click()
    form.attacks["fhsm"].click()
    form.epsilon.setText("0.1 0.2; 0.5")
    request = form.request()
    assert set(request.attacks) == {"fgsm", "fgsm10", "l2grad", "pgd", "l2hess"}
    assert request.epsilon == (0.1, 0.2, 0.5)


def test_rows_are_there_only_while_an_attack_needs_them(qtbot: QtBot) -> None:
    made = panel(qtbot, session())
    made.show_measured("robustness")
    form = forms(made).robustness
    assert form.damping.isVisible()
    assert not form.steps.isVisible()
    form.attacks["pgd"].click()
    form.attacks["fhsm"].click()
    form.attacks["l2hess"].click()
    assert form.steps.isVisible()
    assert not form.damping.isVisible()


@pytest.mark.parametrize(
    ("text", "said"), [("0.1, x", "“x” is no number"), ("0.2, 0.1", "ascend"), ("", "ascend"), ("2", "up to 1")]
)
def test_strengths_that_make_no_sense_are_explained_and_nothing_is_computed(qtbot: QtBot, text: str, said: str) -> None:
    made = panel(qtbot, session())
    form = forms(made).robustness
    form.epsilon.setText(text)
    with qtbot.assertNotEmitted(made.requested, wait=20):
        form.button.click()
    assert said in form.complaint.text()
    assert form.effort() is None


def test_no_attack_at_all_is_explained(qtbot: QtBot) -> None:
    form = forms(panel(qtbot, session())).robustness
    for box in form.attacks.values():
        box.setChecked(False)
    with pytest.raises(InvalidRequest, match="No attack is ticked"):
        form.request()


def test_attacks_can_be_made_on_another_network_of_the_session(qtbot: QtBot) -> None:
    form = forms(panel(qtbot, session())).robustness
    form.made_on.setCurrentIndex(form.made_on.findText("Another"))
    assert form.request().made_on == network_item(seed=1).sha256


def test_grey_pictures_are_attacked_more_strongly_than_coloured_ones() -> None:
    def largest(shape: tuple[int, ...]) -> float:
        return float(usual_strengths(replace(dataset_item(), shape=shape)).split(", ")[-1])

    assert largest((28, 28)) > largest((3, 32, 32)) == largest((32, 32, 3)) == largest((6,))


def test_a_history_asks_for_the_checkpoints_of_the_run(qtbot: QtBot) -> None:
    made = panel(qtbot, session())
    form = forms(made).history
    form.test.setCurrentIndex(form.test.findText("Held out"))
    assert form.request() == HistoryRequest(samples=40, test=True, test_samples=40)
    task = form.task(form.request(), "network-0", "dataset-0")
    assert (task.run_id, task.test_id) == ("run-1", "dataset-1")
    effort = form.effort()
    assert effort is not None
    assert effort.unit == "checkpoints"


def test_without_a_run_the_history_says_how_to_get_one(qtbot: QtBot) -> None:
    form = forms(panel(qtbot, session(run=False))).history
    assert not form.button.isEnabled()
    assert form.hint() == NO_RUN
    with pytest.raises(InvalidRequest, match="no run in this session"):
        form.request()


def test_size_is_measured_with_a_test_set_where_there_is_one(qtbot: QtBot) -> None:
    form = forms(panel(qtbot, session())).complexity
    assert form.request() == ComplexityRequest(samples=40, test=True)
    assert form.task(form.request(), "network-0", "dataset-0").test_id == "dataset-1"
    form.test.setCurrentIndex(0)
    form.say("")
    assert "no generalisation gap" in form.note.text()
    assert form.request() == ComplexityRequest(samples=40)


def test_a_run_that_comes_into_the_session_is_offered_and_entries_stay(qtbot: QtBot) -> None:
    made = panel(qtbot, session(run=False))
    forms(made).history.top.setValue(5)
    made.look_around(session(), ())
    assert forms(made).history.run_id == "run-1"
    assert forms(made).history.top.value() == 5


def test_what_is_entered_is_there_again(qtbot: QtBot) -> None:
    made = panel(qtbot, session())
    forms(made).robustness.epsilon.setText("0.25, 0.5")
    forms(made).robustness.attacks["fgsm"].setChecked(False)
    made.show_measured("robustness")
    again = panel(qtbot, session())
    again.enter(made.entries())
    assert again.form is forms(again).robustness
    assert forms(again).robustness.request() == forms(made).robustness.request()


def test_every_form_is_chosen_by_a_button_that_can_be_seen(qtbot: QtBot) -> None:
    made = panel(qtbot, session())
    made.resize(300, 600)
    titles = [made.tabs.tabText(place) for place in range(made.tabs.count())]
    buttons = [made.findChild(QToolButton, f"compute.choose.{title.lower()}") for title in titles]
    assert titles == ["Landscape", "Spectrum", "Robustness", "History", "Size", "Correction", "Cases"]
    assert [button.text() for button in buttons] == titles
    assert all(made.rect().contains(button.mapTo(made, button.rect().bottomRight())) for button in buttons)
    qtbot.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert made.form is forms(made).robustness
    made.tabs.setCurrentIndex(4)
    assert [button.isChecked() for button in buttons] == [place == 4 for place in range(len(titles))]
