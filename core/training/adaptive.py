"""Batches that grow as the curvature falls: ABSA (Yao, Gholami, Keutzer, Mahoney 2018, arXiv 1810.01021).

Once an epoch the top eigenvalue is measured on a few samples. Where it has fallen to the reference divided by `ratio`,
or after `patience` epochs, batch and learning rate are multiplied by `ratio`. The reference is the eigenvalue after the
first epoch, and then the one that let the batch grow. The share of samples that robust training attacks is divided by
the growth, and is zero from the limit on, and in the second half of the epochs. All this as in the authors' code
(absa.py), but that the magnitude of the eigenvalue counts: a negative one is no flat place.
"""

import math
from collections.abc import Mapping

from core.training.recipe import TrainingRequest


class BatchSchedule:
    """Batch size, factor of the learning rate, and share of attacked samples, epoch by epoch.

    Without `request.adaptive` they are the recipe's own throughout.
    """

    def __init__(self, request: TrainingRequest, samples: int) -> None:
        self._request, self._samples = request, samples
        self._growth, self._waited = 1, 0
        self._reference = 0.0  # magnitude of the top eigenvalue; 0: none yet

    @property
    def growth(self) -> int:
        """What the recipe's batch and learning rate are multiplied by."""
        return self._growth

    @property
    def batch_size(self) -> int:
        """Samples an update; never more than there are."""
        return min(self._request.batch_size * self._growth, self._samples)

    def share(self, epoch: int) -> float:
        """Share of the samples that is attacked in an epoch, counted from 1; 0: none."""
        robust, adaptive = self._request.robust, self._request.adaptive
        if robust is None:
            return 0.0
        if adaptive is None:
            return robust.share
        # Both are looked at after an epoch, so that the first one is always robust.
        ended = self._growth * adaptive.ratio > adaptive.limit or epoch > max(1, self._request.epochs // 2)
        return 0.0 if ended else robust.share / self._growth

    def observe(self, eigenvalue: float) -> None:
        """Take note of the top eigenvalue at the end of an epoch of training, and grow if it is time."""
        adaptive = self._request.adaptive
        if adaptive is None:
            return
        magnitude = abs(eigenvalue) if math.isfinite(eigenvalue) else math.inf  # unknown: only patience counts
        self._waited += 1
        flatter = self._reference > 0 and magnitude <= self._reference / adaptive.ratio
        if flatter or (self._reference == 0 and math.isfinite(magnitude)):
            self._reference = magnitude
        grown = self._growth * adaptive.ratio
        possible = grown <= adaptive.limit and self._request.batch_size * grown <= self._samples
        if possible and (flatter or self._waited >= adaptive.patience):
            self._growth, self._waited = grown, 0

    def numbers(self) -> dict[str, float]:
        """What it has to remember."""
        return {"growth": self._growth, "waited": self._waited, "reference": self._reference}

    def remember(self, numbers: Mapping[str, float]) -> None:
        """The inverse of `numbers`."""
        self._growth, self._waited = int(numbers.get("growth", 1)), int(numbers.get("waited", 0))
        self._reference = float(numbers.get("reference", 0.0))
