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

from core.corrections.network.bending import SEARCH
from core.corrections.network.curves import CURVES
from core.corrections.network.flow import Builder, Flow
from core.corrections.network.head import Head
from core.corrections.network.movement import MOVES, moved
from core.corrections.network.operations import Bends, NotPiecewiseLinear
from core.corrections.network.rules import HEADS, IDLE, RULES, WITH_BUILDER
from core.errors import NoExactRegions, UnsupportedNetwork

aten = torch.ops.aten
BATCH = 2  # samples at a time, so that an operator that joins samples gives itself away


@dataclass(frozen=True, kw_only=True)
class Headed:
    """Outputs with a monotone operation behind them, which nothing may follow."""

    flow: Flow
    head: Head

    def inside(self, builder: Builder, operation: object, *, alone: bool = True) -> "Headed | Flow":
        """As a layer in the middle of a network, if an operation follows that a layer may be followed by.

        What moves this value alone does not decide yet whether it is in the middle or at the end.
        """
        if not self.may_be_inside(builder) or operation in IDLE or (operation in MOVES and alone):
            return self
        return builder.bend(self.flow, self.head.kind)

    def may_be_inside(self, builder: Builder) -> bool:
        """Whether it treats every number by itself, and layers that bend are allowed."""
        return builder.curved and self.head.kind in CURVES


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
    operation = getattr(node.target, "overloadpacket", node.target)
    for one in node.all_input_nodes:  # once for all that read it
        if isinstance(headed := values[one], Headed):
            values[one] = headed.inside(builder, operation, alone=len(node.all_input_nodes) == 1)
    arguments: tuple[Any, ...] = cast("Any", torch.fx.map_arg(node.args, values.__getitem__))
    named: dict[str, Any] = cast("Any", torch.fx.map_arg(node.kwargs, values.__getitem__))
    if operation is operator.getitem:
        return arguments[0][arguments[1]]
    if any(isinstance(argument, Headed) for argument in arguments):
        if operation in MOVES and arguments[0].may_be_inside(builder):
            placed = moved(cast("Any", node.target), (arguments[0].flow, *arguments[1:]), named, batch)
            return Headed(flow=placed, head=arguments[0].head)
        if operation in IDLE or operation in MOVES:
            return arguments[0]
        instead = f". {SEARCH}" if any(isinstance(one, Headed) and one.head.kind in CURVES for one in arguments) else ""
        why = f"it follows a softmax, sigmoid or tanh, which can only be the last operation{instead}"
        raise _refusal(node, why, NoExactRegions if instead else UnsupportedNetwork)
    if not any(isinstance(leaf, Flow) for leaf in torch.utils._pytree.tree_leaves((arguments, named))):  # noqa: SLF001
        return node.target(*arguments, **named) if callable(node.target) else None
    try:
        return applied(builder, operation, arguments, named, batch=batch, target=node.target)
    except (TypeError, ValueError, AttributeError, RuntimeError, IndexError) as error:  # what no rule foresees
        if isinstance(error, Bends):
            raise NoExactRegions(f"{_named(node)} {error}.") from error
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


def _named(node: Node) -> str:
    """An operator with its place."""
    modules = list((node.meta.get("nn_module_stack") or {}).values())
    place, kind = modules[-1][:2] if modules else ("", "")
    named = str(getattr(kind, "__name__", kind)).rpartition(".")[2]
    where = f' in "{place}" ({named})' if place else ""
    return f'Operator "{node.name}" ({node.target}){where}'


def _refusal(node: Node, why: str = "", kind: type[UnsupportedNetwork] = UnsupportedNetwork) -> UnsupportedNetwork:
    return kind(
        f"{_named(node)} is not piecewise linear as it stands"
        f"{': ' + why if why else ''}, so there are no exact regions. They are there for affine layers, ReLU and what "
        "can be made of it: absolute values, limits and the largest of several values."
    )


def _attribute(module: GraphModule, path: str) -> Any:
    value: Any = module
    for name in path.split("."):
        value = getattr(value, name)
    return value.detach() if isinstance(value, Tensor) else value
