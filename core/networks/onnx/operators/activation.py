"""Activations, and the softmax family with its two meanings."""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.values import Call
from core.networks.onnx.view import NodeView

Function = Callable[[Tensor], Tensor]
SMALLEST, LARGEST = -3.402823466e38, 3.402823466e38  # what Clip had as defaults when its limits were attributes


def _plain(function: Function) -> Callable[[NodeView], Call]:
    """A converter for a function that has no attributes."""
    return lambda view: view.call(function, view.operand(0))


def _leaky_relu(view: NodeView) -> Call:
    slope = view.real("alpha", 0.01)
    return view.call(lambda x: functional.leaky_relu(x, slope), view.operand(0))


def _parametric_relu(view: NodeView) -> Call:
    if view.is_flow(1):
        view.refuse("its slope depends on the input")
    aligned = view.align([0, 1])

    def bent(*tensors: Tensor) -> Tensor:
        x, slope = aligned(tensors)
        return torch.where(x < 0, slope * x, x)

    return view.call(bent, view.operand(0), view.parameter(1))


def _thresholded_relu(view: NodeView) -> Call:
    threshold = view.real("alpha", 1.0)
    return view.call(lambda x: torch.where(x > threshold, x, torch.zeros_like(x)), view.operand(0))


def _exponential(view: NodeView, alpha: float, gamma: float = 1.0) -> Call:
    a, g = view.real("alpha", alpha), view.real("gamma", gamma)
    if g == 1.0:
        return view.call(lambda x: functional.elu(x, a), view.operand(0))
    return view.call(lambda x: g * functional.elu(x, a), view.operand(0))


def _hard_sigmoid(view: NodeView) -> Call:
    alpha, beta = view.real("alpha", 0.2), view.real("beta", 0.5)
    return view.call(lambda x: (alpha * x + beta).clamp(0.0, 1.0), view.operand(0))


def _hard_swish(view: NodeView) -> Call:
    return view.call(lambda x: x * (x / 6.0 + 0.5).clamp(0.0, 1.0), view.operand(0))


def _gelu(view: NodeView) -> Call:
    rule = view.text("approximate", "none")
    if rule not in ("none", "tanh"):
        view.refuse(f'approximate = "{rule[:20]}" is not known')
    return view.call(lambda x: functional.gelu(x, approximate=rule), view.operand(0))


def _clip(view: NodeView) -> Call:
    """Limits were attributes before opset 11, and are inputs since."""
    if view.opset < 11:
        low: float | None = view.real("min", SMALLEST)
        high: float | None = view.real("max", LARGEST)
    else:
        low = view.number(1, "lower limit") if view.has(1) else None
        high = view.number(2, "upper limit") if view.has(2) else None
    low = None if low is not None and low <= SMALLEST else low
    high = None if high is not None and high >= LARGEST else high
    if low is not None and (math.isnan(low) or (high is not None and not low <= high)):
        view.refuse(f"its limits {low} and {high} are none")
    if low is None and high is None:
        return view.call(lambda x: x, view.operand(0))
    return view.call(lambda x: torch.clamp(x, low, high), view.operand(0))


def softmax(view: NodeView, function: Callable[..., Tensor]) -> Call:
    """Along one axis; before opset 13, over all axes from one on."""
    rank = view.rank(0)
    if not rank:
        view.refuse("its input is one number")
    if view.opset >= 13:
        axis = view.axis(view.integer("axis", -1), rank)
        return view.call(lambda x: function(x, dim=axis), view.operand(0))
    first = view.axis(view.integer("axis", 1), rank)
    if first == rank - 1 + view.lead:
        return view.call(lambda x: function(x, dim=first), view.operand(0))
    return view.call(lambda x: function(x.flatten(first), dim=-1).reshape(x.shape), view.operand(0))


CONVERTERS: dict[str, Callable[[NodeView], Call]] = {
    "Relu": _plain(torch.relu),
    "LeakyRelu": _leaky_relu,
    "PRelu": _parametric_relu,
    "ThresholdedRelu": _thresholded_relu,
    "Elu": partial(_exponential, alpha=1.0),
    "Celu": lambda view: view.call(partial(functional.celu, alpha=view.real("alpha", 1.0)), view.operand(0)),
    "Selu": partial(_exponential, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875),
    "Sigmoid": _plain(torch.sigmoid),
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _hard_swish,
    "Tanh": _plain(torch.tanh),
    "Softplus": _plain(functional.softplus),
    "Softsign": _plain(functional.softsign),
    "Mish": _plain(functional.mish),
    "Gelu": _gelu,
    "Clip": _clip,
    "Softmax": partial(softmax, function=torch.softmax),
    "LogSoftmax": partial(softmax, function=torch.log_softmax),
}
