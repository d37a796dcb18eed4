"""What the networks compute, said once more in as little code as possible."""

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from core.networks.architectures.registry import build_architecture

State = Mapping[str, Tensor]


def normed(state: State, x: Tensor, name: str) -> Tensor:
    statistics = (state[f"{name}.running_mean"], state[f"{name}.running_var"])
    return functional.batch_norm(x, *statistics, state[f"{name}.weight"], state[f"{name}.bias"])


def layers(state: State, x: Tensor, count: int) -> Tensor:
    """Fully connected layers ``fc1`` … with ReLU between them."""
    x = x.flatten(1)
    for number in range(1, count + 1):
        x = x @ state[f"fc{number}.weight"].T + state[f"fc{number}.bias"]
        x = x.relu() if number < count else x
    return x


def c1(state: State, x: Tensor) -> Tensor:
    for number in (1, 2):
        x = functional.conv2d(x, state[f"conv{number}.weight"], state[f"conv{number}.bias"], padding=2).relu()
        x = functional.max_pool2d(normed(state, x, f"bn{number}"), 3, stride=2, padding=1)
    return layers(state, x, 3)


def c2(state: State, x: Tensor) -> Tensor:
    for number in (1, 2, 3, 4):
        x = functional.conv2d(x, state[f"conv{number}.weight"], state[f"conv{number}.bias"]).relu()
        x = normed(state, x, f"bn{number}") if "bn1.weight" in state else x
        x = functional.max_pool2d(x, 2) if number in (2, 4) else x
    return layers(state, x, 3)


def m1(state: State, x: Tensor) -> Tensor:
    for number in (1, 2):
        x = functional.conv2d(x, state[f"conv{number}.weight"], state[f"conv{number}.bias"]).relu()
        x = functional.max_pool2d(x, 2)
    return layers(state, x, 2)


def drawing(state: State, x: Tensor) -> Tensor:
    for number in (1, 2, 3):
        x = functional.conv1d(x, state[f"conv{number}.weight"], state[f"conv{number}.bias"], padding=2).relu()
    return layers(state, x, 2)


def padded(state: State, x: Tensor) -> Tensor:
    """ResNet-8 with shortcuts of every second pixel, zeros standing in for half of the channels before and behind."""
    x = normed(state, functional.conv2d(x, state["conv1.weight"], padding=1), "bn1").relu()
    for stage in (1, 2, 3):
        block, stride = f"layer{stage}.0", 1 if stage == 1 else 2
        y = functional.conv2d(x, state[f"{block}.conv1.weight"], stride=stride, padding=1)
        y = functional.conv2d(normed(state, y, f"{block}.bn1").relu(), state[f"{block}.conv2.weight"], padding=1)
        y = normed(state, y, f"{block}.bn2")
        if stage > 1:
            half = x[:, : x.shape[1] // 2, ::2, ::2] * 0
            x = torch.cat([half, x[:, :, ::2, ::2], half], dim=1)
        x = (x + y).relu()
    return x.mean(dim=(2, 3)) @ state["linear.weight"].T + state["linear.bias"]


@pytest.mark.parametrize(
    ("name", "shape", "plain"),
    [
        ("c1_w6", (3, 19, 22), c1),
        ("c2_w4", (3, 24, 32), c2),
        ("c3_w4", (3, 24, 32), c2),
        ("m1_w4", (1, 28, 28), m1),
        ("drawing_w3", (5, 21), drawing),
        ("resnet8_w4_pad", (3, 12, 12), padded),
    ],
)
def test_the_logits_are_those_of_a_plain_computation(
    name: str, shape: tuple[int, ...], plain: Callable[[State, Tensor], Tensor]
) -> None:
    torch.manual_seed(0)
    module = build_architecture(name, shape, 4).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
        module(torch.randn(20, *shape, dtype=torch.float64))
        samples = torch.randn(5, *shape, dtype=torch.float64)
        truth = plain(module.eval().state_dict(), samples)
        assert torch.allclose(module(samples), truth, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["resnet8_w4", "resnet18_w4", "vgg9_w4", "densenet121_w4"])
def test_initial_weights_are_drawn_as_in_the_code_of_the_first_paper(name: str) -> None:
    """Li et al. 2018: Kaiming over the inputs for convolutions, deviation 0.001 for linear layers, no biases."""
    torch.manual_seed(0)
    for key, parameter in build_architecture(name, (3, 32, 32), 50).named_parameters():
        if parameter.ndim == 4 and parameter.numel() > 2000:
            assert float(parameter.detach().std()) == pytest.approx((2 / parameter[0].numel()) ** 0.5, rel=0.1), key
        elif parameter.ndim == 2 and parameter.numel() > 500:
            assert float(parameter.detach().std()) == pytest.approx(1e-3, rel=0.15), key
        elif key.endswith("bias"):
            assert not parameter.any(), key


def test_initial_weights_of_the_drawing_network_are_a_cut_off_gaussian() -> None:
    torch.manual_seed(0)
    for key, parameter in build_architecture("drawing", (4, 128), 2).named_parameters():
        if key.endswith("bias"):
            assert torch.equal(parameter, torch.full_like(parameter, 0.1))
        else:
            assert float(parameter.detach().abs().max()) <= 0.2
            assert float(parameter.detach().std()) == pytest.approx(0.088, rel=0.1)  # 0.1 times that of a cut one
