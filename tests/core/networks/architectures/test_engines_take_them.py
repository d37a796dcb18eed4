"""Every architecture passes through everything else: the check, a program and back, a landscape, Hessian products."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.curvature.hessian import hessian_vector_product
from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard
from core.networks.checking import checked
from core.networks.network import Network, fingerprint
from core.networks.parameters import parameter_names
from core.networks.program import export_program, load_program

CLASSES = 3
SMALL = (3, 8, 8)
NETWORKS = {
    "resnet8_w2": SMALL,
    "resnet8_w2_noshort": SMALL,
    "resnet8_w3_pad": SMALL,
    "wrn8_1_pad": SMALL,
    "resnet18_w2": SMALL,
    "resnet18_w2_noshort": SMALL,
    "vgg9_w2": SMALL,
    "densenet121_w2": SMALL,
    "googlenet_w6": SMALL,
    "c1_w2": SMALL,
    "c2_w2": (1, 16, 17),
    "c3_w2": (3, 16, 16),
    "m1_w2": (1, 16, 16),
    "drawing_w1": (4, 12),
    "mlp:192-5x2-3": SMALL,
}
MANY_LAYERS = ("densenet121", "googlenet")
CASES = [
    pytest.param(name, shape, marks=[pytest.mark.slow] if name.startswith(MANY_LAYERS) else [])
    for name, shape in NETWORKS.items()
]


def network(name: str, shape: tuple[int, ...]) -> Network:
    """With running statistics of some data, and logits that differ."""
    torch.manual_seed(0)
    module = build_architecture(name, shape, CLASSES)
    last = [layer for layer in module.modules() if isinstance(layer, nn.Linear)][-1]
    with torch.no_grad():
        last.weight.normal_(0, 0.5)
        module(torch.randn(16, *shape))
    module.eval()
    card = NetworkCard(name=name, input=InputCard(shape=shape), architecture=name)
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def data(shape: tuple[int, ...], count: int = 6) -> Dataset:
    numbers = np.random.default_rng(1)
    return Dataset(name="noise", x=numbers.normal(size=(count, *shape)), y=numbers.integers(0, CLASSES, count))


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_a_network_passes_the_check_and_answers_alike_as_a_program(name: str, shape: tuple[int, ...]) -> None:
    built = checked(network(name, shape))
    program = load_program(export_program(built.module, shape), "p.pt2")
    assert parameter_names(program) == parameter_names(built.module)
    for count in (1, 5):
        samples = torch.randn(count, *shape)
        with torch.no_grad():
            truth = built.module(samples)
            assert torch.allclose(program(samples), truth, rtol=0, atol=1e-5 * float(truth.abs().max()))


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_a_network_has_a_surface_around_its_weights(name: str, shape: tuple[int, ...]) -> None:
    built, samples = network(name, shape), data(shape)
    surface = compute_surface(SurfaceRequest(columns=3, rows=3), built, samples, JobContext())
    inputs, labels = built.prepare(samples)
    with torch.no_grad():
        loss = float(functional.cross_entropy(built.module(inputs), labels))
    assert math.isclose(surface.loss[1, 1], loss, rel_tol=1e-4)
    assert np.isfinite(surface.loss).all()
    assert np.ptp(surface.loss) > 1e-3
    moving = {key for key, value in surface.directions.x.items() if value.any()}
    for key, parameter in built.module.named_parameters():
        assert (key in moving) == (parameter.ndim > 1)
        if key in moving:  # every filter of the direction is as long as the network's (Li et al. 2018, §4)
            lengths = np.linalg.norm(surface.directions.x[key].reshape(len(parameter), -1), axis=1)
            expected = parameter.detach().flatten(1).norm(dim=1).numpy()
            assert np.allclose(lengths, expected, rtol=1e-4)
    assert fingerprint(built.module.state_dict()) == built.sha256


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_hessian_products_are_those_of_differences_of_gradients(name: str, shape: tuple[int, ...]) -> None:
    built, samples = network(name, shape), data(shape)
    inputs, labels = built.prepare(samples)
    parameters = list(built.module.parameters())
    torch.manual_seed(2)
    vector = torch.cat([torch.randn(parameter.numel()) for parameter in parameters])
    with hessian_vector_product(built.module, inputs, labels, JobContext()) as product:
        image = product(vector).double()
    truth = difference_of_gradients(built.module.double(), inputs.double(), labels, vector.double())
    assert torch.linalg.vector_norm(image - truth) <= 1e-3 * torch.linalg.vector_norm(truth)
    assert truth.abs().max() > 0


def difference_of_gradients(
    module: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, vector: torch.Tensor
) -> torch.Tensor:
    """H v from two gradients a hair apart, in float64: so near that no ReLU changes its mind."""
    step = 1e-8
    parameters = list(module.parameters())
    pieces = vector.split([parameter.numel() for parameter in parameters])

    def gradient(distance: float) -> torch.Tensor:
        with torch.no_grad():
            for parameter, piece in zip(parameters, pieces, strict=True):
                parameter.add_(piece.reshape(parameter.shape), alpha=distance)
        parts = torch.autograd.grad(functional.cross_entropy(module(inputs), labels), parameters)
        with torch.no_grad():
            for parameter, piece in zip(parameters, pieces, strict=True):
                parameter.sub_(piece.reshape(parameter.shape), alpha=distance)
        return torch.cat([part.reshape(-1) for part in parts])

    return (gradient(step) - gradient(-step)) / (2 * step)
