"""The built-in architectures by family: what a name may look like, and what to tell people about it.

Nothing here needs torch, so that a form can list architectures before torch is loaded.

Variants, by what follows the name
----------------------------------
``_noshort``
    Without any shortcut.
``_pad``
    Shortcuts without weights: zeros stand in for the missing channels (He et al. 2015, §3.3, option A).
``_kK``
    Every stage K times as wide.
``_wW``
    The first convolution gives W channels, and everything else is scaled with it.
"""

import re
from dataclasses import dataclass
from typing import Literal

InputKind = Literal["image", "table", "drawing"]

WIDTH = r"(?:_w(?P<width>\d+))?"
YAO = "Yao et al. 2018 (arXiv 1802.08241)"


@dataclass(frozen=True, kw_only=True)
class Family:
    """Architectures that are built by the same code and differ in depth, width or shortcuts."""

    key: str
    title: str
    description: str  # one line, without a full stop
    source: str
    pattern: re.Pattern[str]  # of the whole name
    examples: tuple[str, ...]
    inputs: tuple[InputKind, ...]
    smallest: int = 1  # height and width of an image, slots of a drawing
    output_layer: str = ""  # its parameters are `output_layer`.weight and .bias; empty where the name says the outputs


FAMILIES: tuple[Family, ...] = (
    Family(
        key="resnet18",
        title="ResNet-18",
        description="four stages of two residual blocks, from 64 channels to 512, as in the CIFAR-100 experiments",
        source=f"He et al. 2015, §4.1; {YAO}",
        pattern=re.compile(rf"resnet18{WIDTH}(?P<noshort>_noshort)?", re.ASCII),
        examples=("resnet18",),
        inputs=("image",),
        smallest=8,
        output_layer="linear",
    ),
    Family(
        key="resnet",
        title="ResNet for CIFAR",
        description="6·n + 2 layers in three stages, with shortcuts, padding shortcuts or none",
        source="He et al. 2015, §4.2; Li et al. 2018, §6",
        pattern=re.compile(
            r"(?:resnet(?P<depth>\d+)(?:_(?:k(?P<factor>\d+)|w(?P<width>\d+)))?|wrn(?P<wide_depth>\d+)_(?P<times>\d+))"
            r"(?P<variant>_noshort|_pad)?",
            re.ASCII,
        ),
        examples=(
            *(f"resnet{depth}{variant}" for depth in (20, 32, 44, 56, 110) for variant in ("", "_noshort", "_pad")),
            *(f"wrn56_{times}{variant}" for times in (2, 4, 8) for variant in ("", "_noshort")),
        ),
        inputs=("image",),
        smallest=4,
        output_layer="linear",
    ),
    Family(
        key="vgg9",
        title="VGG-9",
        description="seven 3 × 3 convolutions and two fully connected layers, batch normalisation throughout",
        source="Li et al. 2018, §3",
        pattern=re.compile(rf"vgg9{WIDTH}", re.ASCII),
        examples=("vgg9",),
        inputs=("image",),
        smallest=8,
        output_layer="classifier",
    ),
    Family(
        key="densenet121",
        title="DenseNet-121 for CIFAR",
        description="four blocks in which every layer sees all earlier ones, growth rate 32",
        source="Huang et al. 2017; Li et al. 2018, §6",
        pattern=re.compile(rf"densenet121{WIDTH}", re.ASCII),
        examples=("densenet121",),
        inputs=("image",),
        smallest=8,
        output_layer="linear",
    ),
    Family(
        key="googlenet",
        title="GoogLeNet for CIFAR (Inception)",
        description="nine Inception blocks with batch normalisation behind one 3 × 3 convolution",
        source="Szegedy et al. 2015",
        pattern=re.compile(rf"googlenet{WIDTH}", re.ASCII),
        examples=("googlenet",),
        inputs=("image",),
        smallest=4,
        output_layer="linear",
    ),
    Family(
        key="c1",
        title="C1",
        description="two 5 × 5 convolutions and three fully connected layers",
        source=YAO,
        pattern=re.compile(rf"c1{WIDTH}", re.ASCII),
        examples=("c1", "c1_w8"),
        inputs=("image",),
        smallest=4,
        output_layer="fc3",
    ),
    Family(
        key="c2",
        title="C2",
        description="four 3 × 3 convolutions with batch normalisation and three fully connected layers",
        source=YAO,
        pattern=re.compile(rf"c2{WIDTH}", re.ASCII),
        examples=("c2", "c2_w8"),
        inputs=("image",),
        smallest=16,
        output_layer="fc3",
    ),
    Family(
        key="c3",
        title="C3",
        description="C2 without batch normalisation",
        source=YAO,
        pattern=re.compile(rf"c3{WIDTH}", re.ASCII),
        examples=("c3", "c3_w8"),
        inputs=("image",),
        smallest=16,
        output_layer="fc3",
    ),
    Family(
        key="m1",
        title="M1",
        description="two 5 × 5 convolutions and two fully connected layers, for MNIST",
        source=YAO,
        pattern=re.compile(rf"m1{WIDTH}", re.ASCII),
        examples=("m1", "m1_w8"),
        inputs=("image",),
        smallest=16,
        output_layer="fc2",
    ),
    Family(
        key="drawing",
        title="Drawing network",
        description="three 1-D convolutions over line slots and a fully connected layer",
        source="Zhang et al. 2018 (arXiv 1802.07384)",
        pattern=re.compile(rf"drawing{WIDTH}", re.ASCII),
        examples=("drawing",),
        inputs=("drawing",),
        smallest=5,
        output_layer="fc2",
    ),
    Family(
        key="mlp",
        title="Fully connected",
        description="linear layers with ReLU between them; the name gives every width",
        source="Zhang et al. 2018 (arXiv 1802.07384)",
        pattern=re.compile(
            r"mlp:(?P<inputs>\d+)-(?P<hidden>\d+(?:x\d+)?(?:-\d+(?:x\d+)?)*)-(?P<outputs>\d+)", re.ASCII
        ),
        examples=("mlp:784-200x5-10", "mlp:51-100x8-2"),
        inputs=("image", "table", "drawing"),
    ),
)

VARIANTS = {"_noshort": "without shortcuts", "_pad": "padding shortcuts"}


LONGEST_NAME = 500


def family_of(name: str) -> Family | None:
    """The family that a name belongs to, or None. The name may still be refused, as ``resnet21`` is."""
    if len(name) > LONGEST_NAME:  # Python reads no number of thousands of digits
        return None
    return next((family for family in FAMILIES if family.pattern.fullmatch(name)), None)


def suggestions(inputs: InputKind | None = None) -> tuple[str, ...]:
    """Names worth offering, all of which can be built, for one kind of input or for any."""
    return tuple(name for family in FAMILIES if inputs in (None, *family.inputs) for name in family.examples)


def describe(name: str) -> str | None:
    """One line about an architecture, with its source; None where no architecture has that name."""
    family = family_of(name)
    found = family.pattern.fullmatch(name) if family is not None else None
    if family is None or found is None:
        return None
    parts = {key: value for key, value in found.groupdict().items() if value}
    title = family.title
    if depth := parts.get("depth") or parts.get("wide_depth"):
        title = title.replace("ResNet", f"ResNet-{depth}", 1)
    words = [VARIANTS[ending] for ending in VARIANTS if name.endswith(ending)]
    if (factor := parts.get("factor") or parts.get("times")) and int(factor) != 1:
        words.insert(0, f"{factor} times as wide")
    if width := parts.get("width"):
        words.insert(0, f"{width} channels at first")
    return f"{', '.join([title, *words])}: {family.description}. {family.source}"
