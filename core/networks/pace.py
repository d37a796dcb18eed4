"""How long a sample takes on this machine: measured before a long computation, so that its end can be foretold."""

import time
from collections.abc import Callable

import torch

from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.network import Network
from core.networks.parameters import evaluation_mode

LONGEST = 0.1  # seconds of one measured batch: a stop is noticed between two
BATCH = 64  # samples; the usual size of the engines
REPEATS = 3  # the fastest counts: whatever else runs can only make a measurement slower


def seconds_per_sample(network: Network, data: Dataset, job: JobContext) -> float:
    """Time for one sample to go through a network, forwards and in evaluation mode.

    With a single thread its own processor time is taken, which other jobs on the machine disturb less.

    Parameters
    ----------
    data : Dataset
        The first samples of it are measured.
    """
    inputs, _ = network.prepare(data.first(min(BATCH, len(data))))
    if inputs.ndim == 4:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    clock: Callable[[], float] = time.thread_time if torch.get_num_threads() == 1 else time.perf_counter
    with evaluation_mode(network.module), torch.inference_mode():
        size, found = 1, float("inf")
        for _ in range(2):  # the first call sets things up, the second says how many fit into the time
            job.check()
            began = clock()
            network.module(inputs[:size])
            found = max(clock() - began, 1e-7)
        size = max(1, min(len(inputs), int(LONGEST / found)))
        for _ in range(REPEATS):
            job.check()
            began = clock()
            network.module(inputs[:size])
            found = min(found, max(clock() - began, 1e-7) / size)
    return found
