"""What is done once before the points of a plane are evaluated: copy, compare, choose."""

import math
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.evaluation.agreement import SAMPLES, Agreement, Deviation
from core.landscape.evaluation.movement import checked_directions
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.tuning import CHEAP, Choice, Tuner
from core.landscape.evaluation.ways import Way, usual_way
from core.landscape.plane import BatchNorm, Directions
from core.runtime import compute_threads

_known: "weakref.WeakKeyDictionary[nn.Module, dict[object, Choice]]" = weakref.WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A replica that is ready, and how it is to be used."""

    replica: Replica = field(repr=False)
    another: Callable[[], Replica] = field(repr=False)  # makes a further one, for another thread
    way: Way
    workers: int
    seconds: float  # per point with all samples
    error: float  # largest relative one against float64; NaN: not compared
    recalibrated: bool

    @property
    def description(self) -> str:
        """Such as "fused layers, channels-last, batches of 64, 1 worker; within 2e-07 of float64"."""
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        parts = [str(self.replica.dtype).removeprefix("torch."), self.way.words, workers]
        if self.recalibrated:
            parts.append("statistics of normalisation computed anew at every point")
        compared = "not compared with float64" if math.isnan(self.error) else f"within {self.error:.1g} of float64"
        return f"{', '.join(parts)}; {compared}"


def prepare(
    module: nn.Module, directions: Directions, inputs: Tensor, labels: Tensor, job: JobContext, batch_norm: BatchNorm
) -> Prepared:
    """Find the fastest way of evaluating that agrees with float64, in about a second.

    What takes some milliseconds a point is evaluated the usual way at once. What was chosen for a network and samples
    of a shape is kept as long as the network, so that two results of one session agree to the last bit.
    """
    checked_directions(module, directions)

    def another() -> Replica:
        replica = Replica(module, directions, batch_norm)
        if way.fused:
            replica.fuse()
        return replica

    way = usual_way(inputs)
    replica = another()
    inputs, labels = inputs.to(replica.device, replica.dtype), labels.to(replica.device)
    cheap = replica.operations(inputs) < CHEAP
    comparison = _Comparison(module, directions, inputs, labels, batch_norm, JobContext() if cheap else job)
    workers = 1 if cheap or replica.device.type != "cpu" else compute_threads()
    if cheap:
        choice = Choice(way=way, seconds=_seconds(replica, inputs, labels, way))
    else:
        with _one_thread() if workers > 1 else _as_it_is():
            key = (tuple(inputs.shape), replica.dtype, batch_norm, torch.get_num_threads())
            choice = (
                _known.setdefault(module, {}).get(key)
                or Tuner(replica, inputs, labels, lambda way: comparison.allows(replica, way), job).choose()
            )
            _known[module][key] = choice
    way = choice.way
    if way.fused:
        replica.fuse()
    return Prepared(
        replica=replica,
        another=another,
        way=way,
        workers=workers,
        seconds=choice.seconds / workers,
        error=comparison.error(replica, way),
        recalibrated=batch_norm == "recalibrated",
    )


class _Comparison:
    """Deviations from float64 by way; unknown where float64 cannot be had."""

    def __init__(
        self,
        module: nn.Module,
        directions: Directions,
        inputs: Tensor,
        labels: Tensor,
        batch_norm: BatchNorm,
        job: JobContext,
    ) -> None:
        self._plain = usual_way(inputs)
        self._known = dict[tuple[bool, bool], Deviation]()
        self._agreement: Agreement | None = None

        def agreement(fewest: int) -> Agreement:
            return Agreement(module, directions, inputs, labels, batch_norm, job, fewest)

        self._thorough: Callable[[], Agreement] = lambda: agreement(SAMPLES)
        try:
            self._agreement = agreement(2)
        except (RuntimeError, TypeError, NotImplementedError):  # a program may do what float64 cannot
            return

    def error(self, replica: Replica, way: Way) -> float:
        """Of the mean loss; NaN where it is unknown."""
        return math.nan if self._agreement is None else self._deviation(self._agreement, replica, way).error

    def allows(self, replica: Replica, way: Way) -> bool:
        """Whether a way may be used; where float64 cannot be had, only the usual one."""
        if self._agreement is None:
            return not way.fused
        if self._is_small(self._agreement, replica, way):
            return True
        # A few samples of a chaotic network say little, and its points are dear: the seconds are well spent.
        self._agreement = self._thorough()
        self._known.clear()
        return self._is_small(self._agreement, replica, way)

    def _is_small(self, agreement: Agreement, replica: Replica, way: Way) -> bool:
        plain = self._deviation(agreement, replica, self._plain)
        return self._deviation(agreement, replica, way).is_small(plain)

    def _deviation(self, agreement: Agreement, replica: Replica, way: Way) -> Deviation:
        """The size of the batches does not count: it changes no sum."""
        kind = (way.fused, way.channels_last)
        if kind not in self._known:
            self._known[kind] = agreement.deviation(replica, way)
        return self._known[kind]


def _seconds(replica: Replica, inputs: Tensor, labels: Tensor, way: Way) -> float:
    began = time.perf_counter()
    replica.move(0.0, 0.0, inputs, way, JobContext())
    replica.values(inputs, labels, way, JobContext())
    return time.perf_counter() - began


@contextmanager
def _one_thread() -> Iterator[None]:
    """As the workers will compute."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield
