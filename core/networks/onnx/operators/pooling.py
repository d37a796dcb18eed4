"""Pooling over windows, and over everything."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.operators.windows import Windows, cells_under, windows_of
from core.networks.onnx.values import Call, Sizes
from core.networks.onnx.view import NodeView

LARGEST: dict[int, Callable[..., Tensor]] = {
    1: functional.max_pool1d,
    2: functional.max_pool2d,
    3: functional.max_pool3d,
}
MEAN: dict[int, Callable[..., Tensor]] = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}


def max_pooling(view: NodeView) -> Call:
    """The largest of every window; the border never is."""
    if len([name for name in view.record.outputs if name]) > 1:
        view.refuse("it gives indices too; only the largest values can be translated")
    windows = _windows(view)
    operation = LARGEST[len(windows.kernel)]
    plain = _torch_pads(windows)
    padding = windows.begins if plain else (0,) * len(windows.kernel)

    def pooled(x: Tensor) -> Tensor:
        x = x if plain else windows.border(x, -torch.inf)
        return operation(x, windows.kernel, windows.strides, padding, windows.dilations)

    return view.call(view.batched(pooled), view.operand(0))


def average_pooling(view: NodeView) -> Call:
    """The mean of every window, of the cells that count."""
    windows = _windows(view)
    if max(windows.dilations) > 1:
        view.refuse("dilated means are not supported")
    with_border = bool(view.integer("count_include_pad", 0))
    operation = MEAN[len(windows.kernel)]
    if _torch_pads(windows):

        def averaged(x: Tensor) -> Tensor:
            return operation(
                x, windows.kernel, windows.strides, windows.begins, ceil_mode=False, count_include_pad=with_border
            )

        return view.call(view.batched(averaged), view.operand(0))
    counted = cells_under(windows, view.shape(0)[2:], with_border=with_border)
    share = view.constant(math.prod(windows.kernel) / counted)

    def weighted(x: Tensor, factor: Tensor) -> Tensor:
        return operation(windows.border(x, 0.0), windows.kernel, windows.strides) * factor

    return view.call(view.batched(weighted), view.operand(0), share)


def _windows(view: NodeView) -> Windows:
    kernel = view.list_of("kernel_shape")
    if not kernel:
        view.refuse("it has no kernel_shape")
    return windows_of(view, kernel, rounded_up=bool(view.integer("ceil_mode", 0)))


def _torch_pads(windows: Windows) -> bool:
    """Whether torch's own border does; it allows half a window at most."""
    return windows.symmetric and all(2 * b <= k for b, k in zip(windows.begins, windows.kernel, strict=True))


def _over_space(view: NodeView) -> Sizes:
    if view.rank(0) < 3:
        view.refuse("its input has no axes of space")
    return tuple(range(2 - view.rank(0), 0))


def global_mean(view: NodeView) -> Call:
    """The mean of every channel."""
    axes = _over_space(view)
    return view.call(lambda x: x.mean(dim=axes, keepdim=True), view.operand(0))


def global_largest(view: NodeView) -> Call:
    """The largest of every channel."""
    axes = _over_space(view)
    return view.call(lambda x: x.amax(dim=axes, keepdim=True), view.operand(0))


CONVERTERS = {
    "MaxPool": max_pooling,
    "AveragePool": average_pooling,
    "GlobalAveragePool": global_mean,
    "GlobalMaxPool": global_largest,
}
