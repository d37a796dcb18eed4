"""Analyses of the landscape that follow from what is selected, each computed with one click."""

from dataclasses import dataclass, replace

from app.actions.computing import Task
from app.actions.wording import short
from core.exchange.plane_words import same_directions
from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import FileDirections, RandomDirections, Range
from core.landscape.surface import Surface
from core.landscape.trajectory import TrajectoryRequest
from core.session.document import DatasetItem, Document, NetworkItem, ResultItem, RunItem
from core.session.fitting import FEWEST_CHECKPOINTS, runs_of

USUAL_SAMPLES = 256
DRAWS = 10  # Li et al. 2018, Figure 16: as many repetitions


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is selected, as far as an analysis of the landscape is concerned."""

    network: NetworkItem
    data: DatasetItem
    surface: ResultItem | None = None  # a selected surface
    run: RunItem | None = None  # whose checkpoints are of the network's architecture

    @property
    def samples(self) -> int:
        """As many as the selected surface has, so that the two can be compared."""
        if self.surface is not None and self.surface.result.provenance.samples:
            return min(self.surface.result.provenance.samples, self.data.samples)
        return min(USUAL_SAMPLES, self.data.samples)

    def task(self, request: CurveRequest | TrajectoryRequest | ConvexityRequest | InitialisationRequest) -> Task:
        """The request about this network and data."""
        return Task(request, self.network.id, self.data.id)


def subject_of_selection(document: Document, item_id: str, dataset_id: str = "") -> Subject | None:
    """Network and data of a selected network, run or result; None if it has none.

    Parameters
    ----------
    dataset_id : str
        The data that are chosen in the form of a selected network.
    """
    item = document.items.get(item_id)
    surface = run = None
    if isinstance(item, ResultItem):
        network_id, dataset_id = item.network_id, item.dataset_id
        surface = item if isinstance(item.result, Surface) else None
        run = document.items.get(item.run_id)
    elif isinstance(item, RunItem):
        network_id, dataset_id, run = item.network_id, item.dataset_id, item
        if len(item.run.checkpoints) < FEWEST_CHECKPOINTS:
            run = None  # they span no plane
    else:
        network_id = item_id
    network, data = document.items.get(network_id), document.items.get(dataset_id)
    if not isinstance(network, NetworkItem) or not isinstance(data, DatasetItem):
        return None
    if run is None:
        run = next((one for one in runs_of(network, document) if one.network_id == network.id), None)
    return Subject(network=network, data=data, surface=surface, run=run if isinstance(run, RunItem) else None)


def ten_draws(about: Subject) -> Task:
    """The loss along ten random directions: what differs between them is chance."""
    directions, extent = RandomDirections(), (-1.0, 1.0)
    if about.surface is not None and isinstance(about.surface.result, Surface):
        surface = about.surface.result
        if isinstance(surface.request.directions, RandomDirections):
            directions, extent = surface.request.directions, _ends(surface)[0]
    request = CurveRequest(draws=DRAWS, directions=directions, x_range=extent, samples=about.samples)
    return about.task(request)


def convexity_over(about: Subject) -> Task | None:
    """The map of convexity over the plane of a selected surface."""
    if about.surface is None or not isinstance(about.surface.result, Surface):
        return None
    surface = about.surface.result
    x, y = _ends(surface)
    request = ConvexityRequest(
        x_range=x, y_range=y, directions=_same_plane(about.surface, surface), samples=about.samples
    )
    return replace(about.task(request), directions=surface.directions)


def trajectory_of(about: Subject) -> Task | None:
    """The way of the training: in the plane of a selected surface, or along its own principal axes."""
    if about.run is None:
        return None
    if about.surface is None or not isinstance(about.surface.result, Surface):
        return replace(about.task(TrajectoryRequest(samples=about.samples)), run_id=about.run.id)
    surface = about.surface.result
    request = TrajectoryRequest(directions=_same_plane(about.surface, surface), samples=about.samples)
    return replace(about.task(request), run_id=about.run.id, directions=surface.directions)


def initialisations_of(about: Subject) -> Task:
    """Where training would begin, on the samples of a selected surface."""
    return about.task(InitialisationRequest(samples=about.samples))


def _same_plane(item: ResultItem, surface: Surface) -> FileDirections:
    return same_directions(f"“{short(item.name)}”", surface.request.directions, surface.directions)


def _ends(surface: Surface) -> tuple[Range, Range]:
    return (float(surface.x[0]), float(surface.x[-1])), (float(surface.y[0]), float(surface.y[-1]))
