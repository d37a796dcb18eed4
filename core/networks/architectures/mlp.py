"""Fully connected ReLU networks."""

from collections.abc import Sequence

from torch import nn


def build_mlp(inputs: int, hidden: Sequence[int], outputs: int) -> nn.Sequential:
    """Flatten, then linear layers with ReLU between: parameters ``1.weight``, ``1.bias``, ``3.weight``, …"""
    layers: list[nn.Module] = [nn.Flatten()]
    width = inputs
    for units in hidden:
        layers += [nn.Linear(width, units), nn.ReLU()]
        width = units
    layers.append(nn.Linear(width, outputs))
    return nn.Sequential(*layers)
