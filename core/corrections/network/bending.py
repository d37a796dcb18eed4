"""What ReLU and its kin do to the values that flow through a network; arguments in the order that torch has them."""

# ruff: noqa: FBT001, FBT002  torch hands flags over by their place

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from core.corrections.network.flow import Bend, Builder, Flow
from core.corrections.network.operations import (
    Bends,
    NotPiecewiseLinear,
    as_array,
    axes_of,
    constant_like,
    each_channel,
)
from core.corrections.network.windows import Sizes, adaptive_windows, each_axis, in_every_channel, windows

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
SEARCH = (
    "A search in several features does without exact regions: it bounds such layers, and what it says is proved as well"
)


def clamp(builder: Builder, flow: Flow, low: Any = None, high: Any = None) -> Flow:
    """Kept between two constants, either of which may be missing."""
    bottom = None if low is None else constant_like(low, flow)
    top = None if high is None else constant_like(high, flow)
    if bottom is not None and top is not None and not np.all(np.less_equal(bottom, top)):
        raise NotPiecewiseLinear("its lower limit lies above its upper one")
    if bottom is None or np.isneginf(bottom).all():
        if top is None or np.isposinf(top).all():
            return flow
        return builder.bent(flow, [Bend(sign=-1.0, offset=top, weight=-1.0)], top)
    if not np.any(bottom) and top is None:
        return builder.relu(flow)
    bends = [Bend(offset=-bottom)]
    if top is not None and not np.isposinf(top).all():
        bends.append(Bend(offset=-top, weight=-1.0))
    return builder.bent(flow, bends, bottom)


def leaky(builder: Builder, flow: Flow, slope: FloatArray | float) -> Flow:
    """``relu(z) − slope relu(−z)``."""
    if builder.never_negative(flow):
        return flow
    return builder.bent(flow, [Bend(), Bend(sign=-1.0, weight=-np.asarray(slope, dtype=np.float64))])


def curve(builder: Builder, flow: Flow, name: str) -> Flow:
    """An activation of `curves`."""
    if not builder.curved:
        raise Bends(f"bends everywhere, so there are no linear pieces and no exact regions to draw. {SEARCH}")
    return builder.bend(flow, name)


def prelu(builder: Builder, flow: Flow, weight: Tensor) -> Flow:
    """A slope below zero for all values, or one for each channel."""
    return leaky(builder, flow, each_channel(weight, len(flow.shape)) if weight.numel() > 1 else as_array(weight))


def soft_shrink(builder: Builder, flow: Flow, width: float = 0.5) -> Flow:
    """Nearer to zero by so much, and zero within."""
    return builder.bent(flow, [Bend(offset=-width), Bend(sign=-1.0, offset=-width, weight=-1.0)])


def extreme(builder: Builder, one: Any, other: Any, sign: float) -> Flow:
    """The larger of two values (sign 1) or the smaller (−1), one of which may be a constant."""
    if isinstance(one, Flow) and isinstance(other, Flow):
        shape = np.broadcast_shapes(one.shape, other.shape)
        first, second = (flow.spread(shape).scaled(sign) for flow in (one, other))
        return builder.maximum(first, second).scaled(sign)
    flow, limit = (one, other) if isinstance(one, Flow) else (other, one)
    return clamp(builder, flow, limit) if sign > 0 else clamp(builder, flow, None, limit)


def max_pool(
    builder: Builder,
    flow: Flow,
    kernel: Sizes,
    stride: Sizes = (),
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil: bool = False,
    *,
    dimensions: int,
) -> Flow:
    """The largest value in windows of each channel."""
    width = each_axis(kernel, dimensions)
    step = width if stride in ((), [], None) else each_axis(stride, dimensions)
    places, outputs = windows(
        flow.shape[-dimensions:],
        width,
        step,
        each_axis(padding, dimensions),
        each_axis(dilation, dimensions),
        ceil=ceil,
    )
    return _largest_in(builder, flow, places, outputs, dimensions)


def adaptive_max_pool(builder: Builder, flow: Flow, outputs: Sizes, *, dimensions: int) -> Flow:
    """The largest value in so many windows."""
    wanted = each_axis(outputs, dimensions)
    return _largest_in(builder, flow, adaptive_windows(flow.shape[-dimensions:], wanted), wanted, dimensions)


def largest_along(builder: Builder, flow: Flow, axes: Sequence[int] | int | None, keepdim: bool = False) -> Flow:
    """The largest value along some axes, counted with the batch."""
    chosen = sorted(axes_of(flow, axes))
    others = [axis for axis in range(len(flow.shape)) if axis not in chosen]
    places = np.arange(flow.size).reshape(flow.shape).transpose(*others, *chosen)
    windowed = places.reshape(math.prod(flow.shape[axis] for axis in others), -1)
    kept = tuple(1 if axis in chosen else size for axis, size in enumerate(flow.shape))
    return builder.largest(flow, windowed).shaped(kept if keepdim else tuple(flow.shape[axis] for axis in others))


def _largest_in(builder: Builder, flow: Flow, places: IntArray, outputs: tuple[int, ...], dimensions: int) -> Flow:
    outer, size = flow.shape[:-dimensions], math.prod(flow.shape[-dimensions:])
    found = builder.largest(flow, in_every_channel(places, math.prod(outer), size))
    return found.shaped((*outer, *outputs))
