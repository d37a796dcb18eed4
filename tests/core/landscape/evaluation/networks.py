"""Small networks of every family with running statistics of some data, and what a plane needs of them."""

import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.landscape.directions.random import random_directions
from core.landscape.plane import Directions, RandomDirections
from core.networks.architectures.registry import build_architecture
from core.networks.loss import per_sample_loss
from core.networks.program import export_program, load_program

# name, shape of a sample
FAMILIES = {
    "mlp:6-9-7-3": (6,),
    "resnet8_w3": (3, 8, 8),
    "resnet8_w3_pad": (3, 8, 8),
    "resnet8_w3_noshort": (3, 8, 8),
    "resnet18_w2": (3, 8, 8),
    "vgg9_w2": (3, 8, 8),
    "densenet121_w2": (3, 8, 8),
    "googlenet_w8": (3, 8, 8),
    "c1_w4": (3, 8, 8),
    "c2_w4": (3, 16, 16),
    "m1_w4": (1, 16, 16),
    "drawing_w2": (4, 8),
}


@dataclass(frozen=True, eq=False)
class Plane:
    """A network, two directions and samples."""

    module: nn.Module
    directions: Directions
    inputs: Tensor
    labels: Tensor


def settled(module: nn.Module, shape: tuple[int, ...]) -> nn.Module:
    """With scales, shifts and running statistics that are not those it starts with."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
        module.train()
        module(torch.randn(40, *shape) * 1.3 + 0.2)
    return module.eval()


def plane(name: str, count: int = 21, *, program: bool = False, ignore: str = "none") -> Plane:
    """A network of a family and random directions that move biases and normalisation as well."""
    torch.manual_seed(0)
    shape = FAMILIES[name]
    module = settled(build_architecture(name, shape, 3), shape)
    if program:
        module = load_program(export_program(module, shape), "p.pt2")
    directions = random_directions(module, RandomDirections(ignore=ignore))  # type: ignore[arg-type]
    return Plane(module, directions, *samples(shape, count))


def samples(shape: tuple[int, ...], count: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(count, *shape, generator=generator), torch.randint(0, 3, (count,), generator=generator)


def plain_losses(architecture: nn.Module, plane: Plane, a: float, b: float) -> npt.NDArray[np.float64]:
    """Sample by sample, by reloading a state dict into a module in float64."""
    module = copy.deepcopy(architecture).double().eval()
    state = {name: value.double() for name, value in plane.module.state_dict().items()}
    for amount, axis in ((a, plane.directions.x), (b, plane.directions.y)):
        for name, step in axis.items():
            state[name] = state[name] + amount * torch.tensor(step).double()
    module.load_state_dict(state)
    with torch.no_grad():
        losses: npt.NDArray[np.float64] = per_sample_loss(module(plane.inputs.double()), plane.labels).numpy()
    return losses
