"""Small networks, rescaled ones and data for tests of size and sharpness."""

import copy

import numpy as np
import torch
from torch import nn

from core.data.dataset import Dataset
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint


def images(count: int = 40, seed: int = 1) -> Dataset:
    numbers = np.random.default_rng(seed)
    return Dataset(name="noise", x=numbers.normal(size=(count, 2, 6, 6)), y=numbers.integers(0, 3, count))


def network_of(module: nn.Module, shape: tuple[int, ...] = (2, 6, 6)) -> Network:
    module.eval()
    card = NetworkCard(name="small", input=InputCard(shape=shape), architecture="test")
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def convolutional(*, normalised: bool, seed: int = 0) -> nn.Sequential:
    """Convolution, normalisation perhaps, ReLU, pooling, and two fully connected layers; with running statistics."""
    torch.manual_seed(seed)
    middle: list[nn.Module] = [nn.BatchNorm2d(4)] if normalised else []
    module = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        *middle,
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(36, 7),
        nn.ReLU(),
        nn.Linear(7, 3),
    )
    if normalised:
        with torch.no_grad():
            module[1].weight.uniform_(0.5, 2)
            module[1].bias.normal_()
            for _ in range(20):
                module(torch.randn(30, 2, 6, 6) * 2 + 1)
    return module.eval()


def rescaled(module: nn.Sequential, factor: float) -> nn.Sequential:
    """The same function with other weights: every layer is `factor` times, or its inverse or square, as large.

    Where a normalisation follows the convolution, its statistics take the factor up, and its own scale is multiplied.
    """
    other = copy.deepcopy(module)
    with torch.no_grad():
        other[0].weight.mul_(factor)
        other[0].bias.mul_(factor)
        if isinstance(normalisation := other[1], nn.BatchNorm2d):
            normalisation.running_mean.mul_(factor)
            normalisation.running_var.add_(normalisation.eps).mul_(factor**2).sub_(normalisation.eps)
            normalisation.weight.mul_(factor)
            normalisation.bias.mul_(factor)
        first, second = (layer for layer in other if isinstance(layer, nn.Linear))
        first.weight.div_(factor)
        second.weight.mul_(factor)
        first.weight.div_(factor)
        first.bias.div_(factor)
    return other
