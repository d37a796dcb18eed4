"""How long a request will take: the work it is, at a pace that was measured on this machine."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.estimate import duration_text
from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.jobs.stopwatch import pace_of
from core.job import JobContext
from core.landscape.effort import Effort
from core.networks.pace import Pace
from core.session.document import DatasetItem, NetworkItem

Key = tuple[str, str]  # fingerprints of network and data
Measure = Callable[[NetworkItem, DatasetItem, JobContext], Pace]

PATIENCE = 400  # milliseconds that a selection must stay before anything is measured
HOURS = 3600.0  # seconds from which on a computation is worth a warning
ALIKE = 1.5  # times: two durations that differ by less are told as one


class Paces(QObject):
    """Paces of networks on data, measured once each, beside whatever the engine is doing."""

    measured = Signal()  # another pace is known

    def __init__(
        self, measure: Callable[[NetworkItem, DatasetItem, JobContext], Pace] = pace_of, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._measure = measure
        self._known: dict[Key, Pace | None] = {}  # None: cannot be measured; computing will tell why
        self._wanted: tuple[NetworkItem, DatasetItem] | None = None
        self._work = LatestWork(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._begin)

    def of(self, network: NetworkItem, data: DatasetItem) -> Pace | None:
        """What is known; None if nothing is, or nothing can be."""
        return self._known.get((network.sha256, data.sha256))

    def ask(self, network: NetworkItem, data: DatasetItem) -> None:
        """Measure these two, unless they are known, after a moment; nothing else is wanted any more."""
        if (network.sha256, data.sha256) in self._known:
            self.forget()
        elif self._wanted is None or (self._wanted[0], self._wanted[1]) != (network, data):
            self._work.stop()
            self._wanted = network, data
            self._timer.start()

    def forget(self) -> None:
        """Measure nothing any more: what was asked for is no longer shown."""
        self._wanted = None
        self._timer.stop()
        self._work.stop()

    def _begin(self) -> None:
        if self._wanted is None:
            return
        network, data = self._wanted
        key = network.sha256, data.sha256

        def done(pace: Pace) -> None:
            self._settle(key, pace)

        def failed(_failure: JobFailure) -> None:
            self._settle(key, None)

        self._work.start(network.name, lambda job: self._measure(network, data, job), done, failed)

    def _settle(self, key: Key, pace: Pace | None) -> None:
        self._known[key] = pace
        self._wanted = None
        self.measured.emit()


def estimate_words(effort: Effort, pace: Pace) -> str:
    """A line for under the button: how long, of what, and a warning where it is hours."""
    least, most, each = (pace.seconds(samples, effort.each) for samples in (effort.least, effort.most, effort.each))
    units = f"{effort.units:,} {effort.unit} at {_each_text(each)} each"
    if most > ALIKE * least and duration_text(least) != duration_text(most):
        less = f" {effort.less_if}" if effort.less_if else ""
        text = f"{_upper(duration_text(least))} to {duration_text(most)} on this machine: {units}{less}."
    else:
        about = "" if most < 7.5 else "About "
        text = f"{_upper(about + duration_text(most))} on this machine: {units}."
    if most < HOURS:
        return text
    return f"⚠ {text} Fewer samples or points make it shorter; what is there when you stop is kept."


def _each_text(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2g} s" if seconds < 99.5 else duration_text(seconds)
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.0095 else f"{1000 * seconds:.2g} ms"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
