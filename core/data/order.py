"""The order of samples in a file: the first of a file that is sorted by class are all of one class."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset


def sorted_by_class(data: Dataset) -> bool:
    """Whether all samples of a class lie together, one class after the other, and there are two or more."""
    if data.task == "regression":
        return False
    starts = data.y[np.flatnonzero(np.diff(data.y, prepend=data.y[0] - 1))]
    return len(starts) > 1 and len(np.unique(starts)) == len(starts)


def missing_classes(data: Dataset, samples: int) -> int:
    """How many classes of the data do not occur among the first so many samples; 0 for numbers to be predicted."""
    if data.task == "regression":
        return 0
    return len(np.unique(data.y)) - len(np.unique(data.y[:samples]))


def spread_rows(total: int, samples: int) -> npt.NDArray[np.int64]:
    """So many row numbers from all over `total` rows, the first and the last among them; all if there are no more."""
    if samples >= total:
        return np.arange(total)
    return np.linspace(0, total - 1, samples).round().astype(np.int64)


def spread(data: Dataset, samples: int) -> Dataset:
    """So many samples from all over the data, in their order; the data themselves if there are no more."""
    if samples >= len(data):
        return data
    rows = spread_rows(len(data), samples)
    return replace(data, x=data.x[rows], y=data.y[rows])
