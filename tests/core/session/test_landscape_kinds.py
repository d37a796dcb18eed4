"""Surfaces with their certificates, curves, trajectories, convexity maps and initialisations in a session file."""

import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InvalidRequest, SessionError
from core.landscape.curve import CurveRequest
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)
from core.landscape.surface import Method, SurfaceRequest
from core.landscape.trajectory import TrajectoryRequest
from core.session.companions import companion_items
from core.session.document import Document, Result, ResultItem
from core.session.files import open_document, save_document
from core.session.json_text import record_from_table
from tests import documents, runs
from tests.sameness import differences

SHA = "0123456789abcdef" * 4
KINDS: tuple[Result, ...] = (
    documents.certified_surface(),
    documents.curve(),
    documents.curve(test=False),
    documents.curve(10),
    documents.curve(3, status="partial"),
    documents.trajectory(),
    documents.convexity(),
    documents.initialisations(),
)
ASKED: tuple[AnyDirections, ...] = (
    RandomDirections(norm="layer", ignore="none", seed=7),
    EigenDirections(first=3, second=1, norm="filter", seed=4),
    PcaDirections(moving="states"),
    NetworkDirections(first=SHA, second="e" * 64, moving="weights"),
    BezierDirections(other=SHA, steps=17, seed=3),
    FileDirections(origin="résumé.h5", sha256=SHA),
)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def saved(document: Document, folder: Path) -> Path:
    path = folder / "session.corrie.h5"
    save_document(document, path)
    return path


@pytest.mark.parametrize("result", KINDS, ids=lambda result: type(result).__name__)
def test_every_kind_of_landscape_result_comes_back_the_same(result: Result, tmp_path: Path) -> None:
    document = Document().with_item(documents.result_item(result, "result-0", "A result"))
    assert differences(open_document(saved(document, tmp_path)), document) == []


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.kind)
@pytest.mark.parametrize("automatic", [0, 1])
def test_requests_for_every_kind_of_direction_come_back_as_they_were(
    asked: AnyDirections, automatic: int, tmp_path: Path
) -> None:
    extent = None if automatic else (-0.3, 1.2)
    surface = replace(
        documents.surface(3, 3), request=SurfaceRequest(columns=3, rows=3, directions=asked, x_range=extent)
    )
    curve = replace(documents.curve(points=21), request=CurveRequest(points=21, directions=asked, x_range=extent))
    document = Document()
    for result, item_id in ((surface, "surface-0"), (curve, "curve-0")):
        document = document.with_item(documents.result_item(result, item_id, "A result"))
    assert differences(open_document(saved(document, tmp_path)), document) == []


def test_a_request_from_before_there_were_kinds_of_directions_is_for_random_ones() -> None:
    old = {"columns": 5, "rows": 5, "directions": {"norm": "layer", "ignore": "none", "seed": 9}}
    request = record_from_table(SurfaceRequest, old)
    assert request.directions == RandomDirections(norm="layer", ignore="none", seed=9)
    assert request.method == "grid"


@quick
@given(st.sampled_from(ASKED), st.integers(2, 500), st.floats(1e-6, 0.9), st.sampled_from(["adaptive", "grid"]))
def test_any_surface_request_with_any_direction_comes_back(
    tmp_path: Path, asked: AnyDirections, columns: int, tolerance: float, method: Method
) -> None:
    request = SurfaceRequest(columns=columns, directions=asked, method=method, tolerance=tolerance)
    document = Document().with_item(
        documents.result_item(replace(documents.surface(3, 3), request=request), "surface-0", "A result")
    )
    (back,) = open_document(saved(document, tmp_path)).results
    assert back.result.request == request


def test_results_in_one_plane_share_their_directions_whoever_made_them(tmp_path: Path) -> None:
    document = documents.landscape_document()
    path = saved(document, tmp_path)
    with h5py.File(path) as file:
        in_the_plane = ("surfaces/surface-1", "trajectories/trajectory-0", "convexity/convexity-0")
        assert len({file[name].attrs["directions"] for name in in_the_plane}) == 1
    back = open_document(path)
    assert differences(back, document) == []
    assert back.items["surface-1"].result.directions is back.items["convexity-0"].result.directions


