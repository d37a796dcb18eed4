"""The table of families: what is offered can be built, and every name is explained."""

import subprocess
import sys

import pytest

from core.networks.architectures.families import FAMILIES, describe, family_of, suggestions
from core.networks.architectures.registry import BUILDERS, blueprint, mlp_sizes

SHAPES = {"image": (3, 32, 32), "drawing": (4, 128)}


def test_every_family_has_a_builder_and_every_builder_a_family() -> None:
    assert sorted(BUILDERS) == sorted(family.key for family in FAMILIES)


@pytest.mark.parametrize("name", suggestions())
def test_what_is_suggested_can_be_built_and_is_explained(name: str) -> None:
    family = family_of(name)
    assert family is not None
    sizes = mlp_sizes(name)
    shape = (sizes[0],) if sizes else SHAPES[family.inputs[0]]
    module = blueprint(name, shape, sizes[1] if sizes else 10)
    assert family.output_layer in ("", [key for key, _ in module.named_modules()][-1])
    explanation = describe(name)
    assert explanation is not None
    assert family.source in explanation


def test_suggestions_are_those_for_the_kind_of_input() -> None:
    assert "drawing" in suggestions("drawing")
    assert "drawing" not in suggestions("image")
    assert all(name.startswith("mlp:") for name in suggestions("table"))
    assert {"resnet56_noshort", "resnet56_pad", "wrn56_4", "vgg9", "densenet121", "googlenet"} < set(suggestions())
    assert {"c1", "c2", "c3", "m1", "resnet18", "resnet110"} < set(suggestions("image"))


@pytest.mark.parametrize("name", ["", "resnet", "vgg16", "c1_w", "mlp:4"])
def test_a_name_of_no_architecture_has_no_explanation(name: str) -> None:
    assert family_of(name) is None
    assert describe(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("resnet56_noshort", "ResNet-56 for CIFAR, without shortcuts:"),
        ("resnet20_pad", "ResNet-20 for CIFAR, padding shortcuts:"),
        ("wrn56_4_noshort", "ResNet-56 for CIFAR, 4 times as wide, without shortcuts:"),
        ("resnet56_k2", "ResNet-56 for CIFAR, 2 times as wide:"),
        ("wrn56_1", "ResNet-56 for CIFAR:"),
        ("c1_w8", "C1, 8 channels at first:"),
    ],
)
def test_the_explanation_says_the_variant_in_words(name: str, words: str) -> None:
    explanation = describe(name)
    assert explanation is not None
    assert explanation.startswith(words)


def test_listing_the_families_loads_no_torch() -> None:
    code = "import sys, core.networks.architectures.families; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
