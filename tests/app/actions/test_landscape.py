"""What follows from a selection with one click."""

from dataclasses import replace

from app.actions.landscape import convexity_over, initialisations_of, subject_of_selection, ten_draws, trajectory_of
from core.landscape.plane import FileDirections, PcaDirections
from core.session.companions import companion_items
from core.session.document import Document
from tests.documents import landscape_document
from tests.runs import run_item


def session() -> Document:
    document = landscape_document()
    run = replace(run_item("run-1"), network_id="network-0", dataset_id="dataset-0")
    return document.with_item(run)


def test_ten_draws_go_as_far_and_are_scaled_as_the_selected_surface() -> None:
    document = session()
    about = subject_of_selection(document, "surface-0")
    assert about is not None
    request = ten_draws(about).request
    surface = document.items["surface-0"].result  # type: ignore[union-attr]
    assert (request.draws, request.directions) == (10, surface.request.directions)
    assert request.x_range == (-1.0, 1.0)
    assert request.samples == 40  # as the surface, so that the losses can be compared


def test_convexity_lies_in_the_very_plane_of_the_surface() -> None:
    document = session()
    about = subject_of_selection(document, "surface-0")
    assert about is not None
    task = convexity_over(about)
    assert task is not None
    assert isinstance(task.request.directions, FileDirections)
    surface = document.items["surface-0"].result  # type: ignore[union-attr]
    assert task.request.directions.sha256 == surface.directions.fingerprint
    found = companion_items(task.request, document)
    assert found.directions is not None
    assert found.directions.fingerprint == surface.directions.fingerprint


def test_a_network_has_no_plane_to_map_but_the_way_of_its_run() -> None:
    document = session()
    about = subject_of_selection(document, "network-0", "dataset-0")
    assert about is not None
    assert convexity_over(about) is None
    task = trajectory_of(about)
    assert task is not None
    assert isinstance(task.request.directions, PcaDirections)
    assert task.run_id == "run-1"


def test_the_way_is_projected_into_the_plane_of_a_selected_surface() -> None:
    document = session()
    about = subject_of_selection(document, "surface-1")
    assert about is not None
    task = trajectory_of(about)
    assert task is not None
    assert companion_items(task.request, document, run_id=task.run_id).run is document.items["run-1"]
    assert isinstance(task.request.directions, FileDirections)


def test_without_a_run_there_is_no_way() -> None:
    about = subject_of_selection(landscape_document(), "surface-0")
    assert about is not None
    assert trajectory_of(about) is None


def test_initialisations_are_on_the_samples_of_the_surface() -> None:
    about = subject_of_selection(session(), "surface-0")
    assert about is not None
    assert initialisations_of(about).request.samples == 40


def test_data_alone_are_about_no_network() -> None:
    assert subject_of_selection(session(), "dataset-0") is None
