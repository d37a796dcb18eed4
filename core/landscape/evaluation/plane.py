"""Evaluates a network at points of a plane, and leaves it as it was found."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.evaluation.points import PointValues
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.samples import Samples
from core.landscape.evaluation.setting_up import Prepared, prepare
from core.landscape.evaluation.workers import on_threads
from core.landscape.plane import BatchNorm, Directions

__all__ = ["IntArray", "PlaneEvaluator", "PointValues", "plane_evaluator"]
IntArray = npt.NDArray[np.int64]


class PlaneEvaluator:
    """Evaluates ``L(θ + a·δ + b·η)`` for one network, one plane and one set of samples.

    Make it with `plane_evaluator`. Only what the directions name moves: with directions of weights the buffers of batch
    normalisation keep their running statistics, as in Li et al. 2018.
    """

    def __init__(self, prepared: Prepared, samples: Samples, statistics: Tensor | None = None) -> None:
        self._prepared, self._samples = prepared, samples
        self._statistics = (
            samples.inputs if statistics is None else statistics.to(prepared.replica.device, prepared.replica.dtype)
        )
        self._replicas = [prepared.replica]
        self._running: list[Generator[tuple[int, PointValues]]] = []

    @property
    def description(self) -> str:
        """How a point is evaluated, in words for the inspector and the report."""
        return self._prepared.description

    @property
    def engine_error(self) -> float:
        """Largest relative error of the mean loss that was met against float64; NaN where float64 cannot be had.

        It was compared at three points of the plane, on the first samples, relative to the loss or to 0.001 where the
        loss is smaller.
        """
        return self._prepared.error

    @property
    def seconds_per_point(self) -> float:
        """What a point with all samples takes, as measured before the first one."""
        return self._prepared.seconds

    @property
    def recalibrates(self) -> bool:
        """Whether the statistics of batch normalisation are computed anew at every point."""
        return self._prepared.recalibrated

    @property
    def samples(self) -> int:
        """How many samples a point is evaluated on."""
        return len(self._samples)

    @property
    def labels(self) -> Tensor:
        """(n,) int64 or (n, k) float: what the samples' outputs are compared with."""
        return self._samples.labels

    @property
    def operations(self) -> int:
        """At most so many multiplications and additions a point takes."""
        return self._prepared.replica.operations(self._samples.inputs)

    def at(
        self,
        a: float,
        b: float,
        job: JobContext,
        chosen: IntArray | None = None,
        outputs_of: IntArray | None = None,
    ) -> PointValues:
        """Evaluate one point.

        Parameters
        ----------
        a, b : float
            Multiples of the first and the second direction.
        chosen : (k,) int array, optional
            Rows of the samples to evaluate; None: all of them. Recalibrated statistics are those of all samples.
        outputs_of : (m,) int array, optional
            Which of those evaluated the network's outputs are given of; None: of none.
        """
        return self._evaluated(self._replicas[0], (a, b), job, chosen, outputs_of)

    def many(
        self,
        points: Iterable[tuple[float, float]],
        job: JobContext,
        chosen: IntArray | None = None,
        outputs_of: IntArray | None = None,
    ) -> Iterator[tuple[int, PointValues]]:
        """Evaluate many points, on several cores where that helps; each comes with its place among `points`.

        With one worker the next point is taken from `points` when the result of the last one is asked for; with
        several, some are taken ahead, and results come in any order.
        """
        if self._prepared.workers == 1:
            for index, (a, b) in enumerate(points):
                yield index, self.at(a, b, job, chosen, outputs_of)
            return
        self._samples.of(chosen)  # gathered before the workers ask for it all at once
        while len(self._replicas) < self._prepared.workers:
            self._replicas.append(self._prepared.another())
        results = on_threads(
            self._replicas,
            lambda replica, point, inner: self._evaluated(replica, point, inner, chosen, outputs_of),
            points,
            job,
        )
        self._running.append(results)
        try:
            yield from results
        finally:
            results.close()
            self._running.remove(results)

    def close(self) -> None:
        """End what `many` has left running."""
        for results in list(self._running):
            results.close()

    def _evaluated(
        self,
        replica: Replica,
        point: tuple[float, float],
        job: JobContext,
        chosen: IntArray | None,
        outputs_of: IntArray | None,
    ) -> PointValues:
        way = self._prepared.way
        replica.move(*point, self._statistics, way, job)
        wanted = None if outputs_of is None else torch.from_numpy(outputs_of)
        return replica.values(*self._samples.of(chosen), way, job, wanted)


@contextmanager
def plane_evaluator(
    module: nn.Module,
    directions: Directions,
    inputs: Tensor,
    labels: Tensor,
    job: JobContext,
    *,
    batch_norm: BatchNorm = "frozen",
    statistics: Tensor | None = None,
) -> Iterator[PlaneEvaluator]:
    """Give an evaluator, after about a second in which the fastest exact way of evaluating is found.

    The network itself is never moved: copies of it are.

    Parameters
    ----------
    inputs : (n, …) float32, normalised
    labels : (n,) int64, or (n, k) float: see `per_sample_loss`
    batch_norm : "frozen" or "recalibrated"
        Recalibrated computes the statistics of batch normalisation anew from the samples at every point.
    statistics : (m, …) float32, optional
        Samples that recalibrated statistics come from, if others: those of training, where a test set is evaluated.

    Raises
    ------
    InvalidRequest
        If the directions are not those of this network.
    UnsupportedNetwork
        If statistics are to be recalibrated that were frozen when the network was exported.
    """
    prepared = prepare(module, directions, inputs, labels, job, batch_norm)
    evaluator = PlaneEvaluator(prepared, Samples(prepared.replica, inputs, labels, prepared.way), statistics)
    try:
        yield evaluator
    finally:
        evaluator.close()
