"""The landscape engine: a surface computed coarse to fine, shown while it grows, resumable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from torch import Tensor

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.directions.projection import places
from core.landscape.evaluation.plane import PlaneEvaluator, plane_evaluator
from core.landscape.plane import Directions, FloatArray, PcaDirections, checked_plane
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.surfaces.adaptive import Adaptive
from core.landscape.surfaces.extent import plane_extent
from core.landscape.surfaces.grid import compute_every_point
from core.landscape.surfaces.growing import GrowingSurface, Subject
from core.landscape.surfaces.points import PointSource
from core.landscape.surfaces.timing import Pace
from core.landscape.surfaces.work import Work
from core.networks.mean_loss import mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode
from core.origin import refuse_foreign


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
    companions : Companions, optional
        The test set, and what the directions refer to.

    Raises
    ------
    DataError
        If the data do not fit the network.
    InvalidRequest
        If `resume` belongs to something else, or what the request refers to is not at hand.
    """
    used = data.first(request.samples)
    test = _test_set(request, companions)
    inputs, labels = network.prepare(used)
    if resume is None:
        directions = checked_plane(find_directions(request.directions, network, inputs, labels, companions, job))
    else:
        refuse_foreign(resume, request, network, used, "surface", test=test)
        directions = resume.directions
    if resume is None:
        x, y = _axes(request, directions, _way(request, network, directions, companions, job))
    else:
        x, y = resume.x, resume.y
    with (
        plane_evaluator(network.module, directions, inputs, labels, job, batch_norm=request.batch_norm) as train,
        _test_evaluator(request, network, inputs, directions, test, job) as test_evaluator,
    ):
        source = PointSource(x, y, train, test_evaluator)
        centre = _own_loss(network, train, inputs, labels, job) if resume is None else resume.centre_loss
        subject = Subject(
            request=request, network=network, data=used, test=test, directions=directions, x=x, y=y, centre_loss=centre
        )
        growing = GrowingSurface(subject, resume)
        growing.course = replace(growing.course, engine=train.description, engine_error=train.engine_error)
        work = Work(growing, source, job, Pace(train.seconds_per_point, source.samples if resume is None else 0))
        try:
            _compute(work)
        except Cancelled:
            job.partial(growing.snapshot("partial"))
            raise
    return growing.snapshot("complete")


def _own_loss(network: Network, evaluator: PlaneEvaluator, inputs: Tensor, labels: Tensor, job: JobContext) -> float:
    """The loss of the network as it is, with its own statistics of normalisation."""
    if not evaluator.recalibrates:
        return evaluator.at(0.0, 0.0, job).loss
    with evaluation_mode(network.module):
        return mean_loss(network.module, inputs, labels, job)[0]


def _compute(work: Work) -> None:
    growing = work.growing
    if growing.subject.request.method == "adaptive":
        if growing.certificate is None:
            Adaptive(work).run()
        return
    growing.course = replace(growing.course, reason="Every point was asked for and computed: no certificate is needed.")
    compute_every_point(work)


def _way(
    request: SurfaceRequest, network: Network, directions: Directions, companions: Companions, job: JobContext
) -> list[tuple[float, float]]:
    """Where the checkpoints lie in the plane that was spanned by them; none in others."""
    if not isinstance(request.directions, PcaDirections):
        return []
    found = places(network.module, directions, companions.waypoints, job)
    return list(zip(found.x.tolist(), found.y.tolist(), strict=True))


def _axes(
    request: SurfaceRequest, directions: Directions, way: list[tuple[float, float]]
) -> tuple[FloatArray, FloatArray]:
    x_range, y_range = plane_extent(request.x_range, request.y_range, directions.anchors, way)
    x, y = np.linspace(*x_range, request.columns), np.linspace(*y_range, request.rows)
    for axis in (x, y):
        axis.setflags(write=False)  # every snapshot shares them
    return x, y


def _test_set(request: SurfaceRequest, companions: Companions) -> Dataset | None:
    if not request.test:
        return None
    if companions.test is None:
        raise InvalidRequest(
            "The surface is asked for on a test set too, but there is none. Choose one, or leave it out."
        )
    return companions.test.first(request.test_samples)


@contextmanager
def _test_evaluator(
    request: SurfaceRequest,
    network: Network,
    train: Tensor,
    directions: Directions,
    test: Dataset | None,
    job: JobContext,
) -> Iterator[PlaneEvaluator | None]:
    """Evaluates the test set; statistics that are recalibrated come from the training samples all the same."""
    if test is None:
        yield None
        return
    inputs, labels = network.prepare(test)
    with plane_evaluator(
        network.module, directions, inputs, labels, job, batch_norm=request.batch_norm, statistics=train
    ) as evaluator:
        yield evaluator
