"""What affine operations do to the values that flow through a network; arguments in the order that torch has them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.corrections.network.flow import Flow
from core.corrections.network.matrices import scattered
from core.corrections.network.windows import Sizes, convolution, each_axis, windows

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
MOST_PLACES = 20_000  # of an image that a linear operation without a rule of its own is tried on, one after the other


class NotPiecewiseLinear(ValueError):
    """An operation with these arguments is not piecewise linear, or has no rule here; says why, for the message."""


class Bends(NotPiecewiseLinear):
    """A layer that bends everywhere, and is no obstacle to those who ask for bounds only."""


def as_array(tensor: Tensor) -> FloatArray:
    """A parameter in float64."""
    return tensor.detach().cpu().double().numpy()


def constant_like(value: Any, flow: Flow) -> FloatArray | float:
    """A number or tensor that is the same for every sample, in a shape that fits the values of a flow."""
    if isinstance(value, int | float):
        return float(value)
    array = as_array(value)
    if array.ndim == len(flow.shape) + 1:
        if not (array == array[:1]).all():
            raise NotPiecewiseLinear("the constant differs from sample to sample")
        array = array[0]
    np.broadcast_shapes(array.shape, flow.shape)
    return array


def each_channel(values: Tensor | Sequence[float] | FloatArray, dimensions: int) -> FloatArray:
    """One number for each channel, in a shape that fits samples of so many dimensions, channels first."""
    array = as_array(values) if isinstance(values, Tensor) else np.array(values, dtype=np.float64)
    return array.reshape(-1, *(1,) * (dimensions - 1))


def linear(flow: Flow, weight: Tensor, bias: Tensor | None = None) -> Flow:
    """``weight`` (outputs, inputs) applied along the last axis."""
    matrix = as_array(weight)
    if matrix.ndim != 2 or not flow.shape or flow.shape[-1] != matrix.shape[1]:
        raise NotPiecewiseLinear(f"it takes {matrix.shape[-1]} inputs but gets {flow.shape[-1] if flow.shape else 1}")
    outer = flow.shape[:-1]
    if math.prod(outer) == 1:
        moved = flow.mapped(matrix, shape=(*outer, len(matrix)))
    else:
        moved = flow.mapped(_repeated(matrix, math.prod(outer)), shape=(*outer, len(matrix)))
    return moved if bias is None else moved.scaled(1.0, as_array(bias))


def _repeated(matrix: FloatArray, times: int) -> Any:
    """The same matrix for each of so many rows of values."""
    row, column = np.nonzero(matrix)
    block = np.arange(times)[:, None]
    rows, columns = block * matrix.shape[0] + row, block * matrix.shape[1] + column
    values = np.tile(matrix[row, column], times)
    shape = (times * matrix.shape[0], times * matrix.shape[1])
    return scattered(rows.reshape(-1), columns.reshape(-1), values, shape)


def add(one: Any, other: Any, alpha: float = 1.0) -> Flow:
    """``one + alpha * other``; one of them may be a constant."""
    if isinstance(one, Flow) and isinstance(other, Flow):
        if len(one.shape) != len(other.shape):
            raise NotPiecewiseLinear(f"values of shapes {one.shape} and {other.shape} are joined across samples")
        return one.plus(other, alpha)
    if isinstance(one, Flow):
        return one.scaled(1.0, alpha * constant_like(other, one))
    flow: Flow = other
    return flow.scaled(alpha, constant_like(one, flow))


def multiply(one: Any, other: Any) -> Flow:
    """By a constant."""
    if isinstance(one, Flow) and isinstance(other, Flow):
        raise NotPiecewiseLinear("two values that both depend on the input are multiplied")
    flow, factor = (one, other) if isinstance(one, Flow) else (other, one)
    scale = constant_like(factor, flow)
    return flow.spread(np.broadcast_shapes(np.shape(scale), flow.shape)).scaled(scale)


def divide(flow: Any, divisor: Any) -> Flow:
    """By a constant."""
    if not isinstance(flow, Flow) or isinstance(divisor, Flow):
        raise NotPiecewiseLinear("a value that depends on the input divides")
    return multiply(flow, 1.0 / torch.as_tensor(divisor, dtype=torch.float64))


def batch_norm(
    flow: Flow, weight: Tensor | None, bias: Tensor | None, mean: Tensor | None, variance: Tensor | None, eps: float
) -> Flow:
    """With its running statistics, for each channel."""
    if mean is None or variance is None:
        raise NotPiecewiseLinear("without running mean and variance, what it does depends on the other samples")
    scale = 1.0 / np.sqrt(as_array(variance) + eps)
    if weight is not None:
        scale = scale * as_array(weight)
    shift = -as_array(mean) * scale
    if bias is not None:
        shift = shift + as_array(bias)
    return flow.scaled(each_channel(scale, len(flow.shape)), each_channel(shift, len(flow.shape)))


def convolve(
    flow: Flow,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Flow:
    """Weights (outputs, inputs / groups, *kernel) over an image (inputs, *places)."""
    kernel = as_array(weight)
    places, outputs = _windows_of(flow, kernel.shape[2:], stride, padding, dilation)
    size = math.prod(flow.shape[1:])
    moved = flow.mapped(convolution(kernel, places, size, groups), shape=(kernel.shape[0], *outputs))
    return moved if bias is None else moved.scaled(1.0, each_channel(bias, len(moved.shape)))


def convolve_back(
    flow: Flow,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Flow:
    """A transposed convolution: the transposed matrix of the convolution that leads from its outputs to its inputs."""
    kernel = as_array(weight)
    axes = kernel.ndim - 2
    steps, edges, extra, gaps = (each_axis(value, axes) for value in (stride, padding, output_padding, dilation))
    outputs = tuple(
        (size - 1) * step - 2 * edge + gap * (width - 1) + more + 1
        for size, step, edge, gap, width, more in zip(
            flow.shape[1:], steps, edges, gaps, kernel.shape[2:], extra, strict=True
        )
    )
    places, inputs = windows(outputs, kernel.shape[2:], steps, edges, gaps)
    if inputs != flow.shape[1:]:
        raise NotPiecewiseLinear("its sizes do not fit together")
    matrix = convolution(kernel, places, math.prod(outputs), groups)
    moved = flow.mapped(matrix.T.tocsr(), shape=(kernel.shape[1] * groups, *outputs))
    return moved if bias is None else moved.scaled(1.0, each_channel(bias, len(moved.shape)))


def reduced(flow: Flow, axes: Sequence[int] | int | None, *, keep: bool, mean: bool) -> Flow:
    """The sum or mean over some axes, counted with the batch."""
    chosen = axes_of(flow, axes)
    small = tuple(1 if axis in chosen else size for axis, size in enumerate(flow.shape))
    target = np.broadcast_to(np.arange(math.prod(small)).reshape(small), flow.shape).reshape(-1)
    count = flow.size // math.prod(small)
    values = np.full(flow.size, 1.0 / count if mean else 1.0)
    shape = small if keep else tuple(size for axis, size in enumerate(flow.shape) if axis not in chosen)
    return flow.mapped(scattered(target, np.arange(flow.size), values, (math.prod(small), flow.size)), shape=shape)


def axes_of(flow: Flow, axes: Sequence[int] | int | None) -> set[int]:
    """Axes of one sample; those that were given count the batch as 0."""
    dimensions = len(flow.shape) + 1
    given = [] if axes is None else [axes] if isinstance(axes, int) else list(axes)
    chosen = {axis % dimensions - 1 for axis in given}
    if not chosen or -1 in chosen:
        raise NotPiecewiseLinear("it joins the samples of a batch")
    return chosen


def in_each_channel(flow: Flow, operation: Callable[[Tensor], Tensor], dimensions: int) -> Flow:
    """A linear operation on the places of each channel, found by what it does to every single place."""
    places = flow.shape[-dimensions:]
    count = math.prod(places)
    if count > MOST_PLACES:
        raise NotPiecewiseLinear(f"images of {count:,} places are too large for it")
    units = torch.eye(count, dtype=torch.float64).reshape(count, 1, *places)
    answer = operation(units)
    found = answer.reshape(count, -1).numpy().T
    outer = flow.shape[:-dimensions]
    return flow.mapped(_repeated(found, math.prod(outer)), shape=(*outer, *answer.shape[2:]))


def _windows_of(
    flow: Flow, kernel: tuple[int, ...], stride: Sizes, padding: Sizes | str, dilation: Sizes
) -> tuple[IntArray, tuple[int, ...]]:
    """The windows of a convolution over an image (channels, *places)."""
    axes = len(kernel)
    if len(flow.shape) != axes + 1:
        raise NotPiecewiseLinear(f"a kernel of shape {kernel} does not fit values of shape {flow.shape}")
    gaps = each_axis(dilation, axes)
    sizes = flow.shape[1:]
    if padding == "same":
        # What is left over of an odd number goes behind, so windows are taken on a longer image and moved.
        return _windows_same(sizes, kernel, gaps)
    edges = (0,) * axes if isinstance(padding, str) else each_axis(padding, axes)
    return windows(sizes, kernel, each_axis(stride, axes), edges, gaps)


def _windows_same(
    sizes: tuple[int, ...], kernel: tuple[int, ...], gaps: tuple[int, ...]
) -> tuple[IntArray, tuple[int, ...]]:
    """As many windows as places: half of the padding that this takes before the image, the larger half behind it."""
    need = [gap * (width - 1) for gap, width in zip(gaps, kernel, strict=True)]
    places, counts = windows(sizes, kernel, (1,) * len(sizes), need, gaps)
    kept = np.arange(len(places)).reshape(counts)
    for axis, (size, total) in enumerate(zip(sizes, need, strict=True)):
        kept = kept.take(np.arange(total - total // 2, total - total // 2 + size), axis=axis)
    return places[kept.reshape(-1)], sizes
