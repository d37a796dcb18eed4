"""Sums, means and extremes over axes."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from core.networks.onnx.values import Call
from core.networks.onnx.view import NodeView


def _reduced(view: NodeView, function: Callable[..., Tensor]) -> Call:
    """Axes were an attribute, and became an input with opset 13 (sums) or 18 (the others)."""
    rank = view.rank(0)
    asked = view.either("axes", 1)
    keep = bool(view.integer("keepdims", 1))
    if not asked and view.integer("noop_with_empty_axes", 0):
        return view.call(lambda x: x, view.operand(0))
    places = view.axes(asked or tuple(range(rank)), rank)
    if any(view.counts_samples(0, place - view.lead) for place in places):
        view.refuse("it sums over the samples")
    if not places:
        return view.call(lambda x: x, view.operand(0))
    return view.call(lambda x: function(x, dim=places, keepdim=keep), view.operand(0))


def _sum_of_squares(x: Tensor, **options: object) -> Tensor:
    return torch.sum(x.square(), **options)  # type: ignore[call-overload, no-any-return]  # passed on as they came


def _sum_of_sizes(x: Tensor, **options: object) -> Tensor:
    return torch.sum(x.abs(), **options)  # type: ignore[call-overload, no-any-return]


def _length(x: Tensor, **options: object) -> Tensor:
    return _sum_of_squares(x, **options).sqrt()


def _product(x: Tensor, *, dim: tuple[int, ...], keepdim: bool) -> Tensor:
    """Torch multiplies along one axis at a time."""
    for axis in sorted(dim, reverse=True):
        x = x.prod(dim=axis, keepdim=keepdim)
    return x


FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "ReduceMean": torch.mean,
    "ReduceSum": torch.sum,
    "ReduceMax": torch.amax,
    "ReduceMin": torch.amin,
    "ReduceProd": _product,
    "ReduceL1": _sum_of_sizes,
    "ReduceL2": _length,
    "ReduceSumSquare": _sum_of_squares,
    "ReduceLogSumExp": torch.logsumexp,
}
CONVERTERS: dict[str, Callable[[NodeView], Call]] = {
    name: partial(_reduced, function=function) for name, function in FUNCTIONS.items()
}
