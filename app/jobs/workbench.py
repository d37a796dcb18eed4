"""Networks and data that are open for computing. Used in the engine's thread only, so it needs no lock."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.jobs.engines import import_analyses, import_training
from core.data.dataset import Dataset
from core.data.storing import restore_dataset
from core.job import JobContext, Relay
from core.naming import Request
from core.networks.waypoint import Waypoint
from core.runtime import prepare_torch
from core.session.companions import CompanionItems
from core.session.document import DatasetItem, NetworkItem, Result
from core.training.recipe import TrainingRequest
from core.training.run import Run

if TYPE_CHECKING:  # this module is imported by the window, before torch
    import numpy as np
    import numpy.typing as npt

    from core.companions import Companions
    from core.corrections.records.suggestion import Suggestion, SuggestionRequest
    from core.evaluation import Evaluation
    from core.networks.network import Network

KEPT = 4  # networks and data sets held ready at a time


@dataclass(frozen=True, eq=False)
class Trained:
    """A run, complete or as it was when it was stopped, with the network that came of it."""

    run: Run
    network: NetworkItem


class Workbench:
    """Computes requests on items of a document; keeps what it opened for the next request."""

    def __init__(self) -> None:
        self._networks: dict[str, Network] = {}  # by sha256
        self._data: dict[str, Dataset] = {}

    def warm_up(self) -> None:
        """Import the engines, which takes seconds: behind the welcome page rather than before the first result."""
        import_analyses()

    def compute(
        self,
        request: Request,
        network: NetworkItem,
        data: DatasetItem,
        job: JobContext,
        resume: Result | None,
        companions: CompanionItems = CompanionItems(),  # noqa: B008  immutable
    ) -> Result:
        """Open what is needed and compute. Raises what the engines and files raise."""
        prepare_torch()
        from core.analysis import compute  # noqa: PLC0415  imports torch

        opened, samples = self._network(network, job), self._dataset(data, job)
        return compute(request, opened, samples, job, resume, self._companions(companions, job))

    def verdicts(
        self, network: NetworkItem, data: DatasetItem, job: JobContext
    ) -> "npt.NDArray[np.int64] | npt.NDArray[np.float64]":
        """The class that the network gives to every sample."""
        prepare_torch()
        from core.networks.verdicts import verdicts  # noqa: PLC0415  imports torch

        return verdicts(self._network(network, job), self._dataset(data, job), job)

    def suggestions(
        self, request: "SuggestionRequest", network: NetworkItem, job: JobContext
    ) -> "tuple[Suggestion, ...]":
        """Which features of an input are worth a try, the best first."""
        prepare_torch()
        from core.corrections.engines.suggesting import suggest_features  # noqa: PLC0415  imports torch

        return suggest_features(request, self._network(network, job), job)

    def train(
        self,
        request: TrainingRequest,
        data: DatasetItem,
        test: DatasetItem | None,
        job: JobContext,
        *,
        resume: Run | None = None,
        checkpoints: Path | None = None,
    ) -> Trained:
        """Train a network. However it ends early, what is there goes to `partial` with its network first."""
        import_training()
        from core.training.checkpoints import CheckpointFolder  # noqa: PLC0415
        from core.training.engine import train_run  # noqa: PLC0415  imports torch

        samples = self._dataset(data, job)
        tests = None if test is None else self._dataset(test, job)
        keeper = None if checkpoints is None else CheckpointFolder(checkpoints)
        watched = _Watched(job)
        try:
            run = train_run(request, samples, tests, watched, resume=resume, keeper=keeper)
        except Exception:
            if watched.latest is not None:
                job.partial(self.network_of(watched.latest, data, job))
            raise
        return self.network_of(run, data, job)

    def network_of(self, run: Run, data: DatasetItem, job: JobContext, epoch: int | None = None) -> Trained:
        """A run with its network as it is now, or as it was at the checkpoint of that epoch."""
        prepare_torch()
        from core.networks.storing import store_network  # noqa: PLC0415  imports torch
        from core.training.engine import network_at, trained_network  # noqa: PLC0415

        samples = self._dataset(data, job)
        network = trained_network(run, samples) if epoch is None else network_at(run, samples, epoch)
        return Trained(run, store_network(network))

    def evaluate(self, network: NetworkItem, data: DatasetItem, samples: int, job: JobContext) -> "Evaluation":
        """Loss and accuracy of the network on the first so many samples."""
        prepare_torch()
        from core.evaluation import evaluate  # noqa: PLC0415  imports torch

        return evaluate(self._network(network, job), self._dataset(data, job), samples, job)

    def _companions(self, items: CompanionItems, job: JobContext) -> "Companions":
        """What a request refers to beside its own network and data, opened."""
        from core.companions import Companions  # noqa: PLC0415  imports torch

        waypoints: tuple[Waypoint, ...] = ()
        if items.run is not None:
            from core.landscape.trajectories import waypoints_of  # noqa: PLC0415

            waypoints = waypoints_of(items.run.run)
        return Companions(
            networks={item.sha256: self._network(item, job) for item in items.networks},
            test=None if items.test is None else self._dataset(items.test, job),
            waypoints=waypoints,
            directions=items.directions,
        )

    def _network(self, item: NetworkItem, job: JobContext) -> "Network":
        from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

        opened = self._networks.get(item.sha256)
        if opened is None or opened.card != item.card:
            job.progress(0, 0, "opening the network")
            opened = restore_network(item)
            _hold(self._networks, item.sha256, opened)
        return opened

    def _dataset(self, item: DatasetItem, job: JobContext) -> Dataset:
        samples = self._data.get(item.sha256)
        # The fingerprint is that of the samples: another feature card of the same table is another data set.
        if samples is None or (samples.classes, samples.features) != (item.classes, item.features):
            job.progress(0, 0, "opening the data")
            samples = restore_dataset(item)
            _hold(self._data, item.sha256, samples)
        return samples


class _Watched(Relay):
    """Passes everything on, and remembers the newest state of the run."""

    def __init__(self, job: JobContext) -> None:
        super().__init__(job)
        self.latest: Run | None = None

    def partial(self, snapshot: object) -> None:
        if isinstance(snapshot, Run):
            self.latest = snapshot
        super().partial(snapshot)


T = TypeVar("T")


def _hold(shelf: dict[str, T], key: str, thing: T) -> None:
    while len(shelf) >= KEPT:
        shelf.pop(next(iter(shelf)))
    shelf[key] = thing
