"""The landscape engine: a surface computed coarse to fine, shown while it grows, resumable."""

import time

import numpy as np
import torch

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.evaluation.plane import PlaneEvaluator, plane_evaluator
from core.landscape.surface import EVALUATED, Directions, Status, Surface, SurfaceRequest
from core.landscape.surfaces.interpolation import fill_between
from core.landscape.surfaces.schedule import Level, coarse_to_fine
from core.networks.network import Network
from core.provenance import Provenance, software_versions

SNAPSHOT_INTERVAL = 1 / 15  # seconds: the window redraws no more often


def compute_surface(
    request: SurfaceRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Surface | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Surface:
    """Compute the loss over a rectangle of a plane through the network's weights (Li et al. 2018, §3–4).

    Parameters
    ----------
    request : SurfaceRequest
    network : Network
        Its parameters move while this runs, and are exactly restored afterwards.
    data : Dataset
        The loss is the mean over its first `request.samples` samples, without augmentation.
    job : JobContext
        Receives a partial `Surface` about 15 times a second, and a last one when the job is stopped.
    resume : Surface, optional
        A partial surface of the same request, network and data; its points are not computed again.

    Raises
    ------
    DataError
        If the data do not fit the network.
    InvalidRequest
        If `resume` belongs to something else.
    """
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    if resume is None:
        directions = find_directions(request.directions, network, inputs, labels, companions, job)
    else:
        _refuse_foreign(resume, request, network, used)
        directions = resume.directions
    with plane_evaluator(network.module, directions, inputs, labels, job) as evaluator:
        centre = evaluator.at(0.0, 0.0, job).loss if resume is None else resume.centre_loss
        growing = _GrowingSurface(request, network, used, directions, centre, resume)
        try:
            growing.grow(evaluator, job)
        except Cancelled:
            job.partial(growing.snapshot("partial"))
            raise
    return growing.snapshot("complete")


def _refuse_foreign(resume: Surface, request: SurfaceRequest, network: Network, data: Dataset) -> None:
    same = resume.provenance.network_sha256 == network.sha256 and resume.provenance.data_sha256 == data.sha256
    if resume.request != request or not same:
        raise InvalidRequest(
            "The partial surface to resume belongs to another request, network or data set. "
            "Resume it with its own, or compute a new one."
        )


class _GrowingSurface:
    """The arrays while they fill; `snapshot` gives an immutable copy."""

    def __init__(
        self,
        request: SurfaceRequest,
        network: Network,
        data: Dataset,
        directions: Directions,
        centre_loss: float,
        resume: Surface | None,
    ) -> None:
        self._request, self._network, self._data = request, network, data
        self._directions, self._centre_loss = directions, centre_loss
        self._x = np.linspace(*(request.x_range or (-1.0, 1.0)), request.columns)
        self._y = np.linspace(*(request.y_range or (-1.0, 1.0)), request.rows)
        for axis in (self._x, self._y):
            axis.setflags(write=False)  # every snapshot shares them
        shape = (request.rows, request.columns)
        self._loss, self._accuracy = np.full(shape, np.nan), np.full(shape, np.nan)
        self._done = np.zeros(shape, dtype=bool)
        self._complete_level: Level | None = None
        self._seconds_before = 0.0
        if resume is not None:
            self._done = resume.evaluated == EVALUATED
            self._loss[self._done] = resume.loss[self._done]
            self._accuracy[self._done] = resume.accuracy[self._done]
            self._seconds_before = resume.provenance.seconds
        self._versions = software_versions()
        self._started = time.perf_counter()

    def grow(self, evaluator: PlaneEvaluator, job: JobContext) -> None:
        """Evaluate every point that is not there yet, level by level."""
        next_snapshot = time.perf_counter()
        for level in coarse_to_fine(self._request.rows, self._request.columns):
            for row, column in level.points:
                if not self._done[row, column]:
                    values = evaluator.at(float(self._x[column]), float(self._y[row]), job)
                    self._loss[row, column], self._accuracy[row, column] = values.loss, values.accuracy
                    self._done[row, column] = True
                    job.progress(
                        int(self._done.sum()), self._done.size, f"{len(level.rows)} × {len(level.columns)} points"
                    )
                    if time.perf_counter() >= next_snapshot:
                        job.partial(self.snapshot("partial"))
                        next_snapshot = time.perf_counter() + SNAPSHOT_INTERVAL
            self._complete_level = level

    def snapshot(self, status: Status) -> Surface:
        """What is known now; cells between evaluated ones are interpolated and marked so."""
        loss, accuracy = self._loss.copy(), self._accuracy.copy()
        if self._complete_level is not None and not self._done.all():
            loss = fill_between(loss, self._done, self._complete_level, log=True)
            accuracy = fill_between(accuracy, self._done, self._complete_level, log=False)
        evaluated = self._done.astype(np.uint8)
        for array in (loss, accuracy, evaluated):
            array.setflags(write=False)
        return Surface(
            request=self._request,
            status=status,
            x=self._x,
            y=self._y,
            loss=loss,
            accuracy=accuracy,
            evaluated=evaluated,
            directions=self._directions,
            centre_loss=self._centre_loss,
            loss_unit=self._data.loss_unit,
            provenance=Provenance(
                network_sha256=self._network.sha256,
                data_sha256=self._data.sha256,
                samples=len(self._data),
                seconds=self._seconds_before + time.perf_counter() - self._started,
                threads=torch.get_num_threads(),
                dtype="float32",
                device="cpu",
                versions=self._versions,
            ),
        )
