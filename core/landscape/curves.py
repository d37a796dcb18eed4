"""The curve engine: the loss along a line or a Bézier curve, coarse to fine, shown while it grows, resumable."""

from dataclasses import dataclass, field, replace

import numpy as np
from torch import Tensor

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.landscape.curve import Curve, CurveRequest
from core.landscape.directions.finding import find_directions
from core.landscape.evaluation.plane import plane_evaluator
from core.landscape.line_positions import coarse_to_fine_line, curve_positions
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    Directions,
    FloatArray,
    RandomDirections,
)
from core.landscape.snapshots import SnapshotPacer, frozen
from core.landscape.surface import Status
from core.networks.mean_loss import channels_last, mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode
from core.origin import Origin, refuse_foreign


@dataclass(frozen=True, eq=False)
class _Samples:
    data: Dataset
    inputs: Tensor = field(repr=False)
    labels: Tensor = field(repr=False)


def compute_curve(
    request: CurveRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Curve | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Curve:
    """Compute loss and accuracy along a line or a curve through weight space (Li et al. 2018, §3).

    At t = 0 they are the network's own, at t = 1 of a line between networks those of the other one, provided that it
    moves the states: then the running statistics of batch normalisation are interpolated with the weights, which is
    what "frozen" means on the way. With "recalibrated" they are computed anew from the samples at every t, at 0 and 1
    as well, as Garipov et al. 2018 do along a Bézier curve: the weights of its bend were never run with the
    statistics that lie between. A variance that is extrapolated below zero makes a loss of NaN, which is kept.

    Parameters
    ----------
    request : CurveRequest
    network : Network
        At t = 0. Unchanged afterwards.
    data : Dataset
        The loss is the mean over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Curve` about 15 times a second, and a last one when the job is stopped.
    resume : Curve, optional
        A partial curve of the same request, network and data; its points are not computed again.
    companions : Companions
        What the directions refer to, and the test set.

    Raises
    ------
    DataError
        If the data do not fit the network.
    InvalidRequest
        If something that the request refers to is not at hand, or `resume` belongs to something else.
    """
    train = _samples(network, data, request.samples)
    test = _test_samples(request, network, companions)
    if resume is None:
        directions = find_directions(request.directions, network, train.inputs, train.labels, companions, job)
    else:
        refuse_foreign(resume, request, network, train.data, "curve", test=None if test is None else test.data)
        directions = resume.directions
    positions = curve_positions(request, network, directions, companions, job) if resume is None else resume.x
    growing = _GrowingCurve(
        request, network, train.data, None if test is None else test.data, directions, positions, resume
    )
    try:
        if np.isnan(growing.centre_loss):
            growing.centre_loss = _own_loss(network, train, job)
        for draw in range(request.draws):
            line = directions if draw == 0 else _drawn(request.directions, draw, network, train, companions, job)
            growing.grow(draw, line, train, job)
            if test is not None:
                growing.grow(draw, line, train, job, test=test)
    except Cancelled:
        job.partial(growing.snapshot("partial"))
        raise
    return growing.snapshot("complete")


def _samples(network: Network, data: Dataset, samples: int | None) -> _Samples:
    used = data.first(samples)
    return _Samples(used, *network.prepare(used))


def _test_samples(request: CurveRequest, network: Network, companions: Companions) -> _Samples | None:
    if not request.test:
        return None
    if companions.test is None:
        raise InvalidRequest("The curve of the test set is asked for, but there is no test set. Choose one.")
    return _samples(network, companions.test, request.test_samples)


def _own_loss(network: Network, train: _Samples, job: JobContext) -> float:
    inputs = train.inputs
    inputs = channels_last(inputs)
    with evaluation_mode(network.module):
        return mean_loss(network.module, inputs, train.labels, job)[0]


def _drawn(
    asked: AnyDirections, draw: int, network: Network, train: _Samples, companions: Companions, job: JobContext
) -> Directions:
    """The directions of a later draw: random ones with the seed counted up."""
    if not isinstance(asked, RandomDirections):
        raise InvalidRequest("Only random directions can be drawn more than once.")
    again = replace(asked, seed=asked.seed + draw)
    return find_directions(again, network, train.inputs, train.labels, companions, job)


class _GrowingCurve:
    """The arrays while they fill; `snapshot` gives an immutable copy."""

    def __init__(
        self,
        request: CurveRequest,
        network: Network,
        data: Dataset,
        test: Dataset | None,
        directions: Directions,
        positions: FloatArray,
        resume: Curve | None,
    ) -> None:
        self._request, self._network, self._directions = request, network, directions
        self._data = data
        self._origin = Origin(network, data, test)
        self._x = frozen(positions)
        shape = (2 if request.test else 1, request.draws, request.points)  # training set, test set
        self._loss, self._accuracy = np.full(shape, np.nan), np.full(shape, np.nan)
        self._done = np.zeros(shape, dtype=bool)
        self.centre_loss = float("nan")
        if resume is not None:
            self._take_over(resume)
        self._pacer = SnapshotPacer()

    def _take_over(self, resume: Curve) -> None:
        pairs = ((resume.loss, resume.accuracy), (resume.test_loss, resume.test_accuracy))
        for index, (loss, accuracy) in enumerate(pairs[: len(self._loss)]):
            if loss is not None and accuracy is not None:
                self._loss[index], self._accuracy[index] = loss, accuracy
        # a loss of NaN was computed if there is an accuracy; numbers to be predicted have none, and are computed again
        self._done = ~(np.isnan(self._loss) & np.isnan(self._accuracy))
        self.centre_loss = resume.centre_loss
        self._origin.take_over(resume)

    def grow(
        self, draw: int, directions: Directions, train: _Samples, job: JobContext, *, test: _Samples | None = None
    ) -> None:
        """Evaluate every point of one draw that is not there yet, on the training set or on the test set.

        Statistics that are recalibrated come from the training set either way.
        """
        row = int(test is not None)
        missing = [index for index in coarse_to_fine_line(len(self._x)) if not self._done[row, draw, index]]
        if not missing:
            return
        curved = isinstance(self._request.directions, BezierDirections)
        axes = directions if curved else replace(directions, y={})
        points = [_on_curve(t) if curved else (t, 0.0) for t in self._x[missing].tolist()]
        samples = test or train
        with plane_evaluator(
            self._network.module,
            axes,
            samples.inputs,
            samples.labels,
            job,
            batch_norm=self._request.batch_norm,
            statistics=train.inputs,
        ) as evaluator:
            for place, values in evaluator.many(points, job):
                index = missing[place]
                self._loss[row, draw, index], self._accuracy[row, draw, index] = values.loss, values.accuracy
                self._done[row, draw, index] = True
                job.progress(int(self._done.sum()), self._done.size, self._words(draw, test=test is not None))
                self._show(job)

    def _words(self, draw: int, *, test: bool) -> str:
        which = f", draw {draw + 1} of {self._request.draws}" if self._request.draws > 1 else ""
        return f"points on the {'test' if test else 'training'} set{which}"

    def _show(self, job: JobContext) -> None:
        self._pacer.offer(job, lambda: self.snapshot("partial"))

    def snapshot(self, status: Status) -> Curve:
        """What is known now."""
        test = self._request.test
        return Curve(
            request=self._request,
            status=status,
            x=self._x,
            loss=frozen(self._loss[0].copy()),
            accuracy=frozen(self._accuracy[0].copy()),
            test_loss=frozen(self._loss[1].copy()) if test else None,
            test_accuracy=frozen(self._accuracy[1].copy()) if test else None,
            directions=self._directions,
            centre_loss=self.centre_loss,
            loss_unit=self._data.loss_unit,
            provenance=self._origin.provenance(),
        )


def _on_curve(t: float) -> tuple[float, float]:
    """Where a quadratic Bézier curve is in the plane of its axes."""
    return t, 2 * t * (1 - t)
