"""The convexity engine: the extreme eigenvalues of the Hessian over a plane, every point started from its neighbour."""

import numpy as np
from torch import Tensor, nn

from core.companions import Companions
from core.curvature.extremes import Extremes, extreme_pairs
from core.curvature.hessian import HessianVectorProduct
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import JobContext
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.directions.finding import find_directions
from core.landscape.directions.projection import places
from core.landscape.evaluation.movement import Movement
from core.landscape.plane import Directions, FloatArray, PcaDirections, checked_plane
from core.landscape.surface import Status
from core.landscape.surfaces.extent import plane_extent
from core.landscape.surfaces.schedule import coarse_to_fine
from core.networks.mean_loss import channels_last
from core.networks.network import Network
from core.networks.parameters import movable
from core.origin import Origin, refuse_foreign

REMEMBERED_BYTES = 256 * 2**20  # vectors of computed points that neighbours may start from


def compute_convexity(
    request: ConvexityRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Convexity | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Convexity:
    """Compute the smallest and the largest eigenvalue of the Hessian over a plane (Li et al. 2018, §6).

    It is the Hessian of the *mean* loss: the original tool sums its batches, which scales both eigenvalues and leaves
    their ratio. Points come coarse to fine and row by row in turns, so that each has a neighbour to start from. A point
    whose Hessian is not finite stays NaN, and the map goes on.

    Parameters
    ----------
    request : ConvexityRequest
    network : Network
        Its parameters move while this runs, and are exactly restored afterwards.
    data : Dataset
        The loss is the mean over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Convexity` after every point, and a last one when the job is stopped.
    resume : Convexity, optional
        A partial map of the same request, network and data; its points are not computed again.
    companions : Companions, optional
        What the directions refer to.

    Raises
    ------
    DataError
        If the data do not fit the network.
    InvalidRequest
        If `resume` belongs to something else, or no parameter is left to differentiate by.
    """
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    inputs = channels_last(inputs)  # as for spectra: two thirds of the time
    if resume is None:
        directions = checked_plane(find_directions(request.directions, network, inputs, labels, companions, job))
    else:
        refuse_foreign(resume, request, network, used, "convexity map")
        directions = resume.directions
    axes = _axes(request, network, directions, companions, job) if resume is None else (resume.x, resume.y)
    growing = _GrowingMap(request, network, used, directions, axes, resume)
    try:
        with movable(network.module):
            _grow(growing, Movement(network.module, directions), inputs, labels, job)
    except Cancelled:
        job.partial(growing.snapshot("partial"))
        raise
    return growing.snapshot("complete")


def _axes(
    request: ConvexityRequest, network: Network, directions: Directions, companions: Companions, job: JobContext
) -> tuple[FloatArray, FloatArray]:
    """As for a surface of the same plane: where no range was asked for, as far as what lies in it."""
    way: list[tuple[float, float]] = []
    if isinstance(request.directions, PcaDirections) and None in (request.x_range, request.y_range):
        found = places(network.module, directions, companions.waypoints, job)
        way = list(zip(found.x.tolist(), found.y.tolist(), strict=True))
    x_range, y_range = plane_extent(request.x_range, request.y_range, directions.anchors, way)
    x, y = np.linspace(*x_range, request.columns), np.linspace(*y_range, request.rows)
    for axis in (x, y):
        axis.setflags(write=False)  # every snapshot shares them
    return x, y


def _grow(growing: "_GrowingMap", mover: Movement, inputs: Tensor, labels: Tensor, job: JobContext) -> None:
    """Compute every point that is not there yet."""
    request, module = growing.request, growing.network.module
    parameters = _differentiated(module, request)
    known = _Neighbours(sum(parameter.numel() for parameter in parameters))
    growing.report(job)
    for row, column in _order(request.rows, request.columns):
        if growing.products[row, column]:
            continue
        job.check()
        mover.to(float(growing.x[column]), float(growing.y[row]))
        product = HessianVectorProduct(module, inputs, labels, job, parameters)  # with the gradient of this very point
        place = (row / (request.rows - 1), column / (request.columns - 1))
        try:
            found = extreme_pairs(
                product,
                product.size,
                request.tolerance,
                request.max_products,
                request.seed + row * request.columns + column,
                known.nearest(place),
                job.check,
            )
        except NumericalFailure:
            growing.products[row, column] = product.products  # at least one: the one that failed
        else:
            growing.put(row, column, found)
            known.remember(place, found.start)
        growing.report(job)


def _differentiated(module: nn.Module, request: ConvexityRequest) -> list[nn.Parameter]:
    chosen = [p for p in module.parameters() if request.parameters == "all" or p.ndim > 1]
    if not chosen:
        raise InvalidRequest("The network has no filters or matrices. Take the Hessian of all parameters instead.")
    return chosen


def _order(rows: int, columns: int) -> list[tuple[int, int]]:
    """Coarse to fine, and within a level row by row in turns, so that one point is close to the next."""
    order: list[tuple[int, int]] = []
    for level in coarse_to_fine(rows, columns):
        for turn, row in enumerate(sorted(set(level.points[:, 0].tolist()))):
            line = sorted(level.points[level.points[:, 0] == row, 1].tolist(), reverse=turn % 2 == 1)
            order += [(row, column) for column in line]
    return order


class _Neighbours:
    """Starting vectors of points that were computed, as many as fit into memory; the oldest go first."""

    def __init__(self, size: int) -> None:
        self._room = max(2, REMEMBERED_BYTES // (4 * size))
        self._known: dict[tuple[float, float], Tensor] = {}

    def remember(self, place: tuple[float, float], vector: Tensor) -> None:
        if len(self._known) >= self._room:
            del self._known[next(iter(self._known))]
        self._known[place] = vector

    def nearest(self, place: tuple[float, float]) -> Tensor | None:
        """The vector of the nearest point, coordinates as shares of the plane; None if there are none."""
        if not self._known:
            return None
        return self._known[min(self._known, key=lambda at: (at[0] - place[0]) ** 2 + (at[1] - place[1]) ** 2)]


class _GrowingMap:
    """The arrays while they fill; `snapshot` gives an immutable copy."""

    def __init__(
        self,
        request: ConvexityRequest,
        network: Network,
        data: Dataset,
        directions: Directions,
        axes: tuple[FloatArray, FloatArray],
        resume: Convexity | None,
    ) -> None:
        self.request, self.network, self._directions = request, network, directions
        self._origin = Origin(network, data)
        self.x, self.y = axes
        shape = (request.rows, request.columns)
        self._smallest, self._largest, self._residual = (np.full(shape, np.nan) for _ in range(3))
        self.products = np.zeros(shape, dtype=np.int32)
        if resume is not None:
            self._smallest[:], self._largest[:] = resume.min_eigenvalue, resume.max_eigenvalue
            self._residual[:], self.products[:] = resume.residual, resume.products
            self._origin.take_over(resume)

    def put(self, row: int, column: int, found: Extremes) -> None:
        """Keep what was found at a point."""
        self._smallest[row, column], self._largest[row, column] = found.smallest, found.largest
        self._residual[row, column], self.products[row, column] = found.residual, found.products

    def report(self, job: JobContext) -> None:
        """Say how far it is, and show it."""
        done, spent = int(np.count_nonzero(self.products)), int(self.products.sum())
        each = f", {spent / done:.1f} a point" if done else ""
        job.progress(done, self.products.size, f"{done} of {self.products.size} points, {spent} products{each}")
        if done:
            job.partial(self.snapshot("partial"))

    def snapshot(self, status: Status) -> Convexity:
        """What is known now."""
        arrays = [a.copy() for a in (self._smallest, self._largest, self._residual)]
        products = self.products.copy()
        for array in (*arrays, products):
            array.setflags(write=False)
        return Convexity(
            request=self.request,
            status=status,
            x=self.x,
            y=self.y,
            min_eigenvalue=arrays[0],
            max_eigenvalue=arrays[1],
            residual=arrays[2],
            products=products,
            directions=self._directions,
            provenance=self._origin.provenance(),
        )
