"""Watching what automatic differentiation saves changes nothing, and keeps nothing."""

import gc

import pytest
import torch
from torch import Tensor, nn

from core.curvature.hessian import hessian_vector_product
from core.errors import Cancelled
from core.job import JobContext
from core.networks.saving import stopping, watched_saving


def network() -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 4)]
    return nn.Sequential(*layers, nn.Sigmoid()).eval()


def second_derivative(module: nn.Module, inputs: Tensor) -> list[Tensor]:
    parameters = list(module.parameters())
    gradient = torch.autograd.grad(module(inputs).square().sum(), parameters, create_graph=True)
    return list(torch.autograd.grad(gradient, parameters, [torch.ones_like(one) for one in parameters]))


def tensors_alive() -> int:
    gc.collect()
    return sum(issubclass(type(thing), Tensor) for thing in gc.get_objects())


def test_second_derivatives_are_the_same_to_the_last_bit() -> None:
    module, inputs = network(), torch.randn(5, 1, 8, 8)
    plain = second_derivative(module, inputs)
    told: list[Tensor] = []
    with watched_saving(told.append):
        watched = second_derivative(module, inputs)
    assert told
    assert all(torch.equal(a, b) for a, b in zip(plain, watched, strict=True))


def test_graphs_that_are_let_go_are_freed() -> None:
    module, inputs, labels = network(), torch.randn(64, 1, 8, 8), torch.randint(0, 4, (64,))
    alive = []
    for _ in range(4):
        with hessian_vector_product(module, inputs, labels, JobContext()) as product:
            product(torch.ones(product.size))
        del product
        alive.append(tensors_alive())
    assert alive[1:] == alive[:1] * 3


def test_a_stop_is_noticed_in_the_middle() -> None:
    module, asked = network(), []

    def check() -> None:
        asked.append(1)
        if len(asked) == 5:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled), stopping(check):
        second_derivative(module, torch.randn(5, 1, 8, 8))
    assert len(asked) == 5
