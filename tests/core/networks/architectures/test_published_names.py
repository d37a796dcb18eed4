"""Parameters are called as in the public implementations, in their order, so that published weights load."""

from collections.abc import Iterable

import pytest

from core.networks.architectures.registry import blueprint

NORMALISATION = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
AFFINE = ("weight", "bias")


def named(*layers: tuple[str, Iterable[str]]) -> list[str]:
    return [f"{layer}.{part}" for layer, parts in layers for part in parts]


def residual(stages: int, blocks: int, *, shortcuts: bool) -> list[str]:
    layers: list[tuple[str, Iterable[str]]] = [("conv1", ["weight"]), ("bn1", NORMALISATION)]
    for stage in range(1, stages + 1):
        for block in range(blocks):
            place = f"layer{stage}.{block}"
            for number in (1, 2):
                layers += [(f"{place}.conv{number}", ["weight"]), (f"{place}.bn{number}", NORMALISATION)]
            if shortcuts and stage > 1 and block == 0:
                layers += [(f"{place}.shortcut.0", ["weight"]), (f"{place}.shortcut.1", NORMALISATION)]
    return named(*layers, ("linear", AFFINE))


def vgg9() -> list[str]:
    convolutions = (0, 3, 7, 10, 14, 17, 20)  # 6, 13 and 23 are poolings
    layers: list[tuple[str, Iterable[str]]] = []
    for number in convolutions:
        layers += [(f"features.{number}", AFFINE), (f"features.{number + 1}", NORMALISATION)]
    return named(*layers, ("fc.0", AFFINE), ("fc.1", NORMALISATION), ("classifier", AFFINE))


def densenet121() -> list[str]:
    layers: list[tuple[str, Iterable[str]]] = [("conv1", ["weight"])]
    for stage, blocks in enumerate((6, 12, 24, 16), start=1):
        for block in range(blocks):
            place = f"dense{stage}.{block}"
            for number in (1, 2):
                layers += [(f"{place}.bn{number}", NORMALISATION), (f"{place}.conv{number}", ["weight"])]
        if stage < 4:
            layers += [(f"trans{stage}.bn", NORMALISATION), (f"trans{stage}.conv", ["weight"])]
    return named(*layers, ("bn", NORMALISATION), ("linear", AFFINE))


def googlenet() -> list[str]:
    convolutions = ("b1.0", "b2.0", "b2.3", "b3.0", "b3.3", "b3.6", "b4.1")
    layers: list[tuple[str, Iterable[str]]] = [("pre_layers.0", AFFINE), ("pre_layers.1", NORMALISATION)]
    for block in ("a3", "b3", "a4", "b4", "c4", "d4", "e4", "a5", "b5"):
        for convolution in convolutions:
            branch, number = convolution.split(".")
            layers += [(f"{block}.{convolution}", AFFINE), (f"{block}.{branch}.{int(number) + 1}", NORMALISATION)]
    return named(*layers, ("linear", AFFINE))


def small(convolutions: int, linear: int, *, normalised: bool) -> list[str]:
    layers: list[tuple[str, Iterable[str]]] = []
    for number in range(1, convolutions + 1):
        layers.append((f"conv{number}", AFFINE))
        if normalised:
            layers.append((f"bn{number}", NORMALISATION))
    return named(*layers, *((f"fc{number}", AFFINE) for number in range(1, linear + 1)))


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("resnet56", residual(3, 9, shortcuts=True)),
        ("resnet56_noshort", residual(3, 9, shortcuts=False)),
        ("resnet110_pad", residual(3, 18, shortcuts=False)),
        ("wrn56_4", residual(3, 9, shortcuts=True)),
        ("resnet18", residual(4, 2, shortcuts=True)),
        ("resnet18_noshort", residual(4, 2, shortcuts=False)),
        ("vgg9", vgg9()),
        ("densenet121", densenet121()),
        ("googlenet", googlenet()),
        ("c1", small(2, 3, normalised=True)),
        ("c2", small(4, 3, normalised=True)),
        ("c3", small(4, 3, normalised=False)),
        ("m1", small(2, 2, normalised=False)),
    ],
)
def test_names_and_their_order_are_the_published_ones(name: str, published: list[str]) -> None:
    assert list(blueprint(name, (3, 32, 32), 10).state_dict()) == published


@pytest.mark.parametrize(
    ("name", "parameter", "shape"),
    [
        ("vgg9", "features.20.weight", (256, 256, 3, 3)),
        ("vgg9", "fc.0.weight", (256, 4096)),
        ("densenet121", "dense1.0.conv1.weight", (128, 64, 1, 1)),
        ("densenet121", "trans1.conv.weight", (128, 256, 1, 1)),
        ("densenet121", "bn.weight", (1024,)),
        ("googlenet", "a3.b2.3.weight", (128, 96, 3, 3)),
        ("googlenet", "d4.b3.6.weight", (64, 64, 3, 3)),
        ("googlenet", "b5.b4.1.weight", (128, 832, 1, 1)),
        ("resnet18", "layer4.0.shortcut.0.weight", (512, 256, 1, 1)),
        ("c1", "fc1.weight", (384, 4096)),
        ("c2", "fc1.weight", (256, 3200)),
    ],
)
def test_shapes_are_the_published_ones(name: str, parameter: str, shape: tuple[int, ...]) -> None:
    assert tuple(blueprint(name, (3, 32, 32), 10).state_dict()[parameter].shape) == shape
