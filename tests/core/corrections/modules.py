"""Networks with shortcuts, convolutions and all that bends, as torch modules; and what they say in float64."""

import copy
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard
from tests.core.corrections.examples import as_network

MEAN, STD = 0.5, 2.0  # of every column, in the card


class Written(nn.Module):
    """A forward pass written down in one line, over some layers."""

    def __init__(self, forward: Callable[..., Tensor], *layers: nn.Module) -> None:
        super().__init__()
        self.written = forward
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.written(x, *self.layers)


def lively(module: nn.Module, seed: int = 0) -> nn.Module:
    """With weights drawn anew, and batch normalisation that does something: signs of both kinds among its factors."""
    torch.manual_seed(seed)
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean, std=0.3)
            nn.init.uniform_(layer.running_var, 0.3, 2.0)
            nn.init.normal_(layer.weight)
            nn.init.normal_(layer.bias, std=0.3)
        elif hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return module.eval()


def lowered(module: nn.Module, shape: tuple[int, ...]) -> PiecewiseLinear:
    """In its plainest form, of an input in units with a mean and a spread."""
    return lower(as_network(module, InputCard(shape=shape, mean=(MEAN,), std=(STD,))))


def in_float64(module: nn.Module, shape: tuple[int, ...], x: np.ndarray) -> np.ndarray:
    """What a copy of the module in float64 gives for rows (n, columns) in the user's units."""
    with torch.inference_mode():
        samples = torch.from_numpy((x - MEAN) / STD).reshape(len(x), *shape)
        return copy.deepcopy(module).double()(samples).reshape(len(x), -1).numpy()


def residual() -> nn.Module:
    first, inner, outer, last = nn.Linear(6, 10), nn.Linear(10, 10), nn.Linear(10, 10), nn.Linear(10, 3)

    def forward(x: Tensor, first: nn.Module, inner: nn.Module, outer: nn.Module, last: nn.Module) -> Tensor:
        h = functional.relu(first(x))
        return last(functional.relu(h + outer(functional.relu(inner(h)))))

    return lively(Written(forward, first, inner, outer, last))


def pooled() -> nn.Module:
    """Convolutions with strides, groups and batch normalisation, and both kinds of pooling."""
    return lively(
        nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1, bias=False),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True),
            nn.Conv2d(4, 4, 3, groups=2),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.AvgPool2d(2, stride=1, padding=1),
            nn.Flatten(),
            nn.Linear(36, 3),
        )
    )


def bent() -> nn.Module:
    """Leaky and limited units, absolute values, and the larger of two."""

    def forward(x: Tensor, one: nn.Module, two: nn.Module, three: nn.Module, last: nn.Module) -> Tensor:
        h = functional.leaky_relu(one(x), 0.1)
        h = functional.hardtanh(two(h), -0.5, 0.4).abs()
        return last(torch.maximum(three(h), functional.relu6(h)))

    return lively(Written(forward, nn.Linear(6, 9), nn.Linear(9, 9), nn.Linear(9, 9), nn.Linear(9, 2)))


def architecture(name: str, shape: tuple[int, ...], classes: int) -> nn.Module:
    """One that is built in."""
    return lively(build_architecture(name, shape, classes))
