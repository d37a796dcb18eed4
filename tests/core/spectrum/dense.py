"""Small networks with their matrices written out: the truth that the engine's products are held against, in float64."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from core.data.dataset import Dataset
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint

Array = npt.NDArray[np.float64]


def named(module: nn.Module, columns: int = 6) -> Network:
    """A module as a network that takes so many numbers."""
    card = NetworkCard(name="small", input=InputCard(shape=(columns,)), architecture="test")
    return Network(card=card, module=module.eval(), sha256=fingerprint(module.state_dict()))


def network(kind: str = "relu", seed: int = 0) -> Network:
    """6 → 9 → 3, with batch normalisation that has seen data where it is asked for."""
    torch.manual_seed(seed)
    middle: Sequence[nn.Module] = {
        "relu": (nn.ReLU(),),
        "tanh": (nn.Tanh(),),
        "batchnorm": (nn.BatchNorm1d(9), nn.ReLU()),
    }[kind]
    module = nn.Sequential(nn.Linear(6, 9), *middle, nn.Linear(9, 3))
    if kind == "batchnorm":
        module(2 * torch.randn(50, 6) + 1)
    return named(module)


def data(samples: int = 70, seed: int = 1) -> Dataset:
    """Noise, with classes that depend on it."""
    numbers = np.random.default_rng(seed)
    x = numbers.normal(size=(samples, 6))
    y = (x[:, 0] + 0.5 * numbers.normal(size=samples) > 0).astype(np.int64) + (x[:, 1] > 1)
    return Dataset(name="noise", x=x, y=y)


def losses(network: Network, data: Dataset, flat: torch.Tensor) -> torch.Tensor:
    """(n,) of all samples for weights given as one vector."""
    outputs, labels = logits(network, data, flat), torch.from_numpy(data.y)
    if labels.is_floating_point():
        return (outputs - labels.reshape(outputs.shape)).square().mean(dim=1)
    return functional.cross_entropy(outputs, labels, reduction="none")


def logits(network: Network, data: Dataset, flat: torch.Tensor) -> torch.Tensor:
    """(n, k) of all samples for weights given as one vector."""
    shapes = {name: value.shape for name, value in network.module.named_parameters()}
    pieces = flat.split([shape.numel() for shape in shapes.values()])
    values = {name: piece.reshape(shape) for (name, shape), piece in zip(shapes.items(), pieces, strict=True)}
    buffers = {name: buffer.double() for name, buffer in network.module.named_buffers()}
    inputs = torch.from_numpy(np.asarray(data.x, dtype=np.float64))
    outputs: torch.Tensor = torch.func.functional_call(network.module, {**values, **buffers}, inputs)
    return outputs


def weights(network: Network) -> torch.Tensor:
    """All parameters as one vector of float64."""
    return torch.cat([value.detach().double().reshape(-1) for value in network.module.parameters()])


def _jacobian(function: Callable[[torch.Tensor], torch.Tensor], at: torch.Tensor) -> torch.Tensor:
    found: torch.Tensor = torch.autograd.functional.jacobian(function, at, vectorize=True)
    return found


def hessian(network: Network, data: Dataset) -> Array:
    """Every second derivative of the mean loss."""
    found = torch.autograd.functional.hessian(lambda flat: losses(network, data, flat).mean(), weights(network))
    return np.asarray(found)


def gradients(network: Network, data: Dataset) -> Array:
    """(n, P), of every sample's own loss."""
    return np.asarray(_jacobian(lambda flat: losses(network, data, flat), weights(network)))


def fisher(network: Network, data: Dataset) -> Array:
    """The mean of gᵢ gᵢᵀ."""
    own = gradients(network, data)
    return np.asarray(own.T @ own / len(own))


def jacobians(network: Network, data: Dataset) -> Array:
    """(n, k, P), of every sample's outputs."""
    return np.asarray(_jacobian(lambda flat: logits(network, data, flat), weights(network)))


def gauss_newton(network: Network, data: Dataset) -> Array:
    """The mean of Jᵢᵀ Sᵢ Jᵢ, S written out: diag p − p pᵀ of the cross-entropy, 2/k of the mean squared error."""
    outputs = logits(network, data, weights(network)).detach()
    if np.issubdtype(data.y.dtype, np.floating):
        curved = np.tile(2 / outputs.shape[1] * np.eye(outputs.shape[1]), (len(outputs), 1, 1))
    else:
        shares = torch.softmax(outputs, dim=1).numpy()
        curved = np.einsum("ic,cd->icd", shares, np.eye(shares.shape[1])) - np.einsum("ic,id->icd", shares, shares)
    rows = jacobians(network, data)
    return np.asarray(np.einsum("icp,icd,idq->pq", rows, curved, rows) / len(rows))


DENSE = {"hessian": hessian, "gauss_newton": gauss_newton, "fisher": fisher}


def outermost(values: Array, count: int) -> Array:
    """By decreasing magnitude."""
    return values[np.argsort(-np.abs(values))][:count]
