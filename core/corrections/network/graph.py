"""Programs that `torch.export` made: the affine maps and ReLUs are read off their graph of operators.

Every value in the graph is either a constant or an affine function of the input and of the ReLUs before it. What an
operator does to such a value is one of `RULES`; those that only move values about are tried on the numbers of their
places (`movement`).
"""

import operator
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor
from torch.fx import GraphModule, Node

from core.corrections.network.flow import Builder, Flow
from core.corrections.network.head import Head
from core.corrections.network.movement import MOVES, moved
from core.corrections.network.operations import NotPiecewiseLinear
from core.corrections.network.rules import HEADS, IDLE, RULES, WITH_BUILDER
from core.errors import UnsupportedNetwork

aten = torch.ops.aten
BATCH = 2  # samples at a time, so that an operator that joins samples gives itself away


@dataclass(frozen=True, kw_only=True)
class Headed:
    """Outputs with a monotone operation behind them, which nothing may follow."""

    flow: Flow
    head: Head


def flow_through_graph(builder: Builder, start: Flow, module: GraphModule) -> tuple[Flow, Head]:
    """The outputs of an exported program, with the head that was left out.

    Raises
    ------
    UnsupportedNetwork
        If an operator is not piecewise linear; the text names operator and place.
    """
    values: dict[Node, Any] = {}
    batch = BATCH
    for node in module.graph.nodes:
        if node.op == "get_attr":
            values[node] = _attribute(module, str(node.target))
        elif node.op == "placeholder":
            batch = _batch(node)
            values[node] = start
        elif node.op == "call_function":
            values[node] = _evaluated(builder, node, values, batch)
            _written_back(node, values)
        elif node.op == "output":
            return _outputs(node, values)
        elif node.op != "call_module" or not str(node.target).startswith("_guards"):
            raise _refusal(node)
    raise UnsupportedNetwork("The program gives no outputs. Export one that gives the logits.")


def _outputs(node: Node, values: dict[Node, Any]) -> tuple[Flow, Head]:
    results = node.all_input_nodes
    found = values.get(results[0]) if len(results) == 1 else None
    if isinstance(found, Flow):
        return found, Head()
    if isinstance(found, Headed):
        return found.flow, found.head
    raise UnsupportedNetwork(f"The program gives {len(results)} outputs. Export one that gives the logits.")


def _batch(node: Node) -> int:
    """How many samples at a time: what a program was exported for, if that is fixed."""
    size = node.meta["val"].shape[0] if "val" in node.meta else BATCH
    return size if isinstance(size, int) else BATCH


def _evaluated(builder: Builder, node: Node, values: dict[Node, Any], batch: int) -> Any:
    """The value of an operator."""
    arguments: tuple[Any, ...] = cast("Any", torch.fx.map_arg(node.args, values.__getitem__))
    named: dict[str, Any] = cast("Any", torch.fx.map_arg(node.kwargs, values.__getitem__))
    operation = getattr(node.target, "overloadpacket", node.target)
    if operation is operator.getitem:
        return arguments[0][arguments[1]]
    if any(isinstance(argument, Headed) for argument in arguments):
        if operation in IDLE or operation in MOVES:
            return arguments[0]
        raise _refusal(node, "it follows a softmax, sigmoid or tanh, which can only be the last operation")
    if not any(isinstance(leaf, Flow) for leaf in torch.utils._pytree.tree_leaves((arguments, named))):  # noqa: SLF001
        return node.target(*arguments, **named) if callable(node.target) else None
    try:
        return applied(builder, operation, arguments, named, batch=batch, target=node.target)
    except (TypeError, ValueError, AttributeError, RuntimeError, IndexError) as error:  # what no rule foresees
        raise _refusal(node, str(error) if isinstance(error, NotPiecewiseLinear) else "") from error


def applied(
    builder: Builder,
    operation: object,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    *,
    batch: int = BATCH,
    target: Any = None,
) -> Any:
    """What an operator makes of its arguments, one of which at least is a flow.

    Raises
    ------
    NotPiecewiseLinear
        If there is no rule for it. Rules raise all kinds of errors where shapes do not fit.
    """
    if operation in HEADS:
        flow = arguments[0]
        return Headed(flow=flow, head=HEADS[operation](flow, *arguments[1:]))
    if operation is aten.sym_size:
        return (batch, *arguments[0].shape)[arguments[1]]
    if operation in IDLE:
        return IDLE[operation](*arguments, **named)
    if operation in MOVES:
        return moved(target or operation, arguments, named, batch)
    if operation in WITH_BUILDER:
        return WITH_BUILDER[operation](builder, *arguments, **named)
    if operation not in RULES:
        raise NotPiecewiseLinear("")
    return RULES[operation](*arguments, **named)


def _written_back(node: Node, values: dict[Node, Any]) -> None:
    """What an operator did in place is what its argument is from now on."""
    name = str(node.target).partition(".")[2].partition(".")[0]
    if name.endswith("_") and not name.startswith("_") and node.args and isinstance(node.args[0], Node):
        values[node.args[0]] = values[node]


def _refusal(node: Node, why: str = "") -> UnsupportedNetwork:
    modules = list((node.meta.get("nn_module_stack") or {}).values())
    place, kind = modules[-1][:2] if modules else ("", "")
    named = str(getattr(kind, "__name__", kind)).rpartition(".")[2]
    where = f' in "{place}" ({named})' if place else ""
    return UnsupportedNetwork(
        f'Operator "{node.name}" ({node.target}){where} is not piecewise linear as it stands'
        f"{': ' + why if why else ''}, so there are no exact regions. They are there for affine layers, ReLU and what "
        "can be made of it: absolute values, limits and the largest of several values."
    )


def _attribute(module: GraphModule, path: str) -> Any:
    value: Any = module
    for name in path.split("."):
        value = getattr(value, name)
    return value.detach() if isinstance(value, Tensor) else value
