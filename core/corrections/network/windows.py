"""Convolutions and poolings as what they are: windows that move over the places of an image, in any dimension."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.corrections.network.flow import MOST_NUMBERS
from core.corrections.network.matrices import SparseArray, on_top_of_each_other, scattered
from core.errors import UnsupportedNetwork

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Sizes = int | Sequence[int]


def windows(
    sizes: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    *,
    ceil: bool = False,
) -> tuple[IntArray, tuple[int, ...]]:
    """Which places each window covers, (windows, places) or −1 for padding, and how the windows lie.

    Parameters
    ----------
    sizes : sequence of int
        Of the image along its axes, without channels; a place is counted in row-major order.
    ceil : bool
        Whether windows that stick out at the far end count, as in torch's poolings: those that start inside or in the
        padding before the image.
    """
    axes = []
    for size, width, step, edge, gap in zip(sizes, kernel, stride, padding, dilation, strict=True):
        room = size + 2 * edge - gap * (width - 1) - 1
        count = (-(-room // step) if ceil else room // step) + 1
        if ceil and (count - 1) * step >= size + edge:
            count -= 1
        places = np.arange(count)[:, None] * step - edge + gap * np.arange(width)
        axes.append(np.where((places >= 0) & (places < size), places, -1))
    return _joined(sizes, axes), tuple(len(axis) for axis in axes)


def adaptive_windows(sizes: Sequence[int], outputs: Sequence[int]) -> IntArray:
    """The windows of an adaptive pooling: from ⌊i n / m⌋ up to ⌈(i + 1) n / m⌉."""
    axes = []
    for size, count in zip(sizes, outputs, strict=True):
        starts = np.arange(count) * size // count
        ends = -(-(np.arange(count) + 1) * size // count)
        places = starts[:, None] + np.arange((ends - starts).max())
        axes.append(np.where(places < ends[:, None], places, -1))
    return _joined(sizes, axes)


def _joined(sizes: Sequence[int], axes: Sequence[IntArray]) -> IntArray:
    """Windows along single axes, each (windows, width), as windows over all of them."""
    total = axes[0]
    for size, axis in zip(sizes[1:], axes[1:], strict=True):
        both = total[:, None, :, None] * size + axis[None, :, None, :]
        valid = (total[:, None, :, None] >= 0) & (axis[None, :, None, :] >= 0)
        total = np.where(valid, both, -1).reshape(len(total) * len(axis), -1)
    return total


def in_every_channel(places: IntArray, channels: int, size: int) -> IntArray:
    """The same windows (w, k) in every channel of so many places: (channels · w, k)."""
    shifted = places + size * np.arange(channels)[:, None, None]
    return np.where(places < 0, -1, shifted).reshape(-1, places.shape[1])


def convolution(weight: FloatArray, places: IntArray, size: int, groups: int) -> SparseArray:
    """The matrix of a convolution: weights (outputs, inputs / groups, *kernel), windows over so many places."""
    outputs, inputs = weight.shape[0] // groups, weight.shape[1]
    if weight.shape[0] * inputs * places.size > MOST_NUMBERS:
        raise UnsupportedNetwork(
            f"A convolution of weights {weight.shape} over {len(places):,} windows is a matrix of more than "
            f"{MOST_NUMBERS:,} numbers: too large for exact regions. Take a narrower network or smaller images."
        )
    flat = weight.reshape(groups, outputs, inputs, -1)
    window, tap = np.nonzero(places >= 0)
    blocks = []
    for group in range(groups):
        values = flat[group][:, :, tap]  # (outputs, inputs, covered places)
        rows = np.arange(outputs)[:, None, None] * len(places) + window
        columns = (np.arange(inputs)[:, None] + group * inputs) * size + places[window, tap]
        rows, columns = (np.broadcast_to(each, values.shape).reshape(-1) for each in (rows, columns))
        shape = (outputs * len(places), groups * inputs * size)
        blocks.append(scattered(rows, columns, values.reshape(-1), shape))
    stacked: SparseArray = on_top_of_each_other(blocks, [outputs * len(places)] * groups)  # type: ignore[assignment]
    return stacked


def each_axis(value: Sizes, axes: int) -> tuple[int, ...]:
    """One number for every axis."""
    numbers = (value,) if isinstance(value, int) else tuple(value)
    return numbers * axes if len(numbers) == 1 else numbers
