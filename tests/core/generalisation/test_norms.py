"""Spectral norms against dense matrices."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from core.generalisation.linear_maps import LinearMap, linear_maps
from core.generalisation.norms import layer_norms, spectral_norm
from core.job import JobContext
from core.networks.program import export_program, load_program
from tests.core.generalisation.small import convolutional

JOB = JobContext()
CONVOLUTIONS = {
    "padded": (nn.Conv2d(3, 5, 3, padding=1, bias=False), (3, 7, 6)),
    "strided": (nn.Conv2d(3, 5, 3, stride=2, padding=1), (3, 9, 8)),
    "dilated": (nn.Conv2d(2, 4, 3, dilation=2, padding=(2, 1)), (2, 9, 8)),
    "grouped": (nn.Conv2d(4, 6, 3, groups=2), (4, 6, 6)),
    "of each channel": (nn.Conv2d(4, 4, 3, groups=4, padding=1), (4, 6, 6)),
    "of one position": (nn.Conv2d(4, 6, 1, stride=2), (4, 6, 6)),
    "transposed": (nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1), (3, 5, 5)),
    "one-dimensional": (nn.Conv1d(4, 3, 5, padding=2), (4, 20)),
    "three-dimensional": (nn.Conv3d(2, 3, 2, padding=1), (2, 4, 4, 3)),
}


def only_map(module: nn.Module, shape: tuple[int, ...]) -> LinearMap:
    maps, unlisted = linear_maps(module, torch.randn(1, *shape), JOB)
    assert unlisted == ()
    (one,) = maps
    return one


def dense_matrix(module: nn.Module, shape: tuple[int, ...]) -> np.ndarray:
    """Column by column: what the layer makes of every unit input, in float64, without its offset."""
    double = module.double()
    units = torch.eye(math.prod(shape), dtype=torch.float64).reshape(-1, *shape)
    with torch.no_grad():
        columns = (double(units) - double(torch.zeros(1, *shape, dtype=torch.float64))).flatten(1)
    module.float()
    return columns.numpy()


@pytest.mark.parametrize("kind", CONVOLUTIONS)
def test_the_spectral_norm_of_a_convolution_is_that_of_its_dense_matrix(kind: str) -> None:
    module, shape = CONVOLUTIONS[kind]
    one = only_map(module, shape)
    truth = np.linalg.svd(dense_matrix(module, shape), compute_uv=False)
    found, bound = spectral_norm(one, 0, JOB)
    assert found <= truth[0] * (1 + 1e-9)
    assert found == pytest.approx(truth[0], rel=2e-3)
    assert np.abs(truth - found).min() <= bound + 1e-9
    assert abs(truth[0] - found) <= bound + 1e-9
    assert bound <= 2e-3 * found


def test_the_size_of_the_image_and_its_borders_count() -> None:
    module = nn.Conv2d(1, 1, 3, padding=1, bias=False)
    nn.init.ones_(module.weight)
    small, large = (spectral_norm(only_map(module, (1, n, n)), 0, JOB)[0] for n in (2, 12))
    assert small == pytest.approx(4.0, rel=1e-6)  # every place of a 2 × 2 image sees all four
    assert large == pytest.approx((1 + 2 * math.cos(math.pi / 13)) ** 2, rel=1e-4)  # a tridiagonal of ones, twice


@pytest.mark.parametrize("shape", [(5, 9), (40, 7), (1, 30)])
def test_a_dense_layer_is_exact(shape: tuple[int, int]) -> None:
    module = nn.Linear(*shape)
    norms = layer_norms(only_map(module, (shape[0],)), 0, JOB)
    truth = np.linalg.svd(module.weight.detach().double().numpy(), compute_uv=False)
    assert norms.spectral == pytest.approx(truth[0], rel=1e-12)
    assert norms.spectral_error == 0
    assert norms.frobenius == pytest.approx(float(np.sqrt((truth**2).sum())), rel=1e-12)
    assert norms.parameters == shape[0] * shape[1] + shape[1]


def test_a_large_dense_layer_is_searched_and_has_a_bound() -> None:
    torch.manual_seed(3)
    module = nn.Linear(800, 700)
    found, bound = spectral_norm(only_map(module, (800,)), 0, JOB)
    truth = float(torch.linalg.matrix_norm(module.weight.detach().double(), ord=2))
    assert 0 < bound < 2e-3 * truth
    assert abs(truth - found) <= bound
    assert found <= truth * (1 + 1e-9)


def test_equal_singular_values_are_no_trouble() -> None:
    module = nn.Conv2d(2, 2, 3, padding=1, bias=False)
    nn.init.zeros_(module.weight)
    with torch.no_grad():
        module.weight[0, 0, 1, 1] = module.weight[1, 1, 1, 1] = -3.0
    found, bound = spectral_norm(only_map(module, (2, 5, 5)), 0, JOB)
    assert (found, bound) == (pytest.approx(3.0), pytest.approx(0.0, abs=1e-5))


@pytest.mark.parametrize("scale", [0.0, 1e-25, 1e15])
@pytest.mark.parametrize("make", [lambda: nn.Linear(6, 4), lambda: nn.Conv2d(2, 3, 3, padding=1)])
def test_norms_of_very_small_and_very_large_weights_are_in_proportion(make: object, scale: float) -> None:
    module = make()  # type: ignore[operator]
    shape = (6,) if isinstance(module, nn.Linear) else (2, 5, 5)
    plain, _ = spectral_norm(only_map(module, shape), 0, JOB)
    with torch.no_grad():
        module.weight.mul_(scale)
    found, _ = spectral_norm(only_map(module, shape), 0, JOB)
    assert found == pytest.approx(scale * plain, rel=1e-3)


def test_weights_that_are_not_numbers_have_no_norm() -> None:
    module = nn.Conv2d(2, 3, 3)
    with torch.no_grad():
        module.weight[0, 0, 0, 0] = math.nan
    norms = layer_norms(only_map(module, (2, 5, 5)), 0, JOB)
    assert math.isnan(norms.spectral)
    assert math.isnan(norms.frobenius)


def test_a_normalisation_is_the_diagonal_map_that_it_is_in_evaluation() -> None:
    module = convolutional(normalised=True)
    maps, _ = linear_maps(module, torch.randn(1, 2, 6, 6), JOB)
    normalisation = module[1]
    factors = normalisation.weight.detach() / (normalisation.running_var + normalisation.eps).sqrt()
    norms = layer_norms(maps[1], 0, JOB)
    assert (norms.kind, norms.layer, norms.parameters) == ("normalisation", "1", 8)
    assert norms.spectral == pytest.approx(float(factors.abs().max()))
    assert norms.frobenius == pytest.approx(float(factors.norm()))


def test_layers_stand_in_the_order_in_which_they_act_with_all_their_parameters() -> None:
    module = convolutional(normalised=True)
    maps, unlisted = linear_maps(module, torch.randn(1, 2, 6, 6), JOB)
    assert [one.layer for one in maps] == ["0", "1", "5", "7"]
    assert sum(one.parameters for one in maps) == sum(p.numel() for p in module.parameters())
    assert unlisted == ()


def test_an_exported_program_has_the_same_layers_and_norms() -> None:
    module = convolutional(normalised=True)
    program = load_program(export_program(module, (2, 6, 6)), "program")
    sample = torch.randn(1, 2, 6, 6)
    own, its = (linear_maps(one, sample, JOB)[0] for one in (module, program))
    assert [one.layer for one in own] == [one.layer for one in its]
    for first, second in zip(own, its, strict=True):
        assert layer_norms(first, 0, JOB) == layer_norms(second, 0, JOB)


def test_parameters_outside_of_linear_maps_are_named() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.scale = nn.Linear(4, 3), nn.Parameter(torch.ones(3))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.scale * self.linear(x)

    maps, unlisted = linear_maps(Scaled(), torch.randn(1, 4), JOB)
    assert [one.layer for one in maps] == ["linear"]
    assert unlisted == ("scale",)


def test_weights_used_twice_act_twice_and_count_once() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.linear(torch.relu(self.linear(x)))

    maps, _ = linear_maps(Twice(), torch.randn(1, 4), JOB)
    assert [(one.layer, one.parameters) for one in maps] == [("linear", 20), ("linear", 0)]
