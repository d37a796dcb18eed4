"""A loss that is not finite is kept as it is, counted, and never smoothed over."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.plane import RandomDirections
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.card import InputCard, NetworkCard
from core.networks.mean_loss import mean_loss
from core.networks.network import Network

STRETCH = RandomDirections(norm="none", seed=3)


class Overflowing(nn.Module):
    """Finite at its weights, beyond float32 a little away from them."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.exp((x @ self.weight) * 20)


def overflowing() -> tuple[Network, Dataset]:
    card = NetworkCard(name="overflowing", input=InputCard(shape=(2,)), file="p.pt2")
    x = np.random.default_rng(0).normal(size=(12, 2))
    y = (x[:, 1] > x[:, 0]).astype(np.int64)
    return Network(card=card, module=Overflowing(), sha256="0"), Dataset(name="d", x=x, y=y)


def surface() -> Surface:
    request = SurfaceRequest(columns=9, rows=9, x_range=(-4.0, 4.0), y_range=(-4.0, 4.0), directions=STRETCH)
    return compute_surface(request, *overflowing(), JobContext())


def plain(surface: Surface, row: int, column: int) -> float:
    """The same loss in float32 without any of the engine's code."""
    network, data = overflowing()
    weight = network.module.weight.detach() + float(surface.x[column]) * torch.tensor(surface.directions.x["weight"])
    weight = weight + float(surface.y[row]) * torch.tensor(surface.directions.y["weight"])
    logits = torch.exp((torch.tensor(data.x, dtype=torch.float32) @ weight) * 20)
    return float(nn.functional.cross_entropy(logits, torch.tensor(data.y)))


def test_points_without_a_finite_loss_are_kept_and_counted() -> None:
    computed = surface()
    truth = np.array([[plain(computed, row, column) for column in range(9)] for row in range(9)])
    bad = ~np.isfinite(truth)
    assert 5 < bad.sum() < 81
    assert (~np.isfinite(computed.loss) == bad).all()
    assert (np.isnan(computed.loss) == np.isnan(truth)).all()
    assert computed.holes == bad.sum()
    assert computed.evaluated_count == 81
    assert np.allclose(computed.loss[~bad], truth[~bad], rtol=1e-4)  # the exponential multiplies every rounding
    assert computed.status == "complete"


def test_a_sample_without_a_loss_does_not_count_as_right() -> None:
    """The largest of several NaN is no verdict, though argmax names one."""
    inputs = torch.tensor([[torch.nan, torch.nan], [2.0, 1.0]])
    loss, accuracy = mean_loss(nn.Identity(), inputs, torch.tensor([0, 0]), JobContext())
    assert np.isnan(loss)
    assert accuracy == 0.5


def test_nothing_is_added_to_or_replaced_in_the_values() -> None:
    """The defects of a tool that added noise to the maximum and put the mean in the place of NaN."""
    one, other = surface(), surface()
    assert one.loss.tobytes() == other.loss.tobytes()
    assert one.accuracy.tobytes() == other.accuracy.tobytes()
    assert one.holes > 0


def test_a_hole_is_not_computed_again() -> None:
    computed = surface()
    network, data = overflowing()

    class NoMore(JobContext):
        def check(self) -> None:
            pytest.fail("A point was evaluated again.")

    again = compute_surface(computed.request, network, data, NoMore(), resume=computed)
    assert again.loss.tobytes() == computed.loss.tobytes()
    assert again.holes == computed.holes
