"""The samples of an evaluation in the form in which a network takes them fastest."""

import threading

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.landscape.evaluation.replica import Replica
from core.landscape.evaluation.ways import Way

MOST_REORDERED = 2**28  # bytes: of larger sets each batch is reordered when it is used, which takes 1 % more


class Samples:
    """All samples, and those rows of them that were asked for last.

    Parameters
    ----------
    inputs : (n, …) float32
    labels : (n,) int64, or (n, k) float
    """

    def __init__(self, replica: Replica, inputs: Tensor, labels: Tensor, way: Way) -> None:
        inputs, labels = inputs.to(replica.device, replica.dtype), labels.to(replica.device)
        if way.channels_last and inputs.ndim == 4 and inputs.nbytes <= MOST_REORDERED:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        self.inputs, self.labels = inputs, labels
        self._lock = threading.Lock()
        self._rows: npt.NDArray[np.int64] | None = None
        self._gathered = (inputs, labels)

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, chosen: npt.NDArray[np.int64] | None) -> tuple[Tensor, Tensor]:
        """Inputs and labels of some rows, or of all; gathered once as long as the same rows are asked for."""
        if chosen is None:
            return self.inputs, self.labels
        with self._lock:
            if self._rows is None or not np.array_equal(self._rows, chosen):
                rows = torch.from_numpy(np.array(chosen, dtype=np.int64)).to(self.labels.device)
                self._rows, self._gathered = np.array(chosen), (self.inputs[rows], self.labels[rows])
            return self._gathered
