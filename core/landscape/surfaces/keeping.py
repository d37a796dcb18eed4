"""Losses of single samples at the points computed in full: what calibration rests on."""

import numpy as np
import numpy.typing as npt

from core.landscape.surfaces.points import CellValues

MOST_SAMPLES = 4096  # of a larger set, so many drawn at random: memory stays bounded
MOST_POINTS = 400
IntArray = npt.NDArray[np.int64]
Losses = npt.NDArray[np.float32]


class Keeper:
    """Keeps losses of some samples for the first points that are computed in full.

    Parameters
    ----------
    samples, test_samples : int
        Sizes of the sets; nothing is kept of an empty one.
    """

    def __init__(self, samples: int, test_samples: int) -> None:
        self.rows, self.test_rows = _some(samples, 1), _some(test_samples, 2)
        self._cells: dict[tuple[int, int], int] = {}
        self._losses: list[Losses] = []
        self._test_losses: list[Losses] = []

    def __len__(self) -> int:
        return len(self._cells)

    def keep(self, row: int, column: int, values: CellValues) -> None:
        """Keep the losses of a point, unless there are enough or some are not finite."""
        if len(self._cells) >= MOST_POINTS or (row, column) in self._cells or values.losses is None:
            return
        losses = values.losses[self.rows]
        tested = np.zeros(0, np.float32) if values.test_losses is None else values.test_losses[self.test_rows]
        if np.isfinite(values.loss) and np.isfinite(losses).all() and np.isfinite(tested).all():
            self._cells[row, column] = len(self._cells)
            self._losses.append(losses)
            self._test_losses.append(tested)

    @property
    def cells(self) -> IntArray:
        """(p, 2) of (row, column)"""
        return np.array(list(self._cells), dtype=np.int64).reshape(-1, 2)

    @property
    def losses(self) -> Losses:
        """(p, n) of the samples `rows`"""
        return np.array(self._losses, dtype=np.float32).reshape(-1, len(self.rows))

    @property
    def test_losses(self) -> Losses:
        """(p, n) of the samples `test_rows` of the test set"""
        return np.array(self._test_losses, dtype=np.float32).reshape(-1, len(self.test_rows))


def _some(samples: int, seed: int) -> IntArray:
    if samples <= MOST_SAMPLES:
        return np.arange(samples)
    return np.sort(np.random.default_rng(seed).choice(samples, MOST_SAMPLES, replace=False))
