"""Recognises layers in a graph, whether it was traced from modules or comes from an exported program."""

import operator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from core.landscape.evaluation.graph_norm import GraphNorm

aten = torch.ops.aten
RELU_FUNCTIONS = {torch.relu, torch.relu_, functional.relu, functional.relu_, aten.relu.default, aten.relu_.default}
ADDITIONS = {operator.add, operator.iadd, torch.add, aten.add.Tensor, aten.add_.Tensor}
OVERWRITING = {operator.iadd, aten.add_.Tensor, "add_"}
CONVOLUTIONS = {aten.conv1d.default: 1, aten.conv2d.default: 2, aten.conv3d.default: 3}
CONVOLUTION_MODULES = {nn.Conv1d: 1, nn.Conv2d: 2, nn.Conv3d: 3}
NORM_MODULES = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@dataclass(frozen=True, eq=False)
class Affine:
    """A convolution, or a fully connected layer where `dimensions` is 0. The tensors are the module's own."""

    source: fx.Node
    weight: Tensor
    bias: Tensor | None
    dimensions: int = 0
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    groups: int = 1


@dataclass(frozen=True, eq=False)
class Norm:
    """Batch normalisation with running statistics."""

    source: fx.Node
    mean: Tensor
    variance: Tensor
    weight: Tensor | None
    bias: Tensor | None
    epsilon: float


def affine_at(graph: fx.GraphModule, node: fx.Node) -> Affine | None:
    """The convolution or fully connected layer that a node is, if it is one."""
    if node.op == "call_module":
        return _affine_module(graph.get_submodule(str(node.target)), node)
    given = _arguments(node)
    if given is None or (node.target not in CONVOLUTIONS and node.target is not aten.linear.default):
        return None
    source, weight = given["input"], _tensor(graph, given["weight"])
    bias = None if given["bias"] is None else _tensor(graph, given["bias"])
    if weight is None or (bias is None) != (given["bias"] is None):
        return None
    if node.target is aten.linear.default:
        return Affine(source, weight, bias)
    count = CONVOLUTIONS[node.target]
    stride, padding, dilation = (_each(given[name], count) for name in ("stride", "padding", "dilation"))
    return Affine(source, weight, bias, count, stride, padding, dilation, given["groups"])


def _affine_module(layer: Any, node: fx.Node) -> Affine | None:
    source = _only_argument(node)
    if source is None:
        return None
    if type(layer) is nn.Linear:
        return Affine(source, layer.weight.data, None if layer.bias is None else layer.bias.data)
    if type(layer) not in CONVOLUTION_MODULES:
        return None
    if layer.padding_mode != "zeros" or isinstance(layer.padding, str):
        return None
    bias = None if layer.bias is None else layer.bias.data
    numbers = (tuple(layer.stride), tuple(layer.padding), tuple(layer.dilation))
    count = CONVOLUTION_MODULES[type(layer)]
    return Affine(source, layer.weight.data, bias, count, *numbers, groups=layer.groups)


def norm_at(graph: fx.GraphModule, node: fx.Node) -> Norm | None:
    """The batch normalisation that a node is, if it is one that uses running statistics."""
    if node.op == "call_module":
        layer: Any = graph.get_submodule(str(node.target))
        if type(layer) is GraphNorm:
            source, weight, bias, mean, variance = node.args
            return _norm(graph, (source, mean, variance, weight, bias), layer.epsilon)
        return _norm_module(layer, node) if type(layer) in NORM_MODULES else None
    given = _arguments(node)
    if given is None or node.target is not aten.batch_norm.default or given["training"]:
        return None
    names = ("input", "running_mean", "running_var", "weight", "bias")
    return _norm(graph, tuple(given[name] for name in names), given["eps"])


def _norm_module(layer: Any, node: fx.Node) -> Norm | None:
    source = _only_argument(node)
    if source is None or layer.running_mean is None:
        return None
    scale, shift = (None if tensor is None else tensor.data for tensor in (layer.weight, layer.bias))
    return Norm(source, layer.running_mean, layer.running_var, scale, shift, layer.eps)


def _norm(graph: fx.GraphModule, given: tuple[Any, ...], epsilon: float) -> Norm | None:
    """From the input, the two statistics, scale and shift as the graph names them."""
    source, *named = given
    tensors = [None if value is None else _tensor(graph, value) for value in named]
    known = all((tensor is None) == (value is None) for tensor, value in zip(tensors, named, strict=True))
    mean, variance, weight, bias = tensors
    if not known or mean is None or variance is None:
        return None
    return Norm(source, mean, variance, weight, bias, epsilon)


def is_relu(graph: fx.GraphModule, node: fx.Node) -> bool:
    """Whether a node is a ReLU."""
    if node.op == "call_module":
        return type(graph.get_submodule(str(node.target))) is nn.ReLU
    if node.op == "call_method":
        return node.target in ("relu", "relu_")
    return node.op == "call_function" and node.target in RELU_FUNCTIONS


def added_to(node: fx.Node, summand: fx.Node) -> fx.Node | None:
    """What a node adds to a summand, if it adds two different tensors and overwrites nothing that others look at."""
    called = node.op == "call_function" and node.target in ADDITIONS
    called |= node.op == "call_method" and node.target in ("add", "add_")
    if not called or node.kwargs or len(node.args) != 2:
        return None
    left, right = node.args
    if not isinstance(left, fx.Node) or not isinstance(right, fx.Node) or left is right:
        return None
    if node.target in OVERWRITING and len(left.users) > 1:
        return None
    return right if left is summand else left


def _arguments(node: fx.Node) -> dict[str, Any] | None:
    """The arguments of an operator by name, those left out included."""
    if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):  # noqa: SLF001
        return None
    names = node.target._schema.arguments  # noqa: SLF001
    given = {argument.name: argument.default_value for argument in names if argument.has_default_value()}
    return given | {argument.name: value for argument, value in zip(names, node.args, strict=False)} | dict(node.kwargs)


def _only_argument(node: fx.Node) -> fx.Node | None:
    one = len(node.args) == 1 and not node.kwargs and isinstance(node.args[0], fx.Node)
    return node.args[0] if one else None  # type: ignore[return-value]


def _tensor(graph: fx.GraphModule, value: object) -> Tensor | None:
    """The tensor behind an argument, if it is one of the module's own."""
    if not isinstance(value, fx.Node) or value.op != "get_attr":
        return None
    found: Any = graph
    for part in str(value.target).split("."):
        found = getattr(found, part, None)
    return found.data if isinstance(found, nn.Parameter) else found if isinstance(found, Tensor) else None


def _each(value: Any, count: int) -> tuple[int, ...]:
    numbers = tuple(value) if isinstance(value, list | tuple) else (value,)
    return numbers * count if len(numbers) == 1 else numbers
