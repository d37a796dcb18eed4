"""Constants, and shapes that are computed in the graph: folded while it is translated."""

import math
from collections.abc import Callable

import torch
from onnx import TensorProto
from torch import Tensor

from core.networks.onnx.tensors import FLOATS, INTEGERS, bounded
from core.networks.onnx.values import Call, Known, Literal
from core.networks.onnx.view import NodeView


def constant(view: NodeView) -> Known:
    """What the node carries."""
    given = view.record.attributes
    value = next(iter(given.values())) if len(given) == 1 else None
    if isinstance(value, Tensor):
        tensor = value
    elif isinstance(value, float) or (isinstance(value, tuple) and "value_floats" in given):
        tensor = torch.tensor(value, dtype=torch.float32)
    elif isinstance(value, int) or (isinstance(value, tuple) and "value_ints" in given):
        tensor = torch.tensor(value, dtype=torch.int64)
    else:
        view.refuse("it carries no numbers, or not as a dense tensor")
    return Known(values=(tensor, tensor), origin=view.record.outputs[0])


def shape(view: NodeView) -> Known:
    """The sizes of a value, of which the number of samples may be one."""
    begin, end = view.integer("start", 0), view.integer("end", 2**31)
    first, second = (torch.tensor(sizes[begin:end], dtype=torch.int64) for sizes in view.shapes(0))
    return Known(values=(first, second), origin=view.record.outputs[0])


def size(view: NodeView) -> Known:
    """How many numbers a value holds."""
    first, second = (torch.tensor(math.prod(sizes)) for sizes in view.shapes(0))
    return Known(values=(first, second), origin=view.record.outputs[0])


def filled(view: NodeView) -> Call:
    """One number, in a shape."""
    sizes = view.integers(0, "shape")
    if min(sizes, default=0) < 0:
        view.refuse("it has negative sizes")
    bounded(math.prod(sizes))
    value = view.record.attributes.get("value", torch.zeros(1))
    if not isinstance(value, Tensor) or value.numel() != 1:
        view.refuse("it does not say what it is filled with")
    return view.call(lambda: torch.full(sizes, value.item(), dtype=value.dtype))


def counting(view: NodeView) -> Call:
    """Numbers from a start to a limit."""
    start, limit, step = (view.number(index, what) for index, what in enumerate(("start", "limit", "step")))
    if not step or not all(map(math.isfinite, (start, limit, step))):
        view.refuse("it never arrives")
    count = bounded(max(math.ceil((limit - start) / step), 0))
    whole = not any(view.known(index, "range").is_floating_point() for index in range(3))
    kind = torch.int64 if whole else torch.float32
    return view.call(lambda: (torch.arange(count, dtype=torch.float64) * step + start).to(kind))


def cast(view: NodeView) -> Call:
    """Floats stay floats; only constants become anything else."""
    kind = view.integer("to", 0)
    value = view.value(0)
    if not isinstance(value, Known):
        if kind not in FLOATS:
            view.refuse("it rounds what depends on the input to whole numbers, which has no gradient")
        if kind != TensorProto.FLOAT:
            view.notes.append(f"{FLOATS[kind]} inside the network made float32")
        return view.call(lambda x: x, view.operand(0))
    if kind not in {*FLOATS, *INTEGERS, TensorProto.BOOL}:
        view.refuse("it makes something else than numbers")
    wanted = torch.float32 if kind in FLOATS else torch.bool if kind == TensorProto.BOOL else torch.int64
    return view.call(lambda x: x.to(wanted), Literal(view.known(0, "input")))


# What is known as soon as the shapes are, and the other constants.
AT_ONCE: dict[str, Callable[[NodeView], Known]] = {"Constant": constant, "Shape": shape, "Size": size}
CONVERTERS: dict[str, Callable[[NodeView], Call]] = {"ConstantOfShape": filled, "Range": counting, "Cast": cast}
