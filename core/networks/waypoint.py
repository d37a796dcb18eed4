"""Checkpoints of one training, wherever they come from: each with all of a network, and its place on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Waypoint:
    """A checkpoint of a training."""

    epoch: float
    weights: Mapping[str, npt.NDArray[np.generic]] = field(repr=False)  # state dict
    learning_rate: float = float("nan")  # with which the epoch before it was learnt


def rate_drops(rate: FloatArray) -> tuple[int, ...]:
    """Checkpoints at which the learning rate fell: the last ones learnt with the old rate, where pictures mark it.

    The original training script saves the checkpoint of an epoch and lowers the rate then (Li et al. 2018, §7.2 and
    Figure 9); the next checkpoint is the first that was learnt with the new rate.

    Parameters
    ----------
    rate : (n,) array
        Learning rate before each checkpoint; NaN where it is not known.
    """
    with np.errstate(invalid="ignore"):
        lower = rate[1:] < rate[:-1] * (1 - 1e-9)
    return tuple(int(place) for place in np.flatnonzero(lower))
