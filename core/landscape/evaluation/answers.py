"""What a network answers to its samples at points of a plane, and what loss that lets expect elsewhere.

Between two points the outputs of a network of linear and rectified layers are polynomials with kinks, which are
interpolated well. Its loss is not: where a sample changes sides, the cross-entropy bends within a fraction of that way.
So the outputs of each sample are interpolated, and the loss is computed from them. On a small trained CNN 49 points say
more that way than 169 do whose losses are interpolated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MOST_SAMPLES = 4096  # of a larger set, so many drawn at random
FEWEST_SAMPLES = 32  # fewer say nothing about the others
MOST_NUMBERS = 2**25  # that are remembered: 128 MiB
PER_NUMBER = 200  # operations on every number kept of a point, for each place the loss is computed at
SHARE = 1 / 8  # of the operations of a point, which are overestimated, that computing it everywhere may take
PIECE = 2**18  # numbers that are computed at a time: they stay in a core's cache


class Answers:
    """Outputs of some samples at points that were computed in full.

    Of large sets, and of networks that are computed faster than their outputs are interpolated, only some samples are
    remembered; where memory is used up, every second one of them is forgotten.

    Parameters
    ----------
    labels : (n,) int64, or (n, k) float
        Of all samples: see `per_sample_loss`.
    operations : float
        That a point takes, for each place at which losses will be asked for.
    """

    def __init__(self, labels: Tensor, operations: float) -> None:
        count = min(len(labels), MOST_SAMPLES)
        self.rows: IntArray = np.random.default_rng(len(labels)).permutation(len(labels))[:count]
        self._labels = labels.cpu()[torch.from_numpy(self.rows)]
        self._numbers = operations * SHARE / PER_NUMBER
        self._samples, self._fewest = count, min(count, FEWEST_SAMPLES)
        self._points: dict[tuple[int, int], Tensor] = {}  # (k, samples) by row and column
        self._own: dict[tuple[int, int], float] = {}  # their mean loss

    def __len__(self) -> int:
        return len(self._points)

    @property
    def cells(self) -> IntArray:
        """(p, 2) of (row, column)"""
        return np.array(list(self._points), dtype=np.int64).reshape(-1, 2)

    def keep(self, row: int, column: int, outputs: npt.NDArray[np.float32] | None) -> None:
        """Remember the outputs of the samples `rows` at a point, unless some are not finite.

        Parameters
        ----------
        outputs : (m, k) or None
        """
        if outputs is None or outputs.ndim != 2 or not np.isfinite(outputs).all():
            return
        kinds = outputs.shape[1]
        self._samples = min(self._samples, int(self._numbers / kinds))
        while self._samples * kinds * (len(self) + 1) > MOST_NUMBERS and self._samples >= self._fewest:
            self._samples //= 2
        if self._samples < self._fewest:
            self._points.clear()
            return
        self._points[row, column] = torch.from_numpy(outputs[: self._samples].T.copy())
        if any(of_point.shape[1] > self._samples for of_point in self._points.values()):
            shorter = {cell: of_point[:, : self._samples].clone() for cell, of_point in self._points.items()}
            self._points = shorter
            self._own.clear()

    def own(self) -> FloatArray:
        """(p,), the mean loss over the samples at the points themselves."""
        for cell, outputs in self._points.items():
            if cell not in self._own:
                loss, _ = _means(outputs[:, None].clone(), self._labels[: outputs.shape[1]])
                self._own[cell] = float(loss[0])
        return np.array([self._own[cell] for cell in self._points])

    def at(self, weights: FloatArray, check: Callable[[], None]) -> "Expected":
        """The mean over the samples, where outputs are weighted sums of those at the points.

        Parameters
        ----------
        weights : (m, p)
            Of the points `cells`, place by place.
        check : callable
            Called between pieces of work of less than 100 ms or so.
        """
        outputs = torch.stack(list(self._points.values()), dim=1)  # (k, p, s): sums over k run fast in this order
        labels = self._labels[: outputs.shape[2]]
        loss, right = np.empty(len(weights)), np.empty(len(weights))
        each = max(1, PIECE // (outputs.shape[0] * outputs.shape[2]))
        with torch.inference_mode():
            for start in range(0, len(weights), each):
                check()
                part = torch.from_numpy(weights[start : start + each].astype(np.float32))
                found = torch.matmul(part, outputs)  # (k, some places, s)
                loss[start : start + each], right[start : start + each] = _means(found, labels)
        return Expected(loss, right)


@dataclass(frozen=True, eq=False)
class Expected:
    """Means over samples whose outputs were interpolated."""

    loss: FloatArray = field(repr=False)  # (m,)
    right: FloatArray = field(repr=False)  # (m,), share classified right; NaN where numbers are predicted


def _means(outputs: Tensor, labels: Tensor) -> tuple[FloatArray, FloatArray]:
    """As `per_sample_loss` and `correct` have them, of outputs with the classes first: a tenth of the time.

    The outputs are overwritten.
    """
    if labels.is_floating_point():
        off = outputs - labels.T[:, None, :].to(outputs.dtype)
        return _mean(off.square().mean(dim=0)), np.full(outputs.shape[1], np.nan)
    own = outputs.gather(0, labels.expand(1, outputs.shape[1], -1))[0]
    most = outputs.amax(dim=0)
    losses = outputs.sub_(most).exp_().sum(dim=0).log_().add_(most).sub_(own)
    return _mean(losses), _mean((own >= most).float())


def _mean(values: Tensor) -> FloatArray:
    means: FloatArray = values.mean(dim=1, dtype=torch.float64).numpy()
    return means
