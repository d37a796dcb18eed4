"""Programs that `torch.export` made: the affine maps and ReLUs are read off their graph of operators.

Every value in the graph is either a constant or an affine function of what the last ReLU gave. Branches that meet again
before the next ReLU are therefore fine; a shortcut around a ReLU is not a chain, and is refused by name.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.fx import GraphModule, Node

from core.corrections.steps import Affine, Relu, Step, as_array
from core.errors import UnsupportedNetwork

FloatArray = npt.NDArray[np.float64]
aten = torch.ops.aten
# Rows stay rows and features keep their order, so these change nothing in evaluation.
NOTHING = frozenset(
    {
        aten.alias, aten.clone, aten.contiguous, aten.detach, aten.dropout, aten.dropout_, aten.flatten,
        aten.lift_fresh_copy, aten.reshape, aten.squeeze, aten.unsqueeze, aten.view, aten._unsafe_view,  # noqa: SLF001  torch's own name
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """An affine function of the output of a ReLU, or of the input."""

    relus: int  # how many came before
    weight: FloatArray = field(repr=False)
    bias: FloatArray = field(repr=False)


class _Size:
    """The number of samples, which the graph asks for only to hand it on to a reshape."""


def steps_of_graph(module: GraphModule, columns: int) -> list[Step]:
    """The steps of an exported program that takes so many columns.

    Raises
    ------
    UnsupportedNetwork
        If an operator is neither affine nor ReLU, or the program is no chain; the text names operator and place.
    """
    steps: list[Step] = []
    values: dict[Node, Any] = {}
    for node in module.graph.nodes:
        if node.op == "get_attr":
            values[node] = _attribute(module, str(node.target))
        elif node.op == "placeholder":
            values[node] = Flow(relus=0, weight=np.eye(columns), bias=np.zeros(columns))
        elif node.op == "call_function":
            values[node] = _evaluated(node, values, steps)
        elif node.op == "output":
            result = node.all_input_nodes
            if len(result) != 1 or not isinstance(values.get(result[0]), Flow):
                raise UnsupportedNetwork(f"The program gives {len(result)} outputs. Export one that gives the logits.")
            steps.append(_closed(values[result[0]], steps, node))
        elif node.op != "call_module" or not str(node.target).startswith("_guards"):
            raise _refusal(node)
    return steps


def _evaluated(node: Node, values: dict[Node, Any], steps: list[Step]) -> Any:
    """The value of an operator. A ReLU closes the step before it."""
    arguments: tuple[Any, ...] = cast("Any", torch.fx.map_arg(node.args, values.__getitem__))
    named: dict[str, Any] = cast("Any", torch.fx.map_arg(node.kwargs, values.__getitem__))
    flows = [argument for argument in (*arguments, *named.values()) if isinstance(argument, Flow)]
    operation = getattr(node.target, "overloadpacket", node.target)
    if not flows:
        return node.target(*arguments, **named) if callable(node.target) and not _sized(arguments) else _Size()
    if operation in (aten.sym_size, operator.getitem):
        return _Size() if operation is aten.sym_size else arguments[0]
    if any(flow.relus != flows[0].relus for flow in flows):
        raise UnsupportedNetwork(
            f'"{node.name}" ({node.target}) joins values from before and after a ReLU: a shortcut. Exact corrections '
            "treat plain chains of layers."
        )
    if operation in (aten.relu, aten.relu_) or _clamps_at_zero(operation, arguments, named):
        steps += [_closed(flows[0], steps, node), Relu()]
        width = len(flows[0].bias)
        return Flow(relus=flows[0].relus + 1, weight=np.eye(width), bias=np.zeros(width))
    if operation in NOTHING:
        return flows[0]
    if operation not in RULES:
        raise _refusal(node)
    try:
        return RULES[operation](*arguments, **named)
    except (TypeError, ValueError, AttributeError) as error:  # shapes or arguments that no rule foresees
        raise _refusal(node) from error


def _closed(flow: Flow, steps: list[Step], node: Node) -> Affine:
    """The affine step that ends in this value, if it belongs to the newest ReLU."""
    if flow.relus != sum(isinstance(step, Relu) for step in steps):
        raise UnsupportedNetwork(
            f'"{node.name}" ({node.target}) goes back behind a ReLU: a branch. Exact corrections treat plain chains '
            "of layers."
        )
    return Affine(weight=flow.weight, bias=flow.bias, place=f'"{node.name}"')


def _refusal(node: Node) -> UnsupportedNetwork:
    return UnsupportedNetwork(
        f'Operator "{node.name}" ({node.target}) is neither affine nor ReLU as it stands, so there are no exact '
        "regions. Exact corrections treat fully connected layers, ReLU and batch normalisation."
    )


def _attribute(module: GraphModule, path: str) -> Any:
    value: Any = module
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _sized(arguments: tuple[Any, ...]) -> bool:
    return any(isinstance(argument, _Size) for argument in arguments)


def _clamps_at_zero(operation: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    if operation not in (aten.clamp, aten.clamp_, aten.clamp_min, aten.clamp_min_):
        return False
    limits = [*arguments[1:], named.get("min"), named.get("max")]
    return [limit for limit in limits if limit is not None] == [0] and named.get("max") is None


def _linear(x: Flow, weight: Tensor, bias: Tensor | None = None) -> Flow:
    matrix = as_array(weight)
    moved = replace(x, weight=matrix @ x.weight, bias=matrix @ x.bias)
    return moved if bias is None else _add(moved, bias)


def _matmul(x: Flow, matrix: Tensor) -> Flow:
    return _linear(x, matrix.mT)


def _addmm(bias: Tensor, x: Flow, matrix: Tensor, *, beta: float = 1.0, alpha: float = 1.0) -> Flow:
    return _add(_matmul(x, alpha * matrix), beta * bias)


def _add(x: Any, y: Any, *, alpha: float = 1.0) -> Flow:
    if isinstance(x, Flow) and isinstance(y, Flow):
        return replace(x, weight=x.weight + alpha * y.weight, bias=x.bias + alpha * y.bias)
    if isinstance(x, Flow):
        return replace(x, bias=x.bias + alpha * _along(y, x))
    flow: Flow = y
    return replace(flow, weight=alpha * flow.weight, bias=alpha * flow.bias + _along(x, flow))


def _subtract(x: Any, y: Any, *, alpha: float = 1.0) -> Flow:
    return _add(x, y, alpha=-alpha)


def _subtract_from(x: Flow, y: Any, alpha: float = 1.0) -> Flow:
    return _add(y, x, alpha=-alpha)


def _multiply(x: Any, y: Any) -> Flow:
    flow, factor = (x, y) if isinstance(x, Flow) else (y, x)
    scale = _along(factor, flow)
    return replace(flow, weight=scale[:, None] * flow.weight, bias=scale * flow.bias)


def _divide(x: Flow, y: Any) -> Flow:
    return _multiply(x, 1.0 / _along(y, x))


def _negate(x: Flow) -> Flow:
    return _multiply(x, -1.0)


def _batch_norm(
    x: Flow, weight: Tensor | None, bias: Tensor | None, mean: Tensor | None, variance: Tensor | None, *rest: float
) -> Flow:
    training, _, eps, *_ = rest
    if training:
        raise ValueError("in training, what a sample gives depends on the others")
    layer = Affine.of_batch_norm(weight, bias, mean, variance, eps, "batch_norm")
    return replace(x, weight=layer.weight @ x.weight, bias=layer.weight @ x.bias + layer.bias)


def _batch_norm_in_evaluation(x: Flow, *rest: Any) -> Flow:
    return _batch_norm(x, *rest[:4], 0.0, *rest[4:])


def _along(value: Any, flow: Flow) -> FloatArray:
    """A constant, spread over the features of a value. Raises ValueError or TypeError for any other thing."""
    array = as_array(value).reshape(-1) if isinstance(value, Tensor) else np.asarray(value, dtype=np.float64)
    return np.broadcast_to(array, len(flow.bias))


RULES: dict[object, Callable[..., Flow]] = {
    aten.linear: _linear,
    aten.matmul: _matmul,
    aten.mm: _matmul,
    aten.addmm: _addmm,
    aten.add: _add,
    aten.add_: _add,
    aten.sub: _subtract,
    aten.rsub: _subtract_from,
    aten.mul: _multiply,
    aten.div: _divide,
    aten.neg: _negate,
    aten.batch_norm: _batch_norm,
    aten._native_batch_norm_legit_no_training: _batch_norm_in_evaluation,  # noqa: SLF001  torch's own name
}
