"""Finds the fastest way to evaluate a network that agrees with float64, in about a second."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.job import JobContext
from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.ways import LARGEST_BATCH, Way, usual_way
from core.networks.mean_loss import batch_size

BUDGET = 1.0  # seconds on an idle core for comparing ways
AS_POINTS = 3  # of so many points, where that is less: a smooth surface has hardly more than a hundred
LONGEST_BATCH = 0.1  # seconds on an idle core: a stop is noticed between batches
CHEAP = 3e8  # operations at a point at most: it takes some milliseconds, there is nothing to be gained
SIZES = tuple(2**power for power in range(14))  # of a batch: 1 to 8192
REPEATS = 3  # of a batch, but no more than take all samples through the network once
WORTH = 0.98  # of the time: what gains less is noise


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The way that was chosen, and what was measured of it."""

    way: Way
    seconds: float  # for one point with all samples


class Tuner:
    """Measures ways of evaluating one replica with its real samples.

    Ways are compared by the time they have a core for, where that can be had: other work on the machine takes turns
    with them, and would decide instead.

    Parameters
    ----------
    agrees : callable
        Whether a way agrees with float64; asked for the fastest first.
    """

    def __init__(
        self, replica: Replica, inputs: Tensor, labels: Tensor, agrees: Callable[[Way], bool], job: JobContext
    ) -> None:
        self._replica, self._inputs, self._labels, self._job = replica, inputs, labels, job
        self._agrees = agrees
        self._clock = _clock()
        self._until = self._clock() + BUDGET
        self._per_batch: dict[Way, float] = {}
        self._per_move: dict[Way, float] = {}

    def choose(self) -> Choice:
        """Compare the ways in batches of a middling size, then other sizes for the fastest that agrees."""
        began, start = self._clock(), self._first_size()
        ways = [way.in_batches(start) for way in self._ways()]
        for way in ways:  # each of them, even if a slow start has used the time up: the wrong one costs as much again
            self._measure(way, always=True)
        ranked = sorted(self._per_batch, key=self._seconds)
        if ranked:
            self._until = min(self._until, began + AS_POINTS * self._seconds(ranked[0]))
        best = next((way for way in ranked if self._agrees(way)), ways[0])
        most = min(len(self._labels), LARGEST_BATCH)
        larger = [size for size in SIZES if start < size <= most]
        smaller = [size for size in reversed(SIZES) if size < start]
        for sizes in (larger, smaller):
            if sizes is smaller and best.batch > start:
                break
            for size in sizes:
                way = best.in_batches(size)
                if self._per_batch[best] * size / best.batch > LONGEST_BATCH:
                    break
                self._measure(way)
                if way not in self._per_batch or self._seconds(way) > WORTH * self._seconds(best):
                    break
                best = way
        return Choice(way=best, seconds=self._seconds(best))

    def _ways(self) -> list[Way]:
        images = self._inputs.ndim == 4
        ways = [usual_way(self._inputs)]
        if self._replica.fuse():
            ways.append(Way(fused=True, channels_last=images))
        return [*ways, Way()] if images else ways

    def _first_size(self) -> int:
        """A size from which to look for a better one: the usual, or less where a batch of it would take too long."""
        few = min(2, len(self._labels))
        way = Way(batch=few)
        seconds = min(self._timed(way, few) for _ in range(3))
        most = min(len(self._labels), batch_size(self._inputs), LONGEST_BATCH / seconds * few)
        return max((size for size in SIZES if size <= most), default=1)

    def _measure(self, way: Way, *, always: bool = False) -> None:
        """Time a batch and a move, unless the time is up or the way does not run."""
        if self._clock() > self._until and not always:
            return
        try:
            self._timed(way, way.batch)  # the first touches new memory
            repeats = min(REPEATS, max(1, len(self._labels) // way.batch))
            fewest = min(self._timed(way, way.batch) for _ in range(repeats))
            began = self._clock()
            self._replica.move(0.0, 0.0, self._inputs[: way.batch], way, self._job)
            self._per_move[way] = self._clock() - began
        except (RuntimeError, NotImplementedError):  # a layer that one of torch's libraries cannot do
            return
        self._per_batch[way] = fewest

    def _timed(self, way: Way, samples: int) -> float:
        self._replica.move(0.0, 0.0, self._inputs[:samples], way, self._job)
        began = self._clock()
        self._replica.values(self._inputs[:samples], self._labels[:samples], way, self._job)
        return self._clock() - began

    def _seconds(self, way: Way) -> float:
        return self._per_move[way] + self._per_batch[way] * len(self._labels) / way.batch


def _clock() -> Callable[[], float]:
    """The time of this thread alone, where torch computes in it alone and the system counts finely enough."""
    fine = time.get_clock_info("thread_time").resolution < 1e-5
    return time.thread_time if fine and torch.get_num_threads() == 1 else time.perf_counter
