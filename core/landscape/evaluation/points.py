"""What is known of one point of a plane."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class PointValues:
    """What was computed at one point of a plane, sample by sample."""

    losses: npt.NDArray[np.float32] = field(repr=False)  # (n,), NaN or infinite where they are
    right: npt.NDArray[np.float32] = field(repr=False)  # (n,), 1 or 0; NaN where numbers are predicted
    outputs: npt.NDArray[np.float32] | None = field(default=None, repr=False)  # (m, k) of the samples asked for

    @property
    def loss(self) -> float:
        """The mean, summed in float64."""
        return float(self.losses.mean(dtype=np.float64))

    @property
    def accuracy(self) -> float:
        """Share of the samples classified right, 0 to 1; NaN where there are no classes."""
        return float(self.right.mean(dtype=np.float64))
