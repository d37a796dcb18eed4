"""The parameters of a network by layer, for a person to read. Knows names and shapes only, so it needs no torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer with parameters of its own."""

    name: str  # such as ``layer1.0.conv1``; empty for parameters that stand on their own
    shapes: tuple[tuple[str, tuple[int, ...]], ...]  # (``weight``, (16, 3, 3, 3)), …
    count: int  # parameters in it


def layers_of(shapes: Mapping[str, tuple[int, ...]]) -> tuple[Layer, ...]:
    """Group parameters by the layer they belong to, in the order in which the layers come first.

    Parameters
    ----------
    shapes : mapping
        Shape of every parameter by name, such as ``linear.weight``; statistics of normalisation left out.
    """
    groups: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, shape in shapes.items():
        layer, _, parameter = name.rpartition(".")
        groups.setdefault(layer, []).append((parameter, shape))
    return tuple(
        Layer(name=name, shapes=tuple(members), count=sum(math.prod(shape) for _, shape in members))
        for name, members in groups.items()
    )
