"""Windows that slide over images and signals: their sizes, strides and borders, for convolutions and pooling."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.tensors import bounded
from core.networks.onnx.values import Sizes
from core.networks.onnx.view import NodeView


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How windows lie on an input of a fixed size."""

    kernel: Sizes
    strides: Sizes
    dilations: Sizes
    begins: Sizes  # border before the input, per axis
    ends: Sizes  # and after it
    counts: Sizes  # windows per axis
    beyond: Sizes  # what the last window covers besides input and border; negative where it ends before

    @property
    def symmetric(self) -> bool:
        """Whether torch's own border does: the same on both sides, and nothing beyond it."""
        return self.begins == self.ends and min(self.begins) >= 0 and max(self.beyond) <= 0

    def border(self, x: Tensor, value: float) -> Tensor:
        """The input with its border, so that the windows need none."""
        sides = [
            side
            for begin, end, beyond in zip(self.begins[::-1], self.ends[::-1], self.beyond[::-1], strict=True)
            for side in (begin, end + max(beyond, 0))
        ]
        return functional.pad(x, sides, value=value) if any(sides) else x


def windows_of(view: NodeView, kernel: Sizes, *, rounded_up: bool = False) -> Windows:
    """Read the attributes that convolutions and pooling share.

    Parameters
    ----------
    kernel : tuple of int
        Size of the window per axis of space.
    rounded_up : bool
        Whether a last window that begins in the input but ends beyond the border counts (``ceil_mode``).
    """
    axes = len(kernel)
    sizes = view.shape(0)[2:]
    if len(sizes) != axes or axes not in (1, 2, 3):
        view.refuse(f"its window has {axes} axes, but its input has {len(sizes)} axes of space")
    ones = (1,) * axes
    strides, dilations = view.integers_of("strides", ones), view.integers_of("dilations", ones)
    if min(*kernel, *strides, *dilations) < 1:
        view.refuse("its window, strides and dilations must be at least 1")
    spans = tuple((k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True))
    begins, ends = _borders(view, sizes, strides, spans)
    padded = tuple(n + b + e for n, b, e in zip(sizes, begins, ends, strict=True))
    counts = []
    for axis in range(axes):
        room = padded[axis] - spans[axis]
        count = (-(-room // strides[axis]) if rounded_up else room // strides[axis]) + 1
        if rounded_up and (count - 1) * strides[axis] >= sizes[axis] + begins[axis]:
            count -= 1  # a window of nothing but border
        if room < 0 or count < 1:
            view.refuse(f"its window of {spans[axis]} is larger than its input of {padded[axis]}")
        counts.append(count)
    beyond = tuple((n - 1) * s + w - p for n, s, w, p in zip(counts, strides, spans, padded, strict=True))
    bounded(math.prod(size + max(more, 0) for size, more in zip(padded, beyond, strict=True)) * view.shape(0)[1])
    return Windows(
        kernel=kernel,
        strides=strides,
        dilations=dilations,
        begins=begins,
        ends=ends,
        counts=tuple(counts),
        beyond=beyond,
    )


def _borders(view: NodeView, sizes: Sizes, strides: Sizes, spans: Sizes) -> tuple[Sizes, Sizes]:
    axes = len(sizes)
    rule = view.text("auto_pad", "NOTSET")
    if rule == "VALID":
        return (0,) * axes, (0,) * axes
    if rule in ("SAME_UPPER", "SAME_LOWER"):
        totals = [max((-(-n // s) - 1) * s + w - n, 0) for n, s, w in zip(sizes, strides, spans, strict=True)]
        less, more = tuple(total // 2 for total in totals), tuple(-(-total // 2) for total in totals)
        return (less, more) if rule == "SAME_UPPER" else (more, less)
    if rule != "NOTSET":
        view.refuse(f'auto_pad = "{rule[:20]}" is not known')
    pads = view.integers_of("pads", (0,) * (2 * axes))
    return pads[:axes], pads[axes:]


def cells_under(windows: Windows, sizes: Sizes, *, with_border: bool) -> Tensor:
    """How many cells of the input, and perhaps of the border, lie under each window. (1, 1, *counts)."""
    count = torch.ones(1, 1, *windows.counts)
    for axis, size in enumerate(sizes):
        begin, end = windows.begins[axis], windows.ends[axis]
        first, last = (-begin, size + end) if with_border else (0, size)
        starts = torch.arange(windows.counts[axis]) * windows.strides[axis] - begin
        steps = torch.arange(windows.kernel[axis]) * windows.dilations[axis]
        cells = starts[:, None] + steps
        inside = ((cells >= first) & (cells < last)).sum(dim=1).float()
        count = count * inside.reshape(-1, *[1] * (len(sizes) - axis - 1))
    return count
