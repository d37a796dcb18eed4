"""Gradient and top eigenvalues at a network's own weights, in float64 where the network allows it."""

import pytest
import torch
from torch import Tensor, nn

from core.curvature.measuring import gradient_norm, recomputed, top_pairs
from core.errors import Cancelled
from core.job import JobContext
from tests.core.landscape.stopping import StoppingJob


class Bound(nn.Module):
    """Converts its values to float32 whatever it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(4, 3)

    def forward(self, batch: Tensor) -> Tensor:
        return nn.functional.linear(batch.float(), self.inner.weight.float(), self.inner.bias.float())


def samples(count: int = 30) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, 4, generator=generator), torch.arange(count) % 3


def found(module: nn.Module, count: int) -> tuple[Tensor, Tensor, bool]:
    inputs, labels = samples()
    pairs = top_pairs(module, inputs, labels, JobContext(), count=count, relative=1e-3, most_products=60, seed=1)
    better, precise = recomputed(pairs, module, inputs, labels, JobContext())
    assert better.products == pairs.products + count
    return better.values, better.residuals, precise


def test_a_network_that_is_bound_to_float32_has_residuals_in_float32() -> None:
    torch.manual_seed(0)
    bound = Bound()
    values, residuals, precise = found(bound, 3)
    free, _, widened = found(bound.inner, 3)
    assert (precise, widened) == (False, True)
    assert values.numpy() == pytest.approx(free.numpy(), rel=1e-4)
    assert (residuals < 1e-2 * values.abs()).all()


def test_the_gradient_is_that_of_one_batch_over_all() -> None:
    torch.manual_seed(0)
    module, (inputs, labels) = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)), samples(2500)
    loss = nn.functional.cross_entropy(module(inputs), labels)
    pieces = torch.autograd.grad(loss, list(module.parameters()))
    length = float(torch.cat([piece.reshape(-1) for piece in pieces]).double().norm())
    assert gradient_norm(module, inputs, labels, JobContext()) == pytest.approx(length, rel=1e-5)
    assert all(parameter.grad is None for parameter in module.parameters())


def test_the_gradient_can_be_stopped_in_the_middle_of_a_batch() -> None:
    module, (inputs, labels) = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)), samples()
    counting = StoppingJob()
    gradient_norm(module, inputs, labels, counting)
    assert counting.asked > 5  # of one batch
    with pytest.raises(Cancelled):
        gradient_norm(module, inputs, labels, StoppingJob(3))
