"""How far a way of evaluating is from float64 at some points of the plane."""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.ways import Way
from core.landscape.plane import BatchNorm, Directions

POINTS = ((0.0, 0.0), (0.5, -0.5), (-1.0, 1.0))
TOLERANCE = 1e-5  # relative, of the mean loss
AS_NEAR = 2.0  # times the spread of the network's own float32 evaluation around float64
SMALLEST = 1e-3  # a loss below it is compared as if it were this large
BUDGET = 0.4  # seconds for float64
SAMPLES = 64
DOUBLE = Way(batch=8)  # float64 takes five times as long, and a stop is noticed between batches


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """Of one way of evaluating from float64."""

    error: float  # largest relative error of the mean loss
    spread: float  # largest root of the mean square error of single samples, relative to the mean loss

    def is_small(self, plain: "Deviation") -> bool:
        """Whether the way may stand for the network.

        Of a network without shortcuts, 56 layers deep, no evaluation in float32 agrees with float64 to 1e-5 everywhere:
        rounding is amplified layer by layer. There a way must be as near as the network's own evaluation is; that is
        told from single samples, because errors of the mean cancel by chance.
        """
        return self.error <= TOLERANCE or self.spread <= AS_NEAR * plain.spread


class Agreement:
    """Losses in float64, computed once, and how far the ways are from them.

    Parameters
    ----------
    module : nn.Module
        Is copied.
    inputs, labels : Tensor
        The first ones are used: as many as the time allows, 64 at most.
    fewest : int
        So many are used however long it takes.
    """

    def __init__(
        self,
        module: nn.Module,
        directions: Directions,
        inputs: Tensor,
        labels: Tensor,
        batch_norm: BatchNorm,
        job: JobContext,
        fewest: int = 2,
    ) -> None:
        truth = Replica(module, directions, batch_norm, double=True)
        few = min(2, len(labels))
        self._job, self._inputs, self._labels = job, inputs[:few].double(), labels[:few]
        began = time.perf_counter()
        self._losses(truth, POINTS[0], DOUBLE)
        seconds = (time.perf_counter() - began) / few
        count = min(len(labels), max(fewest, min(SAMPLES, int(BUDGET / seconds / len(POINTS)))))
        self._inputs, self._labels = inputs[:count].double(), labels[:count]
        self._truth = [self._losses(truth, point, DOUBLE) for point in POINTS]
        self._inputs = inputs[:count]

    def deviation(self, replica: Replica, way: Way) -> Deviation:
        """Over the points where float64 is finite."""
        errors, spreads = [0.0], [0.0]
        for point, truth in zip(POINTS, self._truth, strict=True):
            if np.isfinite(truth).all():
                off = self._losses(replica, point, way) - truth
                size = max(float(truth.mean()), SMALLEST)
                errors.append(abs(float(off.mean())) / size)
                spreads.append(float(np.sqrt(np.square(off).mean())) / size)
        return Deviation(error=max(errors), spread=max(spreads))

    def _losses(self, replica: Replica, point: tuple[float, float], way: Way) -> npt.NDArray[np.float64]:
        replica.move(*point, self._inputs, way, self._job)
        return replica.values(self._inputs, self._labels, way, self._job).losses.astype(np.float64)
