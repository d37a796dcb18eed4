"""Every number of a surface is the loss at the very point it is drawn at."""

import numpy as np
import pytest
import torch

from core.errors import DataError, InvalidRequest
from core.job import JobContext
from core.landscape.evaluation.plane import plane_evaluator
from core.landscape.plane import RandomDirections
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.mean_loss import mean_loss
from tests.core.landscape.small import KINDS, plain_loss, small_data, small_network

REQUEST = SurfaceRequest(columns=7, rows=4, x_range=(-0.5, 1.0), y_range=(-0.25, 0.75))


def surface_of(kind: str, request: SurfaceRequest = REQUEST, count: int = 37) -> Surface:
    network = small_network(kind)
    return compute_surface(request, network, small_data(network, count), JobContext())


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_that_of_a_plain_evaluation_in_float64(kind: str) -> None:
    """Also: rows are y and columns are x, on a grid that is neither square nor symmetric."""
    network = small_network(kind)
    data = small_data(network)
    surface = compute_surface(REQUEST, network, data, JobContext())
    assert surface.loss.shape == surface.accuracy.shape == (4, 7)
    assert np.allclose(surface.x, [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1.0])
    assert np.allclose(surface.y, [-0.25, 1 / 12, 5 / 12, 0.75])
    truth = np.array([[plain_loss(network, data, surface.directions, a, b) for a in surface.x] for b in surface.y])
    assert np.allclose(surface.loss, truth[:, :, 0], rtol=1e-5)
    assert np.abs(surface.accuracy - truth[:, :, 1]).max() <= 1 / 37 + 1e-12  # one tie of rounding at most
    assert (surface.evaluated == EVALUATED).all()
    assert surface.status == "complete"


@pytest.mark.parametrize("norm", ["filter", "layer", "weight", "dfilter", "dlayer", "none"])
@pytest.mark.parametrize("ignore", ["biasbn", "none"])
def test_values_agree_with_a_plain_evaluation_for_every_kind_of_direction(norm: str, ignore: str) -> None:
    network = small_network("resnet")
    data = small_data(network, 20)
    directions = RandomDirections(norm=norm, ignore=ignore, seed=5)  # type: ignore[arg-type]
    request = SurfaceRequest(columns=2, rows=2, x_range=(-0.1, 0.2), y_range=(0.1, 0.3), directions=directions)
    surface = compute_surface(request, network, data, JobContext())
    for row, b in enumerate(surface.y):
        for column, a in enumerate(surface.x):
            truth, _ = plain_loss(network, data, surface.directions, float(a), float(b))
            assert surface.loss[row, column] == pytest.approx(truth, rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_centre_is_the_loss_of_the_network_itself(kind: str) -> None:
    network = small_network(kind)
    data = small_data(network)
    inputs, labels = network.prepare(data)
    with torch.no_grad():
        direct = torch.nn.functional.cross_entropy(network.module(inputs).double(), labels)
    surface = compute_surface(SurfaceRequest(columns=5, rows=3), network, data, JobContext())
    assert surface.centre_loss == pytest.approx(float(direct), rel=1e-6)
    assert surface.loss[1, 2] == surface.centre_loss


def test_only_the_first_samples_count() -> None:
    network = small_network("mlp")
    data = small_data(network)
    few = compute_surface(SurfaceRequest(columns=3, rows=3, samples=10), network, data, JobContext())
    alone = compute_surface(SurfaceRequest(columns=3, rows=3), network, data.first(10), JobContext())
    assert (few.loss == alone.loss).all()
    assert few.provenance.samples == 10
    assert few.provenance.data_sha256 == data.first(10).sha256


@pytest.mark.parametrize("positions", [1, 200, 64 * 32 * 32])
def test_the_size_of_the_batches_does_not_matter(positions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = surface_of("resnet")
    monkeypatch.setattr("core.networks.mean_loss.BATCH_POSITIONS", positions)
    assert np.allclose(surface_of("resnet").loss, whole.loss, rtol=1e-6)


def test_the_order_of_evaluation_does_not_matter() -> None:
    """Points are set from the centre, never by adding steps to the last one: nothing drifts."""
    network = small_network("resnet")
    inputs, labels = network.prepare(small_data(network))
    directions = surface_of("resnet").directions
    with plane_evaluator(network.module, directions, inputs, labels, JobContext()) as evaluator:
        first = evaluator.at(0.3, -0.2, JobContext()).loss
        for step in range(60):
            evaluator.at(1e4 * (-1) ** step, 0.1 * step, JobContext())
        assert evaluator.at(0.3, -0.2, JobContext()).loss == first


def test_accuracy_is_the_share_of_samples_classified_right() -> None:
    module = torch.nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.eye(2))
    inputs = torch.tensor([[2.0, 1.0], [1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    loss, accuracy = mean_loss(module, inputs, torch.tensor([0, 1, 1, 1]), JobContext())
    assert accuracy == 0.75
    margins = np.array([1.0, 1.0, -3.0, 1.0])  # right minus wrong logit
    assert loss == pytest.approx(float(np.log1p(np.exp(-margins)).mean()), rel=1e-6)


def test_provenance_says_what_was_computed_with_what() -> None:
    network = small_network("mlp")
    data = small_data(network)
    surface = compute_surface(SurfaceRequest(columns=2, rows=2), network, data, JobContext())
    provenance = surface.provenance
    assert provenance.network_sha256 == network.sha256
    assert provenance.data_sha256 == data.sha256
    assert provenance.samples == 37
    assert provenance.seconds > 0
    assert provenance.versions["torch"] == torch.__version__


def test_a_finished_surface_cannot_be_changed_by_its_reader() -> None:
    surface = surface_of("mlp")
    for array in (surface.x, surface.y, surface.loss, surface.accuracy, surface.evaluated):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_more_samples_than_there_are_are_refused() -> None:
    with pytest.raises(DataError, match="only 37 samples, not 38"):
        surface_of("mlp", SurfaceRequest(samples=38))


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"columns": 1}, "at least 2 × 2"),
        ({"rows": 0}, "at least 2 × 2"),
        ({"x_range": (1.0, 1.0)}, "x range 1 to 1 is empty"),
        ({"y_range": (0.0, -1.0)}, "y range 0 to -1 is empty"),
        ({"x_range": (0.0, float("inf"))}, "x range"),
        ({"y_range": (float("nan"), 1.0)}, "y range"),
        ({"samples": 0}, "at least one"),
        ({"display_limit": 0.0}, "above zero"),
        ({"display_limit": float("nan")}, "above zero"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused_at_once(request_: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        SurfaceRequest(**request_)  # type: ignore[arg-type]
