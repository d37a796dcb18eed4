"""Small trained networks with their data, and plain ways to attack them that the engine is compared with."""

import copy
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import nn

from core.data.dataset import Dataset
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint


def clouds(count: int = 120, *, width: int = 2, classes: int = 3, seed: int = 0, name: str = "clouds") -> Dataset:
    """Overlapping clouds in units of a file, from −20 to 60 or so."""
    numbers = np.random.default_rng(seed)
    y = np.arange(count) % classes
    centres = numbers.normal(size=(classes, width)) * 1.6
    x = 20 + 8 * (centres[y] + numbers.normal(size=(count, width)))
    return Dataset(name=name, x=x.astype(np.float32), y=y, classes=tuple("abcdefghij"[:classes]))


def wrapped(module: nn.Module, shape: tuple[int, ...], architecture: str = "linear", **card: object) -> Network:
    """A module as a network that normalises clouds."""
    words = {"mean": (20.0,), "std": (8.0,)} | card
    made = NetworkCard(name="small", architecture=architecture, weights="w.pt", input=InputCard(shape=shape, **words))  # type: ignore[arg-type]
    return Network(card=made, module=module.eval(), sha256=fingerprint(module.state_dict()))


def trained(data: Dataset, hidden: str = "16-16", *, seed: int = 0, steps: int = 60, **card: object) -> Network:
    """An MLP that has learnt its data; one of its own for every call."""
    once = _trained(data, hidden, seed, steps, tuple(card.items()))
    return replace(once, module=copy.deepcopy(once.module))


@cache
def _trained(data: Dataset, hidden: str, seed: int, steps: int, words: tuple[tuple[str, object], ...]) -> Network:
    card = dict(words)
    width, classes = data.x.shape[1], len(data.classes)
    name = f"mlp:{width}-{hidden}-{classes}"
    torch.manual_seed(seed)
    network = wrapped(build_architecture(name, (width,), classes), (width,), name, **card)
    fitted(network, data, steps)
    return wrapped(network.module, (width,), name, **card)


def fitted(network: Network, data: Dataset, steps: int) -> None:
    """Train in place."""
    module = network.module.train()
    inputs, labels = network.prepare(data)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.04)
    loss = nn.functional.mse_loss if labels.is_floating_point() else nn.functional.cross_entropy
    for _ in range(steps):
        optimiser.zero_grad()
        loss(module(inputs), labels).backward()
        optimiser.step()
    module.eval()


def linear(data: Dataset, steps: int = 120) -> Network:
    """A linear model."""
    torch.manual_seed(0)
    network = wrapped(nn.Linear(data.x.shape[1], len(data.classes)), data.x.shape[1:])
    fitted(network, data, steps)
    return wrapped(network.module, data.x.shape[1:])