def test_a_certificate_is_json_that_others_can_read_with_its_points_beside_it(tmp_path: Path) -> None:
    surface = documents.certified_surface()
    document = Document().with_item(documents.result_item(surface, "surface-0", "Certified"))
    with h5py.File(saved(document, tmp_path)) as file:
        group = file["surfaces/surface-0"]
        certificate = json.loads(group.attrs["certificate"])
        expected = {"points": 60, "confidence": 0.95, "coverage": 0.95, "tolerance": 0.02, "error": "log(loss+0.1)"}
        assert expected.items() <= certificate.items()
        assert {"display_limit", "max_seen"} <= set(certificate)
        for name in ("heldout_x", "heldout_y", "heldout_loss", "heldout_estimate"):
            assert group[name].shape == (60,)
        assert set(np.unique(group["evaluated"][()])) == {0, 1, 2}
        assert group["test_loss"].shape == group["loss"].shape


@pytest.mark.parametrize(
    ("path", "signal", "axes"),
    [
        ("curves/curve-0", "train_loss", ["x"]),
        ("trajectories/trajectory-0", "y", ["x"]),
        ("convexity/convexity-0", "min_eigenvalue", ["y", "x"]),
        ("initialisations/initialisations-0", "loss", ["seed"]),
    ],
)
def test_every_kind_is_a_nexus_plot(path: str, signal: str, axes: list[str], tmp_path: Path) -> None:
    with h5py.File(saved(documents.landscape_document(), tmp_path)) as file:
        group = file[path]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", signal)
        assert list(group.attrs["axes"]) == axes
        assert group[signal].shape == tuple(group[axis].size for axis in axes)


def test_the_curves_of_further_draws_stand_beside_the_first(tmp_path: Path) -> None:
    curve = documents.curve(10)
    document = Document().with_item(documents.result_item(curve, "curve-0", "Ten"))
    with h5py.File(saved(document, tmp_path)) as file:
        group = file["curves/curve-0"]
        np.testing.assert_array_equal(group["train_loss"][()], curve.loss[0])
        np.testing.assert_array_equal(group["train_loss_draws"][()], curve.loss[1:])


@pytest.mark.parametrize("name", ["x", "train_loss", "train_accuracy"])
def test_a_curve_that_lacks_a_part_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    path = saved(Document().with_item(documents.result_item(documents.curve(), "curve-0", "One")), tmp_path)
    with h5py.File(path, "r+") as file:
        del file["curves/curve-0"][name]
    with pytest.raises(SessionError):
        open_document(path)


def test_the_test_set_and_the_run_of_a_result_come_back(tmp_path: Path) -> None:
    item = replace(
        documents.result_item(documents.trajectory(), "trajectory-0", "The way"), test_id="dataset-1", run_id="run-0"
    )
    back = open_document(saved(Document().with_item(item), tmp_path)).items["trajectory-0"]
    assert isinstance(back, ResultItem)
    assert (back.test_id, back.run_id) == ("dataset-1", "run-0")


def test_a_result_stays_when_its_test_set_or_its_run_is_removed() -> None:
    item = replace(documents.result_item(documents.curve(), "curve-0", "A curve"), test_id="dataset-1", run_id="run-0")
    document = Document().with_item(documents.dataset_item("dataset-1")).with_item(item)
    left = document.without("dataset-1").items["curve-0"]
    assert isinstance(left, ResultItem)
    assert (left.test_id, left.run_id) == ("", "run-0")
    left = document.without("run-0").items["curve-0"]
    assert isinstance(left, ResultItem)
    assert (left.test_id, left.run_id) == ("dataset-1", "")


def test_companions_are_found_in_the_document() -> None:
    other = documents.network_item("network-2", name="Other", seed=5)
    run = runs.run_item()
    document = documents.document().with_item(other).with_item(documents.dataset_item("dataset-1")).with_item(run)
    line = CurveRequest(directions=NetworkDirections(first=other.sha256), test=True)
    found = companion_items(line, document, test_id="dataset-1")
    assert [item.id for item in found.networks] == ["network-2"]
    assert found.test is not None
    assert found.test.id == "dataset-1"
    assert companion_items(TrajectoryRequest(), document, run_id=run.id).run is run


@pytest.mark.parametrize(
    "request_",
    [
        CurveRequest(directions=NetworkDirections(first=SHA)),
        CurveRequest(test=True),
        TrajectoryRequest(),
        SurfaceRequest(directions=PcaDirections()),
    ],
    ids=["network", "test", "trajectory", "axes"],
)
def test_companions_that_are_not_in_the_document_are_missed_with_a_sentence(request_: CurveRequest) -> None:
    with pytest.raises(InvalidRequest, match=r"session|surface"):
        companion_items(request_, documents.document())
