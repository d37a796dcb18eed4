"""How long samples take on this machine: measured before a long computation, so that its end can be foretold.

Imports torch only where it measures: the window reckons with paces before torch is there.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.job import JobContext

if TYPE_CHECKING:
    from torch import Tensor

    from core.data.dataset import Dataset
    from core.networks.network import Network

LONGEST = 0.1  # seconds of one measured batch: a stop is noticed between two
BATCH = 64  # samples; the usual size of the engines
REPEATS = 3  # the fastest counts: whatever else runs can only make a measurement slower
SHORTEST = 1e-7  # seconds that a clock can tell


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds for a batch to go through a network, as a part that every batch takes and one for each sample."""

    batch: float
    sample: float

    def seconds(self, samples: float, each: float) -> float:
        """Time for so many samples in all, `each` of them at a time."""
        batches = samples / each * math.ceil(each / BATCH) if each else 0.0
        return batches * self.batch + samples * self.sample


def measure_pace(network: "Network", data: "Dataset", job: JobContext) -> Pace:
    """Time a sample and a batch forwards, in evaluation mode. The network is left as it was.

    With a single thread its own processor time is taken, which other jobs on the machine disturb less.

    Parameters
    ----------
    data : Dataset
        The first samples of it are measured.
    """
    import torch  # noqa: PLC0415

    from core.networks.mean_loss import channels_last  # noqa: PLC0415  imports torch
    from core.networks.parameters import evaluation_mode  # noqa: PLC0415

    inputs, _ = network.prepare(data.first(min(BATCH, len(data))))
    inputs = channels_last(inputs)
    clock = time.thread_time if torch.get_num_threads() == 1 else time.perf_counter
    with evaluation_mode(network.module), torch.inference_mode():
        _fastest(network.module, inputs[:1], 1, clock, job)  # the first call sets things up
        one = _fastest(network.module, inputs[:1], REPEATS, clock, job)
        size = max(1, min(len(inputs), int(LONGEST / one)))
        if size == 1:
            return Pace(batch=0.0, sample=one)
        many = _fastest(network.module, inputs[:size], REPEATS, clock, job)
    sample = max((many - one) / (size - 1), SHORTEST)
    return Pace(batch=max(0.0, one - sample), sample=sample)


def _fastest(
    module: "Callable[[Tensor], object]",
    inputs: "Tensor",
    repeats: int,
    clock: Callable[[], float],
    job: JobContext,
) -> float:
    found = math.inf
    for _ in range(repeats):
        job.check()
        began = clock()
        module(inputs)
        found = min(found, max(clock() - began, SHORTEST))
    return found
