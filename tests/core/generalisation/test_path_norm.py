"""The path norm against enumerated paths and dense matrices."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from core.errors import UnsupportedNetwork
from core.generalisation.path_norm import path_norm
from core.job import JobContext
from core.networks.architectures.registry import build_architecture
from core.networks.program import export_program, load_program
from tests.core.generalisation.small import convolutional, rescaled

JOB = JobContext()


def of(module: nn.Module, *shape: int) -> float:
    return path_norm(module, torch.randn(1, *shape), JOB)


def enumerated(layers: list[nn.Linear]) -> float:
    """Every path, one after another: from an input, or from the constant behind an offset, to an output."""
    total = 0.0
    widths = [layers[0].in_features, *(layer.out_features for layer in layers)]
    for start in range(len(layers)):
        weights = [layer.weight.detach().double().numpy() for layer in layers]
        biases = [layer.bias.detach().double().numpy() for layer in layers]
        for units in itertools.product(*(range(width) for width in widths[start + 1 :])):
            onward = math.prod(
                float(weights[start + 1 + step][after, before] ** 2)
                for step, (before, after) in enumerate(itertools.pairwise(units))
            )
            total += float(biases[start][units[0]] ** 2) * onward
            if start == 0:
                total += sum(float(weight**2) for weight in weights[0][units[0]]) * onward
    return math.sqrt(total)


def test_it_is_the_sum_over_all_paths_of_a_small_network() -> None:
    torch.manual_seed(0)
    layers = [nn.Linear(3, 4), nn.Linear(4, 3), nn.Linear(3, 2)]
    module = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    assert of(module, 3) == pytest.approx(enumerated(layers), rel=1e-12)


def test_a_convolution_is_the_matrix_that_it_is() -> None:
    torch.manual_seed(1)
    first, second = nn.Conv2d(2, 3, 3, padding=1, stride=2, bias=False), nn.Conv2d(3, 2, 2, bias=False)
    module = nn.Sequential(first, nn.ReLU(), second, nn.Flatten(), nn.Linear(2 * 2 * 2, 3, bias=False)).double()
    matrices = []
    for layer, shape in ((first, (2, 6, 6)), (second, (3, 3, 3))):
        units = torch.eye(math.prod(shape), dtype=torch.float64).reshape(-1, *shape)
        matrices.append(layer(units).flatten(1).detach().numpy().T)
    matrices.append(module[-1].weight.detach().numpy())
    squared = matrices[2] ** 2 @ matrices[1] ** 2 @ matrices[0] ** 2
    assert of(module.float(), 2, 6, 6) == pytest.approx(math.sqrt(squared.sum()), rel=1e-6)


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize("factor", [0.25, 8.0])
def test_it_does_not_change_when_layers_are_rescaled(normalised: bool, factor: float) -> None:  # noqa: FBT001
    module = convolutional(normalised=normalised)
    assert of(rescaled(module, factor), 2, 6, 6) == pytest.approx(of(module, 2, 6, 6), rel=1e-6)


def test_it_does_not_change_when_single_units_are_rescaled() -> None:
    torch.manual_seed(2)
    module = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    before, factors = of(module, 4), torch.tensor([0.5, 2.0, 8.0, 1.0, 0.25])
    with torch.no_grad():
        module[0].weight.mul_(factors[:, None])
        module[0].bias.mul_(factors)
        module[2].weight.div_(factors)
    assert of(module, 4) == pytest.approx(before, rel=1e-12)


def test_normalisation_is_folded_into_the_layer_before_it_offset_and_all() -> None:
    module = convolutional(normalised=True)
    folded = nn.Sequential(fuse_conv_bn_eval(module[0], module[1]), *module[2:])
    assert of(module, 2, 6, 6) == pytest.approx(of(folded, 2, 6, 6), rel=1e-6)
    torch.manual_seed(4)
    linear, normalisation = nn.Linear(4, 5), nn.BatchNorm1d(5)
    normalisation(torch.randn(60, 4) @ torch.randn(4, 5))
    dense = nn.Sequential(linear, normalisation, nn.ReLU(), nn.Linear(5, 2)).eval()
    folded = nn.Sequential(fuse_linear_bn_eval(linear, normalisation), *dense[2:])
    assert of(dense, 4) == pytest.approx(of(folded, 4), rel=1e-6)


def test_a_mean_over_places_is_a_layer_with_small_weights() -> None:
    for pooling, places in ((nn.AvgPool2d(3), 9), (nn.AdaptiveAvgPool2d(2), 4), (nn.AdaptiveAvgPool2d(1), 16)):
        size = 6 if places == 9 else 4
        ones = size * size / places / places  # outputs × places × (1 / places)², one channel
        assert of(nn.Sequential(pooling, nn.Flatten()), 1, size, size) == pytest.approx(math.sqrt(ones), rel=1e-12)


def test_a_maximum_hands_on_the_largest_sum_of_its_window() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 1), nn.MaxPool2d(2), nn.Flatten())
    nn.init.constant_(module[0].weight, 3.0)
    nn.init.constant_(module[0].bias, 4.0)
    assert of(module, 1, 4, 4) == pytest.approx(math.sqrt(4 * (9 + 16)))


def test_a_shortcut_adds_paths_and_branches_lie_side_by_side() -> None:
    class Branched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(3, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cat([x + self.linear(x), 2 * x], dim=1)

    module = Branched()
    own = sum(float(p.detach().double().square().sum()) for p in module.parameters())
    assert of(module, 3) == pytest.approx(math.sqrt(own + 3 + 4 * 3), rel=1e-6)


def test_operations_in_place_are_followed() -> None:
    torch.manual_seed(5)
    layers = [nn.Linear(3, 4), nn.Linear(4, 2)]
    in_place = nn.Sequential(layers[0], nn.ReLU(inplace=True), layers[1])
    assert of(in_place, 3) == pytest.approx(enumerated(layers), rel=1e-12)


@pytest.mark.parametrize("name", ["resnet20_pad", "c1_w8"])
def test_an_exported_program_has_the_same_path_norm(name: str) -> None:
    torch.manual_seed(6)
    module = build_architecture(name, (3, 16, 16), 10).eval()
    program = load_program(export_program(module, (3, 16, 16)), "program")
    assert of(program, 3, 16, 16) == pytest.approx(of(module, 3, 16, 16), rel=1e-12)


@pytest.mark.parametrize(
    ("layer", "word"), [(nn.Tanh(), "tanh"), (nn.GELU(), "gelu"), (nn.LayerNorm(3), "native_layer_norm")]
)
def test_a_network_of_other_operations_is_refused_by_their_name(layer: nn.Module, word: str) -> None:
    with pytest.raises(UnsupportedNetwork, match=f'"{word}"'):
        of(nn.Sequential(nn.Linear(2, 3), layer, nn.Linear(3, 2)), 2)


def test_huge_weights_give_a_huge_norm_and_no_error() -> None:
    module = nn.Sequential(*(nn.Linear(2, 2, bias=False) for _ in range(9)))
    for parameter in module.parameters():
        nn.init.constant_(parameter, 1e30)
    assert of(module, 2) == math.inf
    assert np.isfinite(of(module[:4], 2))
