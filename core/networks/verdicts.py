"""What a network says of every sample."""

import numpy as np
import numpy.typing as npt
import torch

from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.network import Network
from core.networks.parameters import evaluation_mode

BATCH = 256


def verdicts(network: Network, data: Dataset, job: JobContext) -> npt.NDArray[np.int64]:
    """(n,) the class with the largest output for each sample. Raises `DataError` if the data do not fit."""
    inputs, _ = network.prepare(data)
    said = []
    with evaluation_mode(network.module), torch.inference_mode():
        for batch in torch.split(inputs, BATCH):
            job.check()
            said.append(network.module(batch).argmax(dim=1))
            job.progress(min(len(said) * BATCH, len(inputs)), len(inputs), "samples")
    result: npt.NDArray[np.int64] = torch.cat(said).numpy()
    return result
