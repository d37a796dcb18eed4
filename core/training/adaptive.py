"""Batches that grow as the curvature falls: ABSA (Yao, Gholami, Keutzer, Mahoney 2018, arXiv 1810.01021).

Once an epoch the top eigenvalue is measured on a few samples. Where it has fallen to the largest one since the last
growth divided by `ratio`, or after `patience` epochs, batch and learning rate are multiplied by `ratio`. The strength
of robust training is divided by the growth; as in the authors' code, it ends at the limit, or after half of the epochs.
"""

import math
from collections.abc import Mapping

from core.training.recipe import TrainingRequest


class BatchSchedule:
    """Batch size, factor of the learning rate, and strength of the attack, epoch by epoch.

    Without `request.adaptive` they are the recipe's own throughout.
    """

    def __init__(self, request: TrainingRequest, samples: int) -> None:
        self._request, self._samples = request, samples
        self._growth, self._waited = 1, 0
        self._reference = 0.0  # the largest magnitude of the top eigenvalue since the last growth

    @property
    def growth(self) -> int:
        """What the recipe's batch and learning rate are multiplied by."""
        return self._growth

    @property
    def batch_size(self) -> int:
        """Samples an update; never more than there are."""
        return min(self._request.batch_size * self._growth, self._samples)

    def epsilon(self, epoch: int) -> float:
        """Strength of the attack in an epoch, counted from 1; 0: none."""
        robust, adaptive = self._request.robust, self._request.adaptive
        if robust is None:
            return 0.0
        if adaptive is not None and self._growth > 1:
            ended = self._growth * adaptive.ratio > adaptive.limit or epoch > self._request.epochs / 2
            return 0.0 if ended else robust.epsilon / self._growth
        return robust.epsilon

    def observe(self, eigenvalue: float, *, after_training: bool) -> None:
        """Take note of the top eigenvalue at the end of an epoch, and grow if it is time."""
        adaptive = self._request.adaptive
        if adaptive is None:
            return
        magnitude = abs(eigenvalue) if math.isfinite(eigenvalue) else math.inf  # unknown: only patience counts
        self._waited += int(after_training)
        flatter = magnitude <= self._reference / adaptive.ratio
        grown = self._growth * adaptive.ratio
        possible = grown <= adaptive.limit and self._request.batch_size * grown <= self._samples
        if after_training and possible and (flatter or self._waited >= adaptive.patience):
            self._growth, self._waited = grown, 0
            self._reference = magnitude if math.isfinite(magnitude) else self._reference
        elif math.isfinite(magnitude):
            self._reference = max(self._reference, magnitude)

    def numbers(self) -> dict[str, float]:
        """What it has to remember."""
        return {"growth": self._growth, "waited": self._waited, "reference": self._reference}

    def remember(self, numbers: Mapping[str, float]) -> None:
        """The inverse of `numbers`."""
        self._growth, self._waited = int(numbers.get("growth", 1)), int(numbers.get("waited", 0))
        self._reference = float(numbers.get("reference", 0.0))
