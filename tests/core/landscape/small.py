"""Small networks and data for surfaces, and the plain evaluation that surfaces are compared with."""

import copy
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from core.data.dataset import Dataset
from core.landscape.plane import Directions
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint
from core.networks.program import export_program, load_program

KINDS = ("mlp", "resnet", "noshort", "program")
CLASSES = ("a", "b", "c")


def small_network(kind: str = "resnet", seed: int = 0) -> Network:
    """A network whose running statistics are those of some data, not the initial ones."""
    torch.manual_seed(seed)
    shape = (6,) if kind == "mlp" else (3, 8, 8)
    name = {"mlp": "mlp:6-9-7-3", "noshort": "resnet8_w3_noshort"}.get(kind, "resnet8_w3")
    module = build_architecture(name, shape, 3)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
        list(module.modules())[-1].weight.normal_(0, 0.5)  # type: ignore[union-attr,operator]
        module(torch.randn(40, *shape) * 1.3 + 0.2)
    module.eval()
    card = NetworkCard(name=kind, input=InputCard(shape=shape, mean=(0.5,), std=(2.0,)), architecture=name)
    program = export_program(module, shape) if kind == "program" else None
    if program is not None:
        module = load_program(program, "p.pt2")
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()), program=program)


def small_data(network: Network, count: int = 37, seed: int = 1) -> Dataset:
    """Noise with labels, in the units of a file."""
    numbers = np.random.default_rng(seed)
    x = numbers.normal(size=(count, *network.card.input.shape)) * 2 + 0.5
    return Dataset(name="noise", x=x, y=numbers.integers(0, 3, count), classes=CLASSES)


def plain_loss(network: Network, data: Dataset, directions: Directions, a: float, b: float) -> tuple[float, float]:
    """Loss and accuracy at one point by reloading a state dict into a copy, in float64, with numpy's arithmetic."""
    state = {name: value.double() for name, value in network.module.state_dict().items()}
    for name, _ in network.module.named_parameters():
        state[name] = state[name] + a * torch.tensor(directions.x[name]).double()
        state[name] = state[name] + b * torch.tensor(directions.y[name]).double()
    logits = _logits(network, state, data)
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(data)), data.y]
    return float(losses.mean()), float((logits.argmax(axis=1) == data.y).mean())


def _logits(network: Network, state: Mapping[str, torch.Tensor], data: Dataset) -> npt.NDArray[np.float64]:
    card = network.card
    inputs = torch.tensor((data.x - np.array(card.input.mean)) / np.array(card.input.std))
    copied: nn.Module
    if network.program is None:
        copied = copy.deepcopy(network.module).double()
    else:  # a program says its types itself; its architecture is known here
        copied = build_architecture(str(card.architecture), card.input.shape, 3).double().eval()
    copied.load_state_dict(state)
    with torch.no_grad():
        logits: npt.NDArray[np.float64] = copied(inputs).numpy()
    return logits
