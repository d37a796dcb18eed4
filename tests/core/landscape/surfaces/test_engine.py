"""The engine around the methods: the test set, ranges that nobody gave, sessions, and real small networks."""

import os
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from core.companions import Companions
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.landscape.plane import NetworkDirections
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.session.document import ResultItem
from core.session.files import open_document, save_document
from tests import documents
from tests.core.landscape.small import small_data, small_network

ADAPTIVE = SurfaceRequest(columns=17, rows=16, method="adaptive", tolerance=0.03)


def test_both_sets_are_evaluated_at_the_same_points() -> None:
    network = small_network("mlp")
    data, other = small_data(network), small_data(network, 50, seed=4)
    request = SurfaceRequest(columns=5, rows=4, test=True, test_samples=30)
    surface = compute_surface(request, network, data, JobContext(), companions=Companions(test=other))
    alone = compute_surface(replace(request, test=False, test_samples=None), network, other.first(30), JobContext())
    train = compute_surface(replace(request, test=False, test_samples=None), network, data, JobContext())
    assert surface.test_loss is not None
    assert surface.test_accuracy is not None
    assert np.allclose(surface.test_loss, alone.loss, rtol=1e-6)
    assert np.allclose(surface.test_accuracy, alone.accuracy)
    assert np.allclose(surface.loss, train.loss, rtol=1e-6)
    assert train.test_loss is None


def test_the_test_set_is_interpolated_at_the_same_cells() -> None:
    network = small_network("mlp")
    other = small_data(network, 50, seed=4)
    request = replace(ADAPTIVE, columns=25, rows=25, test=True)
    surface = compute_surface(request, network, small_data(network), JobContext(), companions=Companions(test=other))
    whole = compute_surface(
        replace(request, method="grid"), network, small_data(network), JobContext(), companions=Companions(test=other)
    )
    assert surface.test_loss is not None
    assert whole.test_loss is not None
    exact = surface.evaluated == EVALUATED
    assert exact.sum() < 500
    assert np.allclose(surface.test_loss[exact], whole.test_loss[exact], rtol=1e-6)
    assert np.abs(np.log(surface.test_loss + 0.1) - np.log(whole.test_loss + 0.1)).max() < 0.1


def test_a_test_set_that_is_not_there_is_asked_for() -> None:
    network = small_network("mlp")
    with pytest.raises(InvalidRequest, match="test set"):
        compute_surface(SurfaceRequest(columns=2, rows=2, test=True), network, small_data(network), JobContext())


def test_a_plane_through_other_networks_reaches_beyond_them() -> None:
    one, two, three = (small_network("mlp", seed) for seed in (0, 1, 2))
    asked = NetworkDirections(first=two.sha256, second=three.sha256)
    request = SurfaceRequest(columns=3, rows=3, x_range=None, y_range=None, directions=asked)
    companions = Companions(networks={network.sha256: network for network in (two, three)})
    surface = compute_surface(request, one, small_data(one), JobContext(), companions=companions)
    for anchor in surface.directions.anchors:
        assert surface.x[0] < min(0, anchor.x) <= max(0, anchor.x) < surface.x[-1]
        assert surface.y[0] < min(0, anchor.y) <= max(0, anchor.y) < surface.y[-1]


def test_every_point_on_a_grid_says_so_and_needs_no_certificate() -> None:
    network = small_network("mlp")
    surface = compute_surface(SurfaceRequest(columns=4, rows=3), network, small_data(network), JobContext())
    assert surface.certificate is None
    assert surface.course is not None
    assert surface.course.lever == "every point"
    assert surface.course.full_points == 12
    assert surface.course.forwards == 12 * 37
    assert surface.course.engine


def test_a_partial_surface_goes_on_after_it_was_saved_and_opened(tmp_path: Path) -> None:
    network = small_network("mlp")
    data = small_data(network)
    kept: list[Surface] = []

    def stop(done: int, *_: object) -> None:
        if done == 40:
            job.cancel()

    job = ControlledJob(on_progress=stop, on_partial=kept.append)  # type: ignore[arg-type]
    with pytest.raises(Cancelled):
        compute_surface(ADAPTIVE, network, data, job)
    session = documents.document()
    item = documents.result_item(kept[-1], "part", "Half of it")
    save_document(replace(session, items=MappingProxyType({**session.items, "part": item})), tmp_path / "s.corrie.h5")
    restored = open_document(tmp_path / "s.corrie.h5").items["part"]
    assert isinstance(restored, ResultItem)
    opened = restored.result
    assert isinstance(opened, Surface)
    assert opened.status == "partial"
    known = opened.evaluated == EVALUATED
    assert known.sum() >= 40
    surface = compute_surface(ADAPTIVE, network, data, JobContext(), resume=opened)
    assert surface.status == "complete"
    assert (surface.loss[known] == opened.loss[known]).all()
    assert surface.course is not None
    assert surface.course.full_points == surface.evaluated_count


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mlp", "noshort"])
def test_certificates_are_true_on_real_small_networks(kind: str) -> None:
    """Full truth of many planes through small networks, smooth and, far from the minimum, rough.

    A few of them always; all of them with the bench, since full truths take minutes.
    """
    true = []
    trials = {"mlp": 100, "noshort": 10} if os.environ.get("CORRIE_BENCH") else {"mlp": 12, "noshort": 2}
    for seed in range(trials[kind]):
        network = small_network(kind, seed)
        data = small_data(network, 16, seed=seed)
        reach = 1.0 + 3 * (seed % 3)
        request = replace(ADAPTIVE, x_range=(-reach, reach), y_range=(-reach, reach))
        surface = compute_surface(request, network, data, JobContext())
        whole = compute_surface(replace(request, method="grid"), network, data, JobContext())
        shown = whole.loss <= request.display_limit
        error = np.abs(np.log(surface.loss + 0.1) - np.log(whole.loss + 0.1))[shown]
        tolerance = surface.certificate.tolerance if surface.certificate is not None else 1e-5
        true.append(not shown.any() or bool((error <= tolerance).mean() >= 0.95))
    assert np.mean(true) >= 0.95


def test_a_regression_is_a_surface_without_accuracy() -> None:
    network = small_network("mlp")
    classes = small_data(network, 20)
    targets = np.random.default_rng(0).normal(size=(20, 3))
    data = replace(classes, y=targets, classes=())
    surface = compute_surface(ADAPTIVE, network, data, JobContext())
    assert np.isfinite(surface.loss).all()
    assert np.isnan(surface.accuracy).all()
