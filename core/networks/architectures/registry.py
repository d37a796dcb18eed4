"""From the name of an architecture, as written in a network card, to an untrained module.

Names
-----
``resnet20``, ``resnet56_noshort``, ``resnet110_k4`` …
    `ResNetCifar` of depth 6·n + 2; ``_kK`` makes every stage K times as wide, ``_wW`` gives the first stage W channels.
``mlp:64-200x5-10``
    Fully connected: 64 inputs, five hidden layers of 200, 10 outputs.
"""

import math
import re
from itertools import pairwise

from torch import nn

from core.errors import InvalidRequest
from core.networks.architectures.mlp import build_mlp
from core.networks.architectures.resnet_cifar import ResNetCifar

RESNET = re.compile(r"resnet(?P<depth>\d+)(?:_(?:k(?P<factor>\d+)|w(?P<width>\d+)))?(?P<noshort>_noshort)?", re.ASCII)
MLP = re.compile(r"mlp:(?P<inputs>\d+)-(?P<hidden>\d+(?:x\d+)?(?:-\d+(?:x\d+)?)*)-(?P<outputs>\d+)", re.ASCII)
MAX_DEPTH = 1202  # the deepest network of He et al. 2015, §4.2
MAX_WIDTH = 4096
MAX_HIDDEN = 1000  # layers of an mlp
MAX_MLP_WEIGHTS = 2**31  # eight gigabytes: more is a typing error
KNOWN = "resnet20, resnet32, resnet44, resnet56, resnet110 (each also with _noshort, _k2 …), mlp:IN-200x5-OUT"


def build_architecture(name: str, input_shape: tuple[int, ...], classes: int) -> nn.Module:
    """Build an untrained network in training mode.

    Raises
    ------
    InvalidRequest
        If no architecture has that name, or it does not fit the input shape or the number of classes.
    """
    if found := RESNET.fullmatch(name):
        return _resnet(name, found, input_shape, classes)
    if found := MLP.fullmatch(name):
        return _mlp(name, found, input_shape, classes)
    raise InvalidRequest(f'There is no architecture "{name}". There are: {KNOWN}.')


def mlp_sizes(name: str) -> tuple[int, int] | None:
    """Inputs and outputs that the name of a fully connected network states; None for any other name."""
    found = MLP.fullmatch(name)
    return (int(found["inputs"]), int(found["outputs"])) if found else None


def _resnet(name: str, found: re.Match[str], shape: tuple[int, ...], classes: int) -> nn.Module:
    depth = int(found["depth"])
    if not 8 <= depth <= MAX_DEPTH or (depth - 2) % 6:
        raise InvalidRequest(
            f'"{name}": the depth must be 6·n + 2, such as 20, 32, 44, 56 or 110, at most {MAX_DEPTH}, not {depth}.'
        )
    if len(shape) != 3:
        raise InvalidRequest(f'"{name}" takes images of shape channels × height × width, not {shape}.')
    width = int(found["width"] or 16 * int(found["factor"] or 1))
    if not 1 <= width <= MAX_WIDTH:
        raise InvalidRequest(f'"{name}": the first stage must have 1 to {MAX_WIDTH} channels, not {width}.')
    return ResNetCifar(depth, channels_in=shape[0], classes=classes, shortcut=not found["noshort"], width=width)


def _mlp(name: str, found: re.Match[str], shape: tuple[int, ...], classes: int) -> nn.Module:
    inputs, outputs = int(found["inputs"]), int(found["outputs"])
    hidden = _hidden(name, found["hidden"], inputs, outputs)
    if inputs != math.prod(shape):
        raise InvalidRequest(
            f'"{name}" takes {inputs} inputs, but the input shape {shape} has {math.prod(shape)}. Correct one of them.'
        )
    if outputs != classes:
        raise InvalidRequest(f'"{name}" has {outputs} outputs, but there are {classes} classes. Correct one of them.')
    return build_mlp(inputs, hidden, outputs)


def _hidden(name: str, text: str, inputs: int, outputs: int) -> list[int]:
    """``200x5-50`` as a list of widths, refused where no memory would hold the network."""
    parts = [(int(units), int(times or 1)) for units, _, times in (part.partition("x") for part in text.split("-"))]
    if min(inputs, outputs, *(min(part) for part in parts)) < 1:
        raise InvalidRequest(f'"{name}": every layer needs at least one unit, and must be there at least once.')
    if sum(times for _, times in parts) > MAX_HIDDEN:
        raise InvalidRequest(f'"{name}": more than {MAX_HIDDEN} hidden layers. Is the number of layers meant?')
    hidden = [units for units, times in parts for _ in range(times)]
    widths = [inputs, *hidden, outputs]
    weights = sum(one * next_one for one, next_one in pairwise(widths))
    if weights > MAX_MLP_WEIGHTS:
        raise InvalidRequest(f'"{name}" would have {weights:,} weights. Are the widths meant?')
    return hidden
