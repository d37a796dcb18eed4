"""Arithmetic, element by element, with the broadcasting of numpy or of ONNX before opset 7."""

from collections.abc import Callable
from functools import partial, reduce

import torch
from torch import Tensor

from core.networks.onnx.values import Call, Flow, Operand
from core.networks.onnx.view import NodeView

LAYERS = frozenset({"Gemm", "MatMul", "Conv", "ConvTranspose"})  # what an Add right after it is the bias of


def _divided(x: Tensor, y: Tensor) -> Tensor:
    """Whole numbers are divided as in C."""
    if x.is_floating_point() or y.is_floating_point():
        return x / y
    if not bool((y != 0).all()):
        raise ValueError("it divides a size by zero")
    return torch.div(x, y, rounding_mode="trunc")


def _mean(x: Tensor, *others: Tensor) -> Tensor:
    return reduce(torch.add, others, x) / (1 + len(others))


def _binary(view: NodeView, function: Callable[[Tensor, Tensor], Tensor]) -> Call:
    if len(view.inputs) != 2:
        view.refuse(f"it has {len(view.inputs)} inputs instead of 2")
    trailing = _trailing_axes(view)
    aligned = view.align([0, 1])

    def computed(x: Tensor, y: Tensor) -> Tensor:
        y = y.reshape(*y.shape, *[1] * trailing) if trailing else y
        return function(*aligned((x, y)))

    return view.call(computed, *(_operand(view, index) for index in (0, 1)))


def _trailing_axes(view: NodeView) -> int:
    """Before opset 7 the second operand said at which axis of the first it begins."""
    if view.opset >= 7 or not view.integer("broadcast", 0) or not view.has_attribute("axis"):
        return 0
    begin = view.place_of_axis(view.integer("axis", 0), view.rank(0))
    return max(view.rank(0) - begin - view.rank(1), 0)


def _operand(view: NodeView, index: int) -> Operand:
    """What is added to a layer's output is its bias, and learned; other constants are none of the weights."""
    other = view.value(1 - index)
    bias = (
        view.record.operator == "Add"
        and isinstance(other, Flow)
        and other.producer in LAYERS
        and not view.is_flow(index)
        and view.known(index, "operand").is_floating_point()
    )
    return view.parameter(index) if bias else view.operand(index)


def _several(view: NodeView, function: Callable[..., Tensor]) -> Call:
    indices = list(range(len(view.inputs)))
    if not indices:
        view.refuse("it has no inputs")
    aligned = view.align(indices)
    return view.call(lambda *tensors: function(*aligned(tensors)), *map(view.operand, indices))


def _in_turn(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., Tensor]:
    return lambda *tensors: reduce(function, tensors)


def _unary(function: Callable[[Tensor], Tensor]) -> Callable[[NodeView], Call]:
    return lambda view: view.call(function, view.operand(0))


def _constants_only(function: Callable[..., Tensor], count: int) -> Callable[[NodeView], Call]:
    """A comparison: exporters use it to compute shapes; on samples it would have no gradient."""

    def converted(view: NodeView) -> Call:
        if any(view.is_flow(index) for index in range(count)):
            view.refuse("it compares values that depend on the input; only constants can be")
        return view.call(function, *(view.operand(index) for index in range(count)))

    return converted


def _where(view: NodeView) -> Call:
    if view.is_flow(0):
        view.refuse("its condition depends on the input; only constant ones can be translated")
    return _several(view, torch.where)


BINARY: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "Add": torch.add,
    "Sub": torch.sub,
    "Mul": torch.mul,
    "Div": _divided,
    "Pow": torch.pow,
}
SEVERAL: dict[str, Callable[..., Tensor]] = {
    "Sum": _in_turn(torch.add),
    "Mean": _mean,
    "Min": _in_turn(torch.minimum),
    "Max": _in_turn(torch.maximum),
}
UNARY: dict[str, Callable[[Tensor], Tensor]] = {
    "Neg": torch.neg,
    "Abs": torch.abs,
    "Sign": torch.sign,
    "Reciprocal": torch.reciprocal,
    "Sqrt": torch.sqrt,
    "Exp": torch.exp,
    "Log": torch.log,
    "Erf": torch.erf,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Floor": torch.floor,
    "Ceil": torch.ceil,
}
CONVERTERS: dict[str, Callable[[NodeView], Call]] = {
    **{name: partial(_binary, function=function) for name, function in BINARY.items()},
    **{name: partial(_several, function=function) for name, function in SEVERAL.items()},
    **{name: _unary(function) for name, function in UNARY.items()},
    "Where": _where,
    "Equal": _constants_only(torch.eq, 2),
    "Greater": _constants_only(torch.gt, 2),
    "Less": _constants_only(torch.lt, 2),
    "And": _constants_only(torch.logical_and, 2),
    "Or": _constants_only(torch.logical_or, 2),
    "Not": _constants_only(torch.logical_not, 1),
}
