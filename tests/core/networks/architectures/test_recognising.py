"""Which architecture weights belong to: found for every built-in one, and for nothing else."""

import pytest
import torch
from torch import Tensor

from core.networks.architectures.recognising import outputs_of, recognise
from core.networks.architectures.registry import blueprint, build_architecture
from core.networks.weights import apply_weights, read_weights
from tests.realdata import realdata_path

CIFAR, GREY = (3, 32, 32), (1, 28, 28)


def weights_of(name: str, shape: tuple[int, ...], classes: int) -> dict[str, Tensor]:
    return dict(blueprint(name, shape, classes).state_dict())


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("resnet20", CIFAR, 10),
        ("resnet56_k2", CIFAR, 10),
        ("resnet110_k8", CIFAR, 100),
        ("resnet8_w5", (1, 32, 32), 3),
        ("resnet18", CIFAR, 100),
        ("resnet18_w4_noshort", CIFAR, 2),
        ("vgg9", CIFAR, 10),
        ("vgg9_w4", GREY, 10),
        ("vgg9_w4", (3, 64, 64), 10),
        ("densenet121", CIFAR, 10),
        ("densenet121_w24", CIFAR, 10),
        ("googlenet", CIFAR, 10),
        ("googlenet_w24", (4, 32, 32), 1),
        ("c1", CIFAR, 10),
        ("c1_w8", GREY, 10),
        ("c1", (3, 28, 28), 10),
        ("c1_w8", (1, 8, 8), 10),
        ("c2", CIFAR, 10),
        ("c2_w8", (3, 64, 64), 200),
        ("c3", CIFAR, 10),
        ("c3_w5", (3, 40, 40), 10),
        ("m1", GREY, 10),
        ("m1_w4", CIFAR, 10),
        ("drawing", (4, 128), 2),
        ("drawing_w3", (5, 40), 25),
        ("mlp:64-200x5-10", (64,), 10),
        ("mlp:6-9-7x2-9-3", (6,), 3),
    ],
)
def test_every_architecture_is_recognised_by_its_weights(name: str, shape: tuple[int, ...], classes: int) -> None:
    (found,) = recognise(weights_of(name, shape, classes))
    assert (found.architecture, found.input_shape, found.classes) == (name, shape, classes)
    assert found.certain


@pytest.mark.parametrize("kind", ["_noshort", "_pad"])
def test_networks_without_weights_in_shortcuts_leave_a_choice_of_two(kind: str) -> None:
    found = recognise(weights_of(f"resnet56{kind}", CIFAR, 10))
    assert [each.architecture for each in found] == ["resnet56_noshort", "resnet56_pad"]
    assert not any(each.certain for each in found)
    assert all("resnet56_noshort and resnet56_pad have the same weights" in each.note for each in found)


def test_an_alias_is_recognised_under_its_plain_name() -> None:
    assert [each.architecture for each in recognise(weights_of("wrn56_4", CIFAR, 10))] == ["resnet56_k4"]


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("resnet20", CIFAR, "do not tell the size of the images: 32 × 32 is assumed"),
        ("googlenet_w6", GREY, "do not tell the size of the images: 32 × 32 is assumed"),
        ("c1_w4", GREY, "25 × 25 to 28 × 28 pixels have the same weights: 28 × 28 is assumed"),
        ("vgg9_w4", CIFAR, "25 × 25 to 32 × 32 pixels have the same weights: 32 × 32 is assumed"),
        ("mlp:784-5-2", (784,), "one row of 784 numbers"),
    ],
)
def test_what_the_weights_do_not_tell_is_said(name: str, shape: tuple[int, ...], words: str) -> None:
    (found,) = recognise(weights_of(name, shape, 2))
    assert words in found.note


def test_the_weights_fit_the_module_that_was_recognised() -> None:
    trained = build_architecture("c1_w4", (3, 20, 20), 5)
    (found,) = recognise(trained.state_dict())
    other = build_architecture(found.architecture, found.input_shape, found.classes)
    apply_weights(other, trained.state_dict(), architecture=found.architecture)
    samples = torch.randn(4, *found.input_shape)
    assert torch.equal(other.eval()(samples), trained.eval()(samples))


def test_files_without_counters_of_batch_normalisation_are_recognised() -> None:
    weights = weights_of("vgg9_w2", CIFAR, 10)
    without = {name: value for name, value in weights.items() if "num_batches_tracked" not in name}
    assert recognise(without) == recognise(weights)
    assert len(recognise(without)) == 1


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"conv1.weight": torch.zeros(())},
        {"conv1.weight": torch.zeros(0, 3, 3, 3)},
        {"conv1.weight": torch.zeros(16, 3, 3, 3)},
        {"1.weight": torch.zeros(3, 4), "3.weight": torch.zeros(5, 2)},
        {"1.weight": torch.zeros(3, 4)},
        {"9" * 5000 + ".weight": torch.zeros(3, 4)},
        {"conv1.weight": torch.zeros(2, 2, 5), "fc1.weight": torch.zeros(4, 4), "fc2.weight": torch.zeros(1, 4)},
        {"conv1.weight": torch.zeros(4, 3, 5, 5), "conv2.weight": torch.zeros(0), "fc1.weight": torch.zeros(3, 3)},
    ],
)
def test_weights_of_nothing_known_are_not_recognised(weights: dict[str, Tensor]) -> None:
    assert recognise(weights) == ()


@pytest.mark.parametrize("name", ["resnet8_w2", "resnet18_w2", "vgg9_w2", "densenet121_w2", "googlenet_w6", "c2_w2"])
@pytest.mark.parametrize("change", ["missing", "more", "reshaped"])
def test_weights_that_differ_in_one_parameter_are_not_recognised(name: str, change: str) -> None:
    weights = weights_of(name, CIFAR, 10)
    last = [key for key in weights if "num_batches_tracked" not in key][-4]
    if change == "more":
        weights["extra.weight"] = weights[last]
    elif change == "missing":
        del weights[last]
    else:
        weights[last] = torch.zeros(3, *weights[last].shape, device="meta")
    assert recognise(weights) == ()


@pytest.mark.parametrize(
    "name",
    [
        *("resnet8", "resnet8_pad", "wrn8_2", "resnet18_w2", "vgg9_w2", "densenet121_w2", "googlenet_w6"),
        *("c1_w2", "c2_w2", "c3_w2", "m1_w2", "drawing_w2", "mlp:3072-5x2-7"),
    ],
)
def test_the_outputs_are_read_from_the_last_layer_of_every_family(name: str) -> None:
    shape = (4, 9) if name.startswith("drawing") else CIFAR
    assert outputs_of(name, weights_of(name, shape, 7)) == 7


@pytest.mark.parametrize("name", ["resnet20", "vgg9", "no such name"])
def test_outputs_of_weights_without_a_last_layer_are_a_harmless_guess(name: str) -> None:
    assert outputs_of(name, {"linear.weight": torch.zeros(()), "classifier.weight": torch.zeros(0, 2)}) == 10


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "found"), [("resnet56", ["resnet56"]), ("resnet56_noshort", ["resnet56_noshort", "resnet56_pad"])]
)
def test_the_published_weights_are_recognised(name: str, found: list[str]) -> None:
    weights = read_weights(realdata_path(f"lossland_resnet56/{name}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"))
    assert [each.architecture for each in recognise(weights)] == found
