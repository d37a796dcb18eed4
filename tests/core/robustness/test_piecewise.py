"""Whether a network is piecewise linear is seen in what it does, not in what it is called."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from core.networks.architectures.registry import build_architecture
from core.robustness.piecewise import is_piecewise_linear
from tests.core.landscape.small import small_network


def written_into_a_part(x: Tensor, weight: Tensor) -> Tensor:
    board = torch.zeros(len(x), len(weight) + 4)
    board[:, :4] = x
    return board * board


OWN: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "times a parameter": lambda x, weight: torch.relu(x @ weight) * weight[0],
    "largest": lambda x, _: torch.maximum(x, 0.5 * x + 1) - x.clamp(-1, 1),
    "times itself": lambda x, _: x * torch.relu(x),
    "attention": lambda x, _: (x[:, :, None] @ x[:, None, :]).sum(dim=2),
    "divided by itself": lambda x, _: x / (1 + x.abs()),
    "written into a part": written_into_a_part,
    "softmax": lambda x, _: x.softmax(dim=1),
}


class Own(nn.Module):
    """Code of its own."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, self.weight = kind, nn.Parameter(torch.randn(4, 4))

    def forward(self, x: Tensor) -> Tensor:
        return OWN[self.kind](x, self.weight)


@pytest.mark.parametrize("kind", OWN)
def test_code_of_its_own_is_watched(kind: str) -> None:
    assert is_piecewise_linear(Own(kind), torch.randn(2, 4)) is (kind in ("times a parameter", "largest"))


@pytest.mark.parametrize("layer", [nn.ReLU(), nn.LeakyReLU(), nn.PReLU(), nn.ReLU6(), nn.Hardtanh(), nn.Dropout()])
def test_layers_of_pieces_are_piecewise_linear(layer: nn.Module) -> None:
    assert is_piecewise_linear(nn.Sequential(nn.Linear(4, 4), layer, nn.BatchNorm1d(4)), torch.randn(2, 4))


@pytest.mark.parametrize("layer", [nn.Tanh(), nn.GELU(), nn.SiLU(), nn.Sigmoid(), nn.Softplus(), nn.LayerNorm(4)])
def test_layers_that_bend_are_not(layer: nn.Module) -> None:
    assert not is_piecewise_linear(nn.Sequential(nn.Linear(4, 4), layer), torch.randn(2, 4))


@pytest.mark.parametrize("name", ["resnet20", "resnet20_noshort", "vgg9", "densenet121", "c1"])
def test_the_built_in_architectures_are(name: str) -> None:
    assert is_piecewise_linear(build_architecture(name, (3, 32, 32), 10), torch.randn(2, 3, 32, 32))


def test_an_exported_program_is_watched_too() -> None:
    network = small_network("program")
    assert is_piecewise_linear(network.module, torch.randn(2, *network.card.input.shape))


def test_the_network_is_left_in_the_mode_it_was_in() -> None:
    module = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)).train()
    mean = module[1].running_mean.clone()  # type: ignore[operator,union-attr]
    is_piecewise_linear(module, torch.randn(2, 4))
    assert module.training
    assert torch.equal(module[1].running_mean, mean)  # type: ignore[arg-type]
