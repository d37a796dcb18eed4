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

from torch import nn

from core.errors import InvalidRequest
from core.networks.architectures.mlp import build_mlp
from core.networks.architectures.resnet_cifar import ResNetCifar

RESNET = re.compile(r"resnet(?P<depth>\d+)(?:_(?:k(?P<factor>\d+)|w(?P<width>\d+)))?(?P<noshort>_noshort)?")
MLP = re.compile(r"mlp:(?P<inputs>\d+)-(?P<hidden>\d+(?:x\d+)?(?:-\d+(?:x\d+)?)*)-(?P<outputs>\d+)")
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


def _resnet(name: str, found: re.Match[str], shape: tuple[int, ...], classes: int) -> nn.Module:
    depth = int(found["depth"])
    if depth < 8 or (depth - 2) % 6:
        raise InvalidRequest(f'"{name}": the depth must be 6·n + 2, such as 20, 32, 44, 56 or 110, not {depth}.')
    if len(shape) != 3:
        raise InvalidRequest(f'"{name}" takes images of shape channels × height × width, not {shape}.')
    width = int(found["width"] or 16 * int(found["factor"] or 1))
    if width < 1:
        raise InvalidRequest(f'"{name}": the width must be at least 1.')
    return ResNetCifar(depth, channels_in=shape[0], classes=classes, shortcut=not found["noshort"], width=width)


def _mlp(name: str, found: re.Match[str], shape: tuple[int, ...], classes: int) -> nn.Module:
    inputs, outputs = int(found["inputs"]), int(found["outputs"])
    if inputs != math.prod(shape):
        raise InvalidRequest(f'"{name}" takes {inputs} inputs, but the input shape {shape} has {math.prod(shape)}.')
    if outputs != classes:
        raise InvalidRequest(f'"{name}" has {outputs} outputs, but there are {classes} classes.')
    hidden: list[int] = []
    for part in found["hidden"].split("-"):
        units, _, times = part.partition("x")
        hidden += [int(units)] * int(times or 1)
    return build_mlp(inputs, hidden, outputs)
