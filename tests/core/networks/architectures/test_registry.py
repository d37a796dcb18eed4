"""Every name a network card may give, and what wrong names are told."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from core.errors import InvalidRequest
from core.networks.architectures.registry import build_architecture
from core.networks.parameters import parameter_names
from core.networks.weights import read_weights
from tests.realdata import realdata_path

CIFAR = (3, 32, 32)


def size(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        # He et al. 2015, table 6, count 0.27, 0.46, 0.66, 0.85 and 1.7 million; exactly, without any shortcut:
        ("resnet20_noshort", 269_722),
        ("resnet32_noshort", 464_154),
        ("resnet44_noshort", 658_586),
        ("resnet56_noshort", 853_018),
        ("resnet110_noshort", 1_727_962),
        # two 1 × 1 convolutions with their normalisation more: 16·32 + 2·32 and 32·64 + 2·64
        ("resnet20", 269_722 + 2_752),
        ("resnet56", 853_018 + 2_752),
        ("resnet110", 1_727_962 + 2_752),
    ],
)
def test_residual_networks_have_the_published_number_of_parameters(name: str, parameters: int) -> None:
    assert size(build_architecture(name, CIFAR, 10)) == parameters


@pytest.mark.parametrize(
    ("name", "width"), [("resnet8_k2", 32), ("resnet8_w5", 5), ("resnet8_k3_noshort", 48), ("resnet8", 16)]
)
def test_the_width_is_that_of_the_name_in_every_stage(name: str, width: int) -> None:
    module = build_architecture(name, (1, 8, 8), 7)
    shapes = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    assert shapes["conv1.weight"] == (width, 1, 3, 3)
    assert shapes["layer2.0.conv1.weight"] == (2 * width, width, 3, 3)
    assert shapes["layer3.0.conv2.weight"] == (4 * width, 4 * width, 3, 3)
    assert shapes["linear.weight"] == (7, 4 * width)
    assert any("shortcut" in key for key in shapes) != name.endswith("_noshort")


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        ("mlp:64-200x5-10", [64, 200, 200, 200, 200, 200, 10]),
        ("mlp:51-100-20-2", [51, 100, 20, 2]),
        ("mlp:6-8x2-4-3", [6, 8, 8, 4, 3]),
    ],
)
def test_an_mlp_has_the_layers_of_its_name(name: str, widths: list[int]) -> None:
    module = build_architecture(name, (widths[0],), widths[-1])
    linear = [tuple(value.shape) for value in module.parameters() if value.ndim == 2]
    assert linear == [(after, before) for before, after in pairwise(widths)]
    assert module(torch.zeros(4, widths[0])).shape == (4, widths[-1])


def test_a_network_without_shortcuts_adds_nothing() -> None:
    """With every convolution of the blocks at zero, only a shortcut could carry the input to the output."""
    images = torch.randn(4, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    spread = {}
    for name in ("resnet8", "resnet8_noshort"):
        module = build_architecture(name, (3, 16, 16), 5).eval()
        with torch.no_grad():
            module.linear.weight.normal_(generator=torch.Generator().manual_seed(1))
            for key, parameter in module.named_parameters():
                if key.startswith("layer") and "conv" in key:
                    parameter.zero_()
            spread[name] = float(module(images).std(dim=0).max())
    assert spread["resnet8_noshort"] == 0
    assert spread["resnet8"] > 1e-3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("vgg8", 'no architecture "vgg8".*resnet20.*vgg9.*mlp:'),
        ("", 'no architecture ""'),
        ("ResNet56", "no architecture"),
        ("resnet56_noshort_k2", "no architecture"),
        ("resnet56 ", "no architecture"),
        ("resnet٢٠", "no architecture"),
        ("resnet19", "6·n \\+ 2.*not 19"),
        ("resnet18_k2", "6·n \\+ 2.*not 18"),
        ("wrn57_2", "6·n \\+ 2.*not 57"),
        ("wrn56_0", "1 to 4096 channels"),
        ("resnet56_pad_noshort", "no architecture"),
        ("vgg9_noshort", "no architecture"),
        ("C1", "no architecture"),
        ("c4", "no architecture"),
        ("c1_w0", "1 to 4096 channels"),
        ("vgg9_w4096", "weights for inputs of shape"),
        ("densenet121_w9", "even, such as 10"),
        ("densenet121_w1", "even, such as 2"),
        ("drawing", "drawings of shape fields × line slots"),
        ("resnet2", "6·n \\+ 2.*not 2"),
        ("resnet1000000000000000004", "at most 1202"),
        ("resnet20_w0", "1 to 4096 channels"),
        ("resnet20_k99999999", "1 to 4096 channels"),
        ("mlp:", "no architecture"),
        ("mlp:3072-10", "no architecture"),
        ("mlp:3072-0-10", "at least one unit"),
        ("mlp:3072-5x0-10", "at least one unit"),
        ("mlp:3072-5x999999999-10", "more than 1000 hidden layers"),
        ("mlp:3072-9999999x2-10", "weights"),
        ("mlp:12-5-10", "12 inputs.*3072"),
        ("mlp:3072-5-4", "4 outputs.*10 classes"),
    ],
)
def test_a_wrong_name_is_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        build_architecture(name, CIFAR, 10)


def test_a_residual_network_of_a_table_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="images of shape channels"):
        build_architecture("resnet20", (64,), 10)


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["resnet56", "resnet56_noshort"])
def test_parameters_are_called_as_in_the_published_weights(name: str) -> None:
    weights = read_weights(realdata_path(f"lossland_resnet56/{name}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"))
    module = build_architecture(name, CIFAR, 10)
    published = {key: tuple(value.shape) for key, value in weights.items()}
    ours = {key: tuple(value.shape) for key, value in module.state_dict().items() if "num_batches" not in key}
    assert ours == published
    assert [key for key in published if key in ours and "running" not in key] == list(parameter_names(module))
