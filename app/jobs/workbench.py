"""Networks and data that are open for computing. Used in the engine's thread only, so it needs no lock."""

from typing import TYPE_CHECKING, TypeVar

from core.data.dataset import Dataset
from core.data.storing import restore_dataset
from core.job import JobContext
from core.naming import Request
from core.runtime import prepare_torch
from core.session.document import DatasetItem, NetworkItem, Result

if TYPE_CHECKING:  # this module is imported by the window, before torch
    import numpy as np
    import numpy.typing as npt

    from core.evaluation import Evaluation
    from core.networks.network import Network

KEPT = 4  # networks and data sets held ready at a time


class Workbench:
    """Computes requests on items of a document; keeps what it opened for the next request."""

    def __init__(self) -> None:
        self._networks: dict[str, Network] = {}  # by sha256
        self._data: dict[str, Dataset] = {}

    def warm_up(self) -> None:
        """Import the engines, which takes seconds: behind the welcome page rather than before the first result."""
        prepare_torch()
        import core.analysis  # noqa: PLC0415
        import core.networks.loading  # noqa: F401, PLC0415

    def compute(
        self, request: Request, network: NetworkItem, data: DatasetItem, job: JobContext, resume: Result | None
    ) -> Result:
        """Open what is needed and compute. Raises what the engines and files raise."""
        prepare_torch()
        from core.analysis import compute  # noqa: PLC0415  imports torch

        return compute(request, self._network(network, job), self._dataset(data, job), job, resume)

    def verdicts(self, network: NetworkItem, data: DatasetItem, job: JobContext) -> "npt.NDArray[np.int64]":
        """The class that the network gives to every sample."""
        prepare_torch()
        from core.networks.verdicts import verdicts  # noqa: PLC0415  imports torch

        return verdicts(self._network(network, job), self._dataset(data, job), job)

    def evaluate(self, network: NetworkItem, data: DatasetItem, samples: int, job: JobContext) -> "Evaluation":
        """Loss and accuracy of the network on the first so many samples."""
        prepare_torch()
        from core.evaluation import evaluate  # noqa: PLC0415  imports torch

        return evaluate(self._network(network, job), self._dataset(data, job), samples, job)

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


T = TypeVar("T")


def _hold(shelf: dict[str, T], key: str, thing: T) -> None:
    while len(shelf) >= KEPT:
        shelf.pop(next(iter(shelf)))
    shelf[key] = thing
