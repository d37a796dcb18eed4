"""The form of the landscape: every analysis, every kind of directions, and only the rows that apply."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.views.inspector.compute_panel import ComputePanel
from app.views.inspector.entries import enter, entries_of
from app.views.inspector.landscape.form import LandscapeForm
from app.views.inspector.landscape.kinds import KINDS_OF, WHATS
from app.views.inspector.landscape.surroundings import OpenedDirections
from core.errors import InvalidRequest
from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import (
    BezierDirections,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)
from core.landscape.surface import SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest
from core.session.document import Document, NetworkItem
from tests.documents import dataset_item, directions, landscape_document, network_item
from tests.runs import run_item

OPENED = OpenedDirections(name="plane.h5", directions=directions(7))


def session() -> Document:
    """One network with two partners, a run, results in its plane and a test set."""
    document = landscape_document()
    test = replace(dataset_item("dataset-1"), name="Held out", sha256="e" * 64)
    run = replace(run_item("run-1"), network_id="network-0", dataset_id="dataset-0")
    for item in (network_item("network-2", name="A", seed=1), network_item("network-3", name="B", seed=2), run, test):
        document = document.with_item(item)
    return document


def panel(qtbot: QtBot, document: Document, opened: tuple[OpenedDirections, ...] = (OPENED,)) -> ComputePanel:
    network = document.items["network-0"]
    assert isinstance(network, NetworkItem)
    made = ComputePanel(network, document, opened)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def form(qtbot: QtBot) -> LandscapeForm:
    made = panel(qtbot, session())
    made.tabs.setCurrentIndex(0)
    assert made.landscape is not None
    return made.landscape


def turn(form: LandscapeForm, what: str, kind: str = "") -> None:
    form.choose(what)  # type: ignore[arg-type]
    if kind:
        form.directions.kind.setCurrentIndex(form.directions.kind.findData(kind))
        assert form.directions.chosen == kind


def shown(form: LandscapeForm) -> set[str]:
    """Names of the fields that can be seen."""
    return {w.objectName() for w in form.findChildren(QWidget) if w.isVisible() and w.objectName() and w.isEnabled()}


def test_one_click_asks_for_the_papers_surface_computed_adaptively(form: LandscapeForm) -> None:
    request = form.request()
    assert request == SurfaceRequest(method="adaptive", samples=40)
    assert request.directions == RandomDirections(norm="filter", ignore="biasbn", seed=123)


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("surface", SurfaceRequest),
        ("curve", CurveRequest),
        ("trajectory", TrajectoryRequest),
        ("convexity", ConvexityRequest),
        ("initialisations", InitialisationRequest),
    ],
)
def test_every_analysis_can_be_asked_for_as_it_stands(form: LandscapeForm, what: str, asked: type) -> None:
    turn(form, what)
    assert isinstance(form.request(), asked)
    assert form.button.text() == f"Compute {WHATS[what][0].lower()}"  # type: ignore[index]
    assert form.effort() is not None


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("random", RandomDirections()),
        ("eigen", EigenDirections()),
        ("pca", PcaDirections()),
        ("bezier", BezierDirections(other=network_item(seed=1).sha256)),
        ("networks", NetworkDirections(first=network_item(seed=1).sha256, second=network_item(seed=2).sha256)),
        ("file", FileDirections(origin="plane.h5", sha256=OPENED.directions.fingerprint)),
    ],
)
def test_a_surface_goes_along_every_kind_of_directions(form: LandscapeForm, kind: str, asked: object) -> None:
    turn(form, "surface", kind)
    assert form.request().directions == asked  # type: ignore[union-attr]


def test_the_plane_of_a_result_is_named_by_its_fingerprint_and_shown_as_far(form: LandscapeForm) -> None:
    turn(form, "convexity", "result")
    form.directions.choose_plane("surface-0")
    request = form.request()
    assert isinstance(request, ConvexityRequest)
    assert request.directions == FileDirections(
        origin="“Around the minimum”",
        sha256=directions().fingerprint,
        x_axis="multiples of direction δ (filter-normalised)",
        y_axis="multiples of direction η (filter-normalised)",
    )
    assert request.x_range == (-1.0, 1.0)


def test_a_curve_goes_straight_to_one_other_network(form: LandscapeForm) -> None:
    turn(form, "curve", "networks")
    request = form.request()
    assert isinstance(request, CurveRequest)
    assert request.directions == NetworkDirections(first=network_item(seed=1).sha256)
    assert request.x_range is None  # past both networks
    assert "landscape.third" not in shown(form)


def test_planes_that_know_how_far_is_far_enough_are_shown_that_far_unless_one_says_otherwise(
    form: LandscapeForm,
) -> None:
    turn(form, "surface", "networks")
    assert "surface.low" not in shown(form)
    assert form.request().x_range is None  # type: ignore[union-attr]
    form.extent.how_far.setCurrentIndex(1)
    assert "surface.low" in shown(form)
    assert form.request().x_range == (-1.0, 1.0)  # type: ignore[union-attr]


def test_rows_that_do_not_apply_are_not_there(form: LandscapeForm) -> None:
    turn(form, "surface", "random")
    assert {"surface.grid", "surface.low", "surface.norm", "surface.tolerance", "surface.samples"} <= shown(form)
    assert not shown(form) & {"curve.points", "curve.draws", "landscape.run", "landscape.first", "convexity.grid"}
    turn(form, "curve", "random")
    assert {"curve.points", "curve.draws"} <= shown(form)
    assert not shown(form) & {"surface.grid", "surface.method", "surface.tolerance"}
    turn(form, "trajectory")
    assert "landscape.run" in shown(form)
    assert not shown(form) & {"surface.low", "surface.grid", "curve.points"}
    turn(form, "initialisations")
    assert "initialisations.count" in shown(form)
    assert not shown(form) & {"landscape.directions", "surface.norm", "landscape.test"}


def test_what_few_people_need_is_shown_on_request(form: LandscapeForm) -> None:
    assert not shown(form) & {"surface.seed", "surface.ignore", "surface.limit"}
    form.more.setChecked(True)
    assert {"surface.seed", "surface.ignore", "surface.limit", "surface.square"} <= shown(form)
    assert "surface.rows" not in shown(form)
    form.extent.square.setChecked(False)
    assert {"surface.rows", "surface.y_low"} <= shown(form)


def test_both_axes_may_have_a_range_and_points_of_their_own(form: LandscapeForm) -> None:
    form.extent.square.setChecked(False)
    form.extent.columns.setValue(21)
    form.extent.rows.setValue(11)
    form.extent.y_low.setValue(-0.5)
    request = form.request()
    assert isinstance(request, SurfaceRequest)
    assert (request.columns, request.rows) == (21, 11)
    assert (request.x_range, request.y_range) == ((-1.0, 1.0), (-0.5, 1.0))


def test_a_test_set_goes_with_the_task(form: LandscapeForm) -> None:
    form.samples.test.setCurrentIndex(form.samples.test.findData("dataset-1"))
    request = form.request()
    assert isinstance(request, SurfaceRequest)
    assert (request.test, request.test_samples) == (True, None)  # all of them
    form.samples.test_samples.setValue(10)
    assert form.request().test_samples == 10  # type: ignore[union-attr]
    assert form.task(form.request(), "network-0", "dataset-0").test_id == "dataset-1"
    turn(form, "convexity")
    assert form.task(form.request(), "network-0", "dataset-0").test_id == ""


def test_a_trajectory_names_its_run_and_is_seen_along_its_own_axes(form: LandscapeForm) -> None:
    turn(form, "trajectory")
    task = form.task(form.request(), "network-0", "dataset-0")
    assert task.run_id == "run-1"
    assert form.request() == TrajectoryRequest(samples=40)


def test_directions_of_a_file_go_with_the_task(form: LandscapeForm) -> None:
    turn(form, "surface", "file")
    assert form.task(form.request(), "network-0", "dataset-0").directions is OPENED.directions


def test_a_low_loss_curve_measures_the_statistics_anew_unless_somebody_chose_otherwise(form: LandscapeForm) -> None:
    form.samples._normalises = True
    turn(form, "curve", "random")
    assert form.samples.chosen_batch_norm == "frozen"
    turn(form, "curve", "bezier")
    assert form.samples.chosen_batch_norm == "recalibrated"
    turn(form, "curve", "random")
    assert form.samples.chosen_batch_norm == "frozen"
    turn(form, "curve", "bezier")
    form.samples.batch_norm.activated.emit(1)  # by hand
    turn(form, "curve", "random")
    assert form.samples.chosen_batch_norm == "recalibrated"


def test_without_checkpoints_the_form_of_a_trajectory_says_how_to_get_some(qtbot: QtBot) -> None:
    form = panel(qtbot, landscape_document()).landscape
    assert form is not None
    turn(form, "trajectory")
    assert "Checkpoints" in form.hint()
    with pytest.raises(InvalidRequest, match="three checkpoints"):
        form.request()
    turn(form, "surface")
    assert form.hint() == ""


def test_without_a_file_the_form_says_what_to_do(qtbot: QtBot) -> None:
    form = panel(qtbot, session(), opened=()).landscape
    assert form is not None
    turn(form, "surface", "file")
    assert form.effort() is None
    with pytest.raises(InvalidRequest, match="Open the file"):
        form.request()
    form.button.click()
    assert "Open the file" in form.complaint.text()
    form.directions.kind.setCurrentIndex(0)
    assert form.complaint.isHidden()


def test_an_empty_range_is_complained_about(form: LandscapeForm) -> None:
    form.extent.low.setValue(2.0)
    form.button.click()
    assert "2 to 1 is empty" in form.complaint.text()


def test_equal_ranks_are_complained_about(form: LandscapeForm) -> None:
    turn(form, "surface", "eigen")
    form.directions.second.setValue(1)
    form.button.click()
    assert "span no plane" in form.complaint.text()


def test_directions_that_lack_something_cannot_be_chosen_and_say_what(qtbot: QtBot) -> None:
    lonely = Document().with_item(network_item()).with_item(dataset_item())
    form = panel(qtbot, lonely, opened=()).landscape
    assert form is not None
    kinds = form.directions.kind
    disabled = {kinds.itemData(i) for i in range(kinds.count()) if not kinds.model().item(i).isEnabled()}  # type: ignore[attr-defined]
    assert disabled == {"pca", "networks", "bezier", "result"}
    form.choose("trajectory")
    with pytest.raises(InvalidRequest, match="no run in this session"):
        form.request()


def test_what_arrives_later_is_offered_while_the_fields_keep_what_is_entered(qtbot: QtBot) -> None:
    lonely = Document().with_item(network_item()).with_item(dataset_item())
    made = panel(qtbot, lonely, opened=())
    form = made.landscape
    assert form is not None
    form.extent.columns.setValue(17)
    made.look_around(lonely.with_item(network_item("network-2", seed=1)), ())
    assert form.extent.columns.value() == 17
    turn(form, "curve", "networks")
    assert form.request().directions == NetworkDirections(first=network_item(seed=1).sha256)  # type: ignore[union-attr]


def test_entries_come_back_in_another_form_of_the_same_network(qtbot: QtBot, form: LandscapeForm) -> None:
    turn(form, "curve", "bezier")
    form.directions.steps.setValue(33)
    form.more.setChecked(True)
    entries = entries_of([form])
    again = panel(qtbot, session()).landscape
    assert again is not None
    enter([again], entries)
    again.entered()
    assert again.request() == form.request()
    assert again.more.isChecked()


def test_entries_that_can_no_longer_be_followed_are_left(qtbot: QtBot, form: LandscapeForm) -> None:
    turn(form, "surface", "networks")
    lonely = Document().with_item(network_item()).with_item(dataset_item())
    again = panel(qtbot, lonely, opened=()).landscape
    assert again is not None
    enter([again], entries_of([form]))
    again.entered()
    assert again.request().directions == RandomDirections()  # type: ignore[union-attr]


def test_every_field_explains_itself_and_has_a_name_for_screen_readers(form: LandscapeForm) -> None:
    for what in KINDS_OF:
        turn(form, what)
        for name in shown(form):
            field = form.findChild(QWidget, name)
            if isinstance(field, QComboBox) and name != "landscape.what":
                assert field.toolTip(), name
                assert field.accessibleName(), name


def every_state(form: LandscapeForm) -> Iterator[str]:
    """Turn the form to every analysis along every kind of directions."""
    form.more.setChecked(True)
    form.extent.square.setChecked(False)
    for what, kinds in KINDS_OF.items():
        for kind in kinds or ("",):
            turn(form, what, kind)
            yield f"{what} {kind}"


def test_no_two_rows_that_are_there_together_share_a_mnemonic(form: LandscapeForm) -> None:
    for state in every_state(form):
        texts = [label.text() for label in form.findChildren(QLabel) if label.isVisible() and "&" in label.text()]
        keys = ["a", *(text[text.index("&") + 1].lower() for text in texts)]  # a: the data above the form
        assert len(set(keys)) == len(keys), (state, texts)


def test_the_tabulator_goes_through_the_fields_from_top_to_bottom(form: LandscapeForm) -> None:
    for state in every_state(form):
        places, field = [], form.what
        for _ in range(400):
            if field.isVisible() and form.isAncestorOf(field) and field.focusPolicy() & Qt.FocusPolicy.TabFocus:
                places.append((field.mapTo(form, field.rect().center()).y(), field.objectName()))
            field = field.nextInFocusChain()
            if field is form.what:
                break
        heights = [height for height, _ in places]
        assert all(later >= height - 6 for height, later in pairwise(heights)), (state, places)
