"""Copies of a network that may be moved while the network itself stays as it is."""

import copy
import warnings
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import map_aggregate

from core.networks.parameters import tie_shared

GUARDS = "_guards_fn"  # an exported program's check of its input, which was checked before


def independent_copy(module: nn.Module) -> nn.Module:
    """A copy with tensors of its own, in evaluation mode, that gives the logits alone. Shared weights stay shared."""
    straight = _straightened(module) if isinstance(module, fx.GraphModule) else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch copies its own programs by means that it deprecates
        copied = copy.deepcopy(straight or module)
    for child in copied.modules():
        child.training = False  # set directly because exported programs refuse eval()
    tie_shared(copied)
    for parameter in copied.parameters():
        parameter.requires_grad = False
    return copied


def graph_of(module: nn.Module) -> fx.GraphModule | None:
    """The module as a graph that shares its tensors; None where it cannot be traced."""
    if isinstance(module, fx.GraphModule):
        return _straightened(module)
    try:
        return fx.symbolic_trace(module)
    except Exception:  # noqa: BLE001  a forward method may do anything with a proxy, and raise anything
        return None


def double_copy(module: nn.Module) -> nn.Module:
    """A copy that computes in float64, types that an exported program names itself included."""
    copied = independent_copy(module).double()
    if isinstance(copied, fx.GraphModule):
        for node in copied.graph.nodes:
            node.args = map_aggregate(node.args, _doubled)
            node.kwargs = map_aggregate(node.kwargs, _doubled)
            if node.op == "get_attr":
                _double_constant(copied, str(node.target))
        copied.recompile()
    return copied


def _doubled(value: Any) -> Any:
    return torch.float64 if value is torch.float32 else value


def _double_constant(module: nn.Module, target: str) -> None:
    *path, name = target.split(".")
    for part in path:
        module = getattr(module, part)
    value = getattr(module, name)
    if type(value) is Tensor and value.dtype == torch.float32 and name not in module._buffers:  # noqa: SLF001
        setattr(module, name, value.double())


def _straightened(module: fx.GraphModule) -> fx.GraphModule | None:
    """A program as a function of one tensor that gives one, without torch's packing of arguments and checks of them."""
    graph = fx.Graph()
    output = graph.graph_copy(module.graph, {}, return_output_node=False)
    while isinstance(output, tuple | list) and len(output) == 1:
        output = output[0]
    if not isinstance(output, fx.Node):
        return None
    graph.output(output)
    for node in list(graph.nodes):
        if node.op == "call_module" and node.target == GUARDS and not node.users:
            graph.erase_node(node)
    for node in reversed(list(graph.nodes)):
        if node.op == "get_attr" and not node.users:
            graph.erase_node(node)
    if not _is_straight(graph):
        return None
    straight = fx.GraphModule(module, graph)
    _add_other_names(straight, module)
    return straight


def _add_other_names(straight: nn.Module, module: nn.Module) -> None:
    """Give shared weights all of their names again: a program's graph uses one of them, a direction may use another."""
    known = dict(straight.named_parameters(remove_duplicate=False))
    for name, parameter in module.named_parameters(remove_duplicate=False):
        if name in known:
            continue
        *path, last = name.split(".")
        place = straight
        for part in path:
            if not hasattr(place, part):
                place.add_module(part, nn.Module())
            place = getattr(place, part)
        place.register_parameter(last, parameter)


def _is_straight(graph: fx.Graph) -> bool:
    inputs = [node for node in graph.nodes if node.op == "placeholder"]
    outputs = [node for node in graph.nodes if node.op == "output"]
    return len(inputs) == 1 and len(outputs) == 1 and isinstance(outputs[0].args[0], fx.Node)
