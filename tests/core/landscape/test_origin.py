"""A result says what it was computed from, and a partial one goes on only with that."""

from dataclasses import replace

import pytest
import torch

from core.companions import Companions
from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from tests.core.landscape.small import small_data, small_network


def test_a_surface_is_not_resumed_with_another_test_set() -> None:
    network = small_network()
    data, test, other = small_data(network, 12), small_data(network, 8, seed=5), small_data(network, 8, seed=6)
    request = SurfaceRequest(columns=2, rows=2, test=True)
    whole = compute_surface(request, network, data, JobContext(), companions=Companions(test=test))
    assert whole.provenance.test_sha256 == test.sha256
    part = replace(whole, status="partial")
    with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
        compute_surface(request, network, data, JobContext(), part, Companions(test=other))


def test_a_partial_result_that_does_not_say_its_test_set_may_be_resumed() -> None:
    network = small_network()
    data, test = small_data(network, 12), small_data(network, 8, seed=5)
    request = SurfaceRequest(columns=2, rows=2, test=True)
    whole = compute_surface(request, network, data, JobContext(), companions=Companions(test=test))
    silent = replace(whole, status="partial", provenance=replace(whole.provenance, test_sha256=""))
    assert compute_surface(request, network, data, JobContext(), silent, Companions(test=test)).status == "complete"


def test_the_loss_at_the_centre_is_the_networks_own_whatever_the_statistics_on_the_way() -> None:
    network = small_network()
    data = small_data(network, 16)
    inputs, labels = network.prepare(data)
    with torch.inference_mode():
        own = float(torch.nn.functional.cross_entropy(network.module(inputs), labels))
    request = SurfaceRequest(columns=3, rows=3, batch_norm="recalibrated")
    surface = compute_surface(request, network, data, JobContext())
    assert surface.centre_loss == pytest.approx(own, rel=1e-5)
    assert surface.loss[1, 1] != pytest.approx(own, rel=1e-3)  # the same weights with other statistics
