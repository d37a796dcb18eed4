"""Samples of a data set as pictures, whatever the layout and units of its file."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

Array = npt.NDArray[np.generic]

SMALLEST = 6  # pixels a side; below it a two-dimensional sample is a short table rather than a picture
COLOURS = (1, 3)  # channels that can be shown


@dataclass(frozen=True, kw_only=True)
class Brightness:
    """The values that are drawn black and white."""

    low: float
    high: float


def is_picture(shape: tuple[int, ...]) -> bool:
    """Whether samples of that shape can be drawn: (H, W), (C, H, W) or (H, W, C) with one or three channels."""
    return _sides(shape) is not None


def brightness_of(samples: Array) -> Brightness:
    """Black and white for a set of samples, one for all, so that they can be compared.

    Bytes are drawn as they are unless they use a small part of their range, as digits from 0 to 16 do.
    """
    low, high = float(min(0, samples.min())), float(samples.max())
    if np.issubdtype(samples.dtype, np.integer) and low == 0 and 127 < high <= 255:
        high = 255.0
    return Brightness(low=low, high=high if high > low else low + 1)


def picture_of_sample(sample: Array, brightness: Brightness) -> QImage:
    """One sample as an image of its own size.

    Raises
    ------
    ValueError
        If its shape is none of those that `is_picture` takes.
    """
    sides = _sides(sample.shape)
    if sides is None:
        raise ValueError(f"A sample of shape {sample.shape} is no picture.")
    pixels = sample.reshape(*sides, 1) if sample.ndim == 2 else sample
    if sample.ndim == 3 and sides != sample.shape[:2]:
        pixels = np.moveaxis(sample, 0, -1)
    share = (pixels.astype(np.float64) - brightness.low) / (brightness.high - brightness.low)
    grey = np.clip(np.rint(share * 255), 0, 255).astype(np.uint8)
    rgb = np.ascontiguousarray(np.broadcast_to(grey, (*sides, 3)) if grey.shape[2] == 1 else grey)
    height, width = sides
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()  # the buffer is ours


def _sides(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Height and width of a picture; None for other samples. Where both layouts fit, channels are first."""
    sides: tuple[int, ...] = ()
    if len(shape) == 2:
        sides = shape
    elif len(shape) == 3 and shape[0] in COLOURS:
        sides = shape[1:]
    elif len(shape) == 3 and shape[2] in COLOURS:
        sides = shape[:2]
    return (sides[0], sides[1]) if sides and min(sides) >= SMALLEST else None
