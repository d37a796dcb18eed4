"""The range of the data: one unit of an attack's strength, and the box that no attack may leave."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from torch import Tensor

from core.data.dataset import Dataset, pieces
from core.job import JobContext
from core.networks.network import Network


@dataclass(frozen=True, eq=False)
class DataBox:
    """The range of the data, as the network sees it: what an attack may not leave. Each broadcasts to a batch."""

    low: Tensor = field(repr=False)
    high: Tensor = field(repr=False)

    @property
    def scale(self) -> Tensor:
        """Length of the range, in normalised units."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class DataRange:
    """The smallest and the largest number of the data, in their own units.

    Of a table by column; of images one number each for all pixels and channels.
    """

    low: npt.NDArray[np.generic] = field(repr=False)  # (columns,), or () for images; in the data's own type
    high: npt.NDArray[np.generic] = field(repr=False)

    @property
    def is_point(self) -> bool:
        """Whether all samples are the same."""
        return bool(np.array_equal(self.low, self.high))

    def box(self, network: Network) -> DataBox:
        """The same as that network sees it."""
        shape = network.card.input.shape
        ends = [np.broadcast_to(end, shape)[None] for end in (self.low, self.high)]
        return DataBox(*(network.normalise(end) for end in ends))


def data_range(data: Dataset, job: JobContext) -> DataRange:
    """Look at all samples once, in pieces: a mapped file is never in memory as a whole."""
    low, high = None, None
    axes = 0 if data.x.ndim == 2 else None
    for _, piece in pieces(data.x):
        job.check()
        least, most = piece.min(axis=axes), piece.max(axis=axes)
        low = least if low is None else np.minimum(low, least)
        high = most if high is None else np.maximum(high, most)
    return DataRange(np.asarray(low), np.asarray(high))


def data_box(network: Network, data: Dataset, job: JobContext) -> DataBox:
    """The smallest and the largest number of the data, normalised: by column of a table, over all pixels of images."""
    return data_range(data, job).box(network)
