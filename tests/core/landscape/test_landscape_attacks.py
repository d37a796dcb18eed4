"""Attempts to have a surface show something other than the loss of the network."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.landscape.plane import RandomDirections
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from tests.core.landscape.small import CLASSES, KINDS, small_data, small_network


class Scales(nn.Module):
    """A network that is one vector: nothing has rows or filters."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([1.0, -0.5, 2.0]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale


def network_of(module: nn.Module, columns: int) -> Network:
    card = NetworkCard(name="attack", input=InputCard(shape=(columns,)), architecture="attack")
    return Network(card=card, module=module.eval(), sha256="0")


def three_columns() -> Dataset:
    generator = np.random.default_rng(0)
    return Dataset(name="noise", x=generator.normal(size=(30, 3)), y=generator.integers(0, 3, 30), classes=CLASSES)


def test_a_surface_on_which_nothing_moves_is_refused_not_drawn_flat() -> None:
    network = network_of(Scales(), 3)
    with pytest.raises(InvalidRequest, match="No weight moves"):
        compute_surface(SurfaceRequest(columns=3, rows=3), network, three_columns(), JobContext())
    moving = SurfaceRequest(columns=3, rows=3, directions=RandomDirections(ignore="none"))
    assert np.ptp(compute_surface(moving, network, three_columns(), JobContext()).loss) > 0.01


def test_a_network_of_zeros_is_refused_with_the_norm_that_would_move_it() -> None:
    module = nn.Linear(3, 3)
    nn.init.zeros_(module.weight)
    with pytest.raises(InvalidRequest, match="norm none"):
        compute_surface(SurfaceRequest(columns=3, rows=3), network_of(module, 3), three_columns(), JobContext())
    drawn = SurfaceRequest(columns=3, rows=3, directions=RandomDirections(norm="none"))
    assert np.ptp(compute_surface(drawn, network_of(module, 3), three_columns(), JobContext()).loss) > 0.01


def stopped(request: SurfaceRequest, network: Network, data: Dataset, points: int) -> Surface:
    """What is left of a job that was stopped after so many points."""
    kept: list[Surface] = []

    def stop(done: int, *_: object) -> None:
        if done >= points:
            job.cancel()

    job = ControlledJob(on_progress=stop, on_partial=kept.append)  # type: ignore[arg-type]
    with pytest.raises(Cancelled):
        compute_surface(request, network, data, job)
    return kept[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit(kind: str) -> None:
    network = small_network(kind)
    data = small_data(network, 12)
    request = SurfaceRequest(columns=6, rows=5)
    whole = compute_surface(request, network, data, JobContext())
    weights = {name: value.clone() for name, value in network.module.state_dict().items()}
    for stop_after in (1, 8, 9, 10, 29):
        part = stopped(request, network, data, stop_after)
        done = part.evaluated == EVALUATED
        assert done.sum() == stop_after
        assert (part.loss[done] == whole.loss[done]).all()  # what is marked as evaluated is
        assert all(torch.equal(weights[name], value) for name, value in network.module.state_dict().items())
        resumed = compute_surface(request, network, data, JobContext(), resume=part)
        assert (resumed.loss == whole.loss).all()
        assert (resumed.accuracy == whole.accuracy).all()
        assert resumed.centre_loss == whole.centre_loss
        assert done.sum() == stop_after, "a snapshot changed after it was handed out"


@pytest.mark.parametrize("factor", [1e-30, 1e6, 1e30])
def test_weights_of_any_size_give_the_truth(factor: float) -> None:
    module = nn.Linear(3, 3)
    with torch.no_grad():
        module.weight.mul_(factor)
    surface = compute_surface(SurfaceRequest(columns=3, rows=3), network_of(module, 3), three_columns(), JobContext())
    inputs = torch.from_numpy(three_columns().x.astype(np.float32)).double()
    labels = torch.from_numpy(three_columns().y)
    for row, b in enumerate(surface.y):
        for column, a in enumerate(surface.x):
            weight = module.weight.detach().double() + a * torch.from_numpy(surface.directions.x["weight"]).double()
            weight += b * torch.from_numpy(surface.directions.y["weight"]).double()
            truth = nn.functional.cross_entropy(inputs @ weight.T + module.bias.detach().double(), labels)
            assert surface.loss[row, column] == pytest.approx(float(truth), rel=1e-4)
