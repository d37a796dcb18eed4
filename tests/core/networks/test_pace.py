"""A pace is measured without a trace on the network, and can be stopped."""

import pytest
import torch

from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.networks.network import fingerprint
from core.networks.pace import measure_pace
from tests.core.landscape.small import small_data, small_network


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_a_pace_is_a_positive_time_and_leaves_the_network_as_it_was(kind: str) -> None:
    network = small_network(kind)
    for part in network.module.modules():
        part.training = True
    modes = [part.training for part in network.module.modules()]
    pace = measure_pace(network, small_data(network), JobContext())
    assert 0 < pace.seconds(1, 1) < 1
    assert pace.seconds(64, 64) <= 64 * pace.seconds(1, 1) * (1 + 1e-9)
    assert fingerprint(network.module.state_dict()) == network.sha256
    assert [part.training for part in network.module.modules()] == modes


def test_a_slower_network_has_a_slower_pace() -> None:
    class Slow(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            weights = torch.full((x.shape[0], 300, 300), 0.5)
            for _ in range(4):
                weights = weights @ weights / 300
            return x.flatten(1)[:, :3] + weights[:, 0, :3] * 0

    quick, slow = small_network("mlp"), small_network("mlp")
    data = small_data(quick)
    object.__setattr__(slow, "module", Slow())
    slower, quicker = (measure_pace(network, data, JobContext()).seconds(64, 64) for network in (slow, quick))
    assert slower > 3 * quicker


def test_measuring_stops_when_it_is_told_to() -> None:
    network = small_network("mlp")
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        measure_pace(network, small_data(network), job)
