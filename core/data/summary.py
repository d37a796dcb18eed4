"""What a data set holds, in a few numbers: classes, ranges, and the mean and deviation that a network would be fed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset, pieces
from core.job import JobContext

CHANNELS = (1, 3)


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSummary:
    """Numbers about all samples, in the units of the data file."""

    names: tuple[str, ...]  # of the k columns or channels
    low: npt.NDArray[np.float64]  # (k,) smallest value
    high: npt.NDArray[np.float64]  # (k,) largest value
    mean: npt.NDArray[np.float64]  # (k,)
    std: npt.NDArray[np.float64]  # (k,) of all values, not of a sample of them
    class_counts: npt.NDArray[np.int64]  # (classes,) samples of each class; (0,) where numbers are to be predicted
    size_bytes: int  # of the samples, labels not counted
    dtype: str


def summarise(data: Dataset, job: JobContext) -> DataSummary:
    """Look at every sample once, in pieces, so that a mapped file is never in memory as a whole.

    Images are summed up by channel, tables by column; samples of any other shape as one.
    """
    axis = channel_axis(data.x.shape[1:])
    count = 1 if axis is None else data.x.shape[axis + 1]
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    total, squares, shift = np.zeros(count), np.zeros(count), np.zeros(count)
    number = 0
    for start, piece in pieces(data.x):
        job.check()
        values = _by_channel(piece, axis)
        if start == 0:
            shift = values.mean(axis=0)  # squares of large numbers would lose the digits in which they differ
        low, high = np.minimum(low, values.min(axis=0)), np.maximum(high, values.max(axis=0))
        total += (values - shift).sum(axis=0)
        squares += ((values - shift) ** 2).sum(axis=0)
        number += len(values)
        job.progress(start + len(piece), len(data), "samples")
    return DataSummary(
        names=_names(data, axis, count),
        low=low,
        high=high,
        mean=shift + total / number,
        # What never varies has a deviation of 0, not one of rounding.
        std=np.where(high > low, np.sqrt(np.maximum(squares / number - (total / number) ** 2, 0)), 0.0),
        class_counts=_counts(data),
        size_bytes=data.x.nbytes,
        dtype=str(data.x.dtype),
    )


def channel_axis(shape: tuple[int, ...]) -> int | None:
    """The axis of a sample along which channels or columns lie; None where there is none."""
    if len(shape) == 1:
        return 0
    if len(shape) == 3:
        return 0 if shape[0] in CHANNELS else 2 if shape[2] in CHANNELS else None
    return None


def _by_channel(piece: npt.NDArray[np.generic], axis: int | None) -> npt.NDArray[np.float64]:
    """(values, channels)"""
    if axis is None:
        return piece.reshape(-1, 1).astype(np.float64)
    return np.moveaxis(piece, axis + 1, -1).reshape(-1, piece.shape[axis + 1]).astype(np.float64)


def _names(data: Dataset, axis: int | None, count: int) -> tuple[str, ...]:
    if axis is None:
        return ("all values",)
    if data.x.ndim > 2:
        return ("red", "green", "blue") if count == 3 else ("grey",)
    if data.features is not None and data.features.width == count:
        return tuple(
            f"{feature.name} = {level}" if level else feature.name for feature, level in data.features.input_columns
        )
    return tuple(f"column {index}" for index in range(count))


def _counts(data: Dataset) -> npt.NDArray[np.int64]:
    if data.task == "regression":
        return np.zeros(0, np.int64)
    classes = max(len(data.classes), int(data.y.max()) + 1)
    counts: npt.NDArray[np.int64] = np.bincount(data.y.astype(np.int64), minlength=classes).astype(np.int64)
    return counts
