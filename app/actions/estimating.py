"""At which pace this machine works: measured in the background, once for each network and data."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.jobs.stopwatch import pace_of
from core.job import JobContext
from core.landscape.pacing import Pace
from core.session.document import DatasetItem, NetworkItem

Key = tuple[str, str, bool]  # fingerprints of network and data, and whether products with the Hessian are timed
Measure = Callable[[NetworkItem, DatasetItem, bool, JobContext], Pace]

PATIENCE = 400  # milliseconds that a selection must stay before anything is measured


class Paces(QObject):
    """Paces of networks on data, measured once each, beside whatever the engine is doing."""

    measured = Signal()  # another pace is known

    def __init__(self, measure: Measure = pace_of, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._measure = measure
        self._known: dict[Key, Pace | None] = {}  # None: cannot be measured; computing will tell why
        self._wanted: tuple[NetworkItem, DatasetItem, bool] | None = None
        self._work = LatestWork(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._begin)

    def of(self, network: NetworkItem, data: DatasetItem, *, curvature: bool = False) -> Pace | None:
        """What is known; None if nothing is, or nothing can be."""
        return self._known.get((network.sha256, data.sha256, curvature))

    def ask(self, network: NetworkItem, data: DatasetItem, *, curvature: bool = False) -> None:
        """Measure these two, unless they are known, after a moment; nothing else is wanted any more."""
        if (network.sha256, data.sha256, curvature) in self._known:
            self.forget()
        elif self._wanted != (network, data, curvature):
            self._work.stop()
            self._wanted = network, data, curvature
            self._timer.start()

    def forget(self) -> None:
        """Measure nothing any more: what was asked for is no longer shown."""
        self._wanted = None
        self._timer.stop()
        self._work.stop()

    def _begin(self) -> None:
        if self._wanted is None:
            return
        network, data, curvature = self._wanted
        key = network.sha256, data.sha256, curvature

        def done(pace: Pace) -> None:
            self._settle(key, pace)

        def failed(_failure: JobFailure) -> None:
            self._settle(key, None)

        self._work.start(network.name, lambda job: self._measure(network, data, curvature, job), done, failed)

    def _settle(self, key: Key, pace: Pace | None) -> None:
        self._known[key] = pace
        self._wanted = None
        self.measured.emit()
