"""Plain arithmetic that directions are compared with: whole vectors in float64, and losses by reloading."""

import copy
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch

from core.data.dataset import Dataset
from core.landscape.plane import Direction, Directions
from core.networks.network import Network, fingerprint
from core.networks.waypoint import Waypoint

FloatArray = npt.NDArray[np.float64]
State = Mapping[str, npt.NDArray[np.generic]]


def flat(direction: State, names: list[str]) -> FloatArray:
    """One vector in float64; zeros for what a direction lacks cannot be told here, so every name must be there."""
    return np.concatenate([np.asarray(direction[name], dtype=np.float64).ravel() for name in names])


def state_arrays(network: Network) -> dict[str, npt.NDArray[np.generic]]:
    return {name: value.numpy().copy() for name, value in network.module.state_dict().items()}


def parameter_names(network: Network) -> list[str]:
    return [name for name, _ in network.module.named_parameters()]


def statistics_names(network: Network) -> list[str]:
    return [name for name, value in network.module.named_buffers() if value.is_floating_point()]


def bits(network: Network) -> dict[str, bytes]:
    return {name: value.contiguous().numpy().tobytes() for name, value in network.module.state_dict().items()}


def moved(state: State, directions: Directions, a: float, b: float = 0.0) -> dict[str, npt.NDArray[np.generic]]:
    """``θ + a·x + b·y`` in float64."""
    result = dict(state)
    for amount, axis in ((a, directions.x), (b, directions.y)):
        for name, part in axis.items():
            result[name] = np.asarray(result[name], dtype=np.float64) + amount * np.asarray(part, dtype=np.float64)
    return result


def loss_in_float64(network: Network, state: State, data: Dataset) -> tuple[float, float]:
    """Loss and accuracy of a copy of the network with these weights and statistics, all in float64."""
    module = copy.deepcopy(network.module).double().eval()
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
    card = network.card.input
    inputs = torch.from_numpy((data.x - np.array(card.mean)) / np.array(card.std))
    with torch.no_grad():
        logits = module(inputs).numpy()
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(data)), data.y]
    return float(losses.mean()), float((logits.argmax(axis=1) == data.y).mean())


def way(network: Network, count: int, seed: int = 5) -> tuple[Waypoint, ...]:
    """Checkpoints that wander and end at the network."""
    numbers = np.random.default_rng(seed)
    end = state_arrays(network)
    drift, swing = (
        {n: numbers.normal(size=v.shape) for n, v in end.items() if np.issubdtype(v.dtype, np.floating)}
        for _ in range(2)
    )
    points = []
    for index in range(count):
        left = (count - 1 - index) / (count - 1)
        weights = dict(end)
        for name in drift:
            noise = numbers.normal(size=end[name].shape) * 0.02
            step = left * (0.3 * drift[name] + noise) + 0.2 * np.sin(4 * left) * swing[name]
            change = np.abs(step) if name.endswith("running_var") else step
            weights[name] = (end[name] + change).astype(np.float32)
        points.append(Waypoint(epoch=float(index), weights=weights, learning_rate=0.1))
    return tuple(points)


def renamed(network: Network, name: str) -> Network:
    """The same module under the fingerprint of its weights as they are now."""
    card = copy.copy(network.card)
    object.__setattr__(card, "name", name)
    return Network(
        card=card, module=network.module, sha256=fingerprint(network.module.state_dict()), program=network.program
    )


def axis_vector(axis: Direction, network: Network) -> FloatArray:
    """A direction as one vector over all parameters, zeros where it says nothing."""
    parts = [
        np.asarray(axis[name], dtype=np.float64).ravel() if name in axis else np.zeros(parameter.numel())
        for name, parameter in network.module.named_parameters()
    ]
    return np.concatenate(parts)
