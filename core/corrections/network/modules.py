"""Nested containers of torch's own layers, which say all that they do: no export is needed to know it."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from core.corrections.network.bending import SEARCH
from core.corrections.network.curves import CURVES
from core.corrections.network.flow import Builder, Flow
from core.corrections.network.graph import Headed, applied
from core.corrections.network.head import NO_HEAD, Head
from core.corrections.network.operations import Bends, NotPiecewiseLinear
from core.errors import NoExactRegions, UnsupportedNetwork

aten = torch.ops.aten
Call = tuple[object, tuple[Any, ...]]  # an operator, and its arguments after the values


def _convolution(operator: object) -> Callable[[Any], Call]:
    return lambda layer: (
        operator,
        (layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups),
    )


def _batch_norm(layer: Any) -> Call:
    # As in evaluation; a layer in training mode gives itself away when the results are compared.
    statistics = (layer.weight, layer.bias, layer.running_mean, layer.running_var)
    return aten.batch_norm, (*statistics, False, 0.0, layer.eps)


def _max_pool(operator: object) -> Callable[[Any], Call]:
    return lambda layer: (
        operator,
        (layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode),
    )


def _average(layer: Any) -> Call:
    if isinstance(layer, nn.AvgPool2d):
        rest = (layer.ceil_mode, layer.count_include_pad, layer.divisor_override)
        return aten.avg_pool2d, (layer.kernel_size, layer.stride, layer.padding, *rest)
    return aten.avg_pool1d, (layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode, layer.count_include_pad)


CALLS: dict[type[nn.Module], Callable[[Any], Call] | None] = {
    **dict.fromkeys((nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout)),
    nn.Linear: lambda layer: (aten.linear, (layer.weight, layer.bias)),
    nn.Conv1d: _convolution(aten.conv1d),
    nn.Conv2d: _convolution(aten.conv2d),
    nn.BatchNorm1d: _batch_norm,
    nn.BatchNorm2d: _batch_norm,
    nn.ReLU: lambda _: (aten.relu, ()),
    nn.ReLU6: lambda _: (aten.relu6, ()),
    nn.LeakyReLU: lambda layer: (aten.leaky_relu, (layer.negative_slope,)),
    nn.PReLU: lambda layer: (aten.prelu, (layer.weight,)),
    nn.Hardtanh: lambda layer: (aten.hardtanh, (layer.min_val, layer.max_val)),
    nn.MaxPool1d: _max_pool(aten.max_pool1d),
    nn.MaxPool2d: _max_pool(aten.max_pool2d),
    nn.AvgPool1d: _average,
    nn.AvgPool2d: _average,
    nn.AdaptiveAvgPool1d: lambda layer: (aten.adaptive_avg_pool1d, (layer.output_size,)),
    nn.AdaptiveAvgPool2d: lambda layer: (aten.adaptive_avg_pool2d, (layer.output_size,)),
    nn.Flatten: lambda layer: (aten.flatten, (layer.start_dim, layer.end_dim)),
    nn.Softmax: lambda layer: (aten.softmax, (layer.dim,)),
    nn.LogSoftmax: lambda layer: (aten.log_softmax, (layer.dim,)),
    nn.Sigmoid: lambda _: (aten.sigmoid, ()),
    nn.Tanh: lambda _: (aten.tanh, ()),
    nn.LogSigmoid: lambda _: (aten.log_sigmoid, ()),
    nn.GELU: lambda layer: (aten.gelu, (layer.approximate,)),
    nn.SiLU: lambda _: (aten.silu, ()),
    nn.Mish: lambda _: (aten.mish, ()),
    nn.ELU: lambda layer: (aten.elu, (layer.alpha,)),
    nn.Softplus: lambda layer: (aten.softplus, (layer.beta, layer.threshold)),
}
# What else they may be told to do has to be exported.
ORDINARY = {"padding_mode": "zeros", "return_indices": False}


def is_plain(module: nn.Module) -> bool:
    """Whether a module is one of these layers, or a container of nothing else. A subclass may do anything."""
    if type(module) is nn.Sequential:
        return all(is_plain(child) for child in module.children())
    return type(module) in CALLS and all(
        getattr(module, name, ordinary) == ordinary for name, ordinary in ORDINARY.items()
    )


def flow_through_layers(builder: Builder, start: Flow, module: nn.Module, name: str) -> tuple[Flow, Head]:
    """The outputs of a module that `is_plain`, with the head that was left out.

    Raises
    ------
    UnsupportedNetwork
        If a layer does not fit the one before; the text names its place.
    """
    value: Any = start
    for place, layer in _layers(module, ""):
        call = CALLS[type(layer)]
        if call is None:
            continue
        operation, arguments = call(layer)
        named = f'"{place}" ({type(layer).__name__})' if place else type(layer).__name__
        if isinstance(value, Headed):
            value = value.inside(builder, operation)
        if isinstance(value, Headed):
            if operation is aten.flatten:
                if value.may_be_inside(builder):
                    value = Headed(flow=applied(builder, operation, (value.flow, *arguments), {}), head=value.head)
                continue
            kind = NoExactRegions if _instead(value) else UnsupportedNetwork
            raise kind(
                f'Layer {named} of "{name}" follows a softmax, sigmoid or tanh. These bend everywhere and can only be '
                f"left out at the very end, so there are no exact regions.{_instead(value)}"
            )
        try:
            value = applied(builder, operation, (value, *arguments), {})
        except (TypeError, ValueError, AttributeError, RuntimeError, IndexError) as error:  # what no rule foresees
            if isinstance(error, Bends):
                raise NoExactRegions(f'Layer {named} of "{name}" {error}.') from error
            why = str(error) if isinstance(error, NotPiecewiseLinear) else "it does not fit what comes before"
            raise UnsupportedNetwork(
                f'Layer {named} of "{name}" cannot be written as a matrix: {why}. Exact corrections need layers that '
                "treat one sample as they treat all, in the shapes of the card."
            ) from error
    return (value.flow, value.head) if isinstance(value, Headed) else (value, NO_HEAD)


def _instead(value: Headed) -> str:
    """What can be done where a head stands in the middle."""
    return f" {SEARCH}." if value.head.kind in CURVES else ""


def _layers(module: nn.Module, place: str) -> Iterator[tuple[str, nn.Module]]:
    """The layers of a module and of what it contains, in order."""
    if type(module) is not nn.Sequential:
        yield place, module
        return
    for name, child in module.named_children():
        yield from _layers(child, f"{place}.{name}" if place else name)
