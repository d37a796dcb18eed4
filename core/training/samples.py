"""Samples as the network's input, batch by batch: prepared once where memory allows it, else as they are needed."""

import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core.data.dataset import Dataset, pieces
from core.job import JobContext
from core.networks.network import Network
from core.training.memory import available_memory

SHARE = 4  # at most a quarter of the free memory is spent on prepared samples
FLOAT = 4  # bytes


class Samples:
    """Normalised inputs and labels of one data set.

    Normalisation is done number by number, so a batch has the same bits whether it was prepared before or is prepared
    now, and a run does not depend on the memory of the day.

    Parameters
    ----------
    network : Network
        Its card says how samples are normalised.
    data : Dataset
        May be mapped from a file.
    job : JobContext
    budget : int, optional
        Bytes for prepared samples; None: a quarter of the free memory.

    Raises
    ------
    DataError
        If the data do not fit the network.
    """

    def __init__(self, network: Network, data: Dataset, job: JobContext, budget: int | None = None) -> None:
        self._network, self._data = network, data
        allowed = available_memory() // SHARE if budget is None else budget
        self._inputs: Tensor | None = None
        if prepared_bytes(network, data) <= allowed:
            self._inputs = torch.empty(len(data), *network.card.input.shape)
        labels = []
        for start, stop in _parts(data):
            job.check()
            inputs, part_labels = network.prepare(_part(data, start, stop))
            labels.append(part_labels)
            if self._inputs is not None:
                self._inputs[start:stop] = inputs
        self.labels = torch.cat(labels)

    def __len__(self) -> int:
        return len(self._data)

    @property
    def prepared(self) -> bool:
        """Whether all inputs lie in memory."""
        return self._inputs is not None

    def inputs(self, chosen: Tensor | slice) -> Tensor:
        """(m, …) float32, normalised, for a slice or the indices (m,) of samples."""
        if self._inputs is not None:
            return self._inputs[chosen]
        if isinstance(chosen, slice):
            return self._network.normalise(self._data.x[chosen])
        # A mapped file is read fastest from front to back.
        rows = chosen.numpy()
        order = np.argsort(rows, kind="stable")
        return self._network.normalise(self._data.x[rows[order]])[torch.from_numpy(np.argsort(order))]


def prepared_bytes(network: Network, data: Dataset) -> int:
    """Bytes of all samples as float32."""
    return len(data) * math.prod(network.card.input.shape) * FLOAT


def _parts(data: Dataset) -> list[tuple[int, int]]:
    starts = [start for start, _ in pieces(data.x)]
    return list(zip(starts, [*starts[1:], len(data)], strict=True))


def _part(data: Dataset, start: int, stop: int) -> Dataset:
    if stop - start == len(data):
        return data
    name = f"{data.name}, from sample {start} on"  # errors count samples from there
    return replace(data, name=name, x=data.x[start:stop], y=data.y[start:stop])
