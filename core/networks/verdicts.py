"""What a network says of every sample."""

import numpy as np
import numpy.typing as npt
import torch

from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.network import Network
from core.networks.parameters import evaluation_mode

BATCH = 256


def verdicts(network: Network, data: Dataset, job: JobContext) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
    """(n,) the class with the largest output for each sample, or the first value where numbers are predicted.

    Raises `DataError` if the data do not fit.
    """
    inputs, _ = network.prepare(data)
    by_value, said = data.task == "regression", []
    with evaluation_mode(network.module), torch.inference_mode():
        for batch in torch.split(inputs, BATCH):
            job.check()
            outputs = network.module(batch)
            said.append(outputs.reshape(len(batch), -1)[:, 0].double() if by_value else outputs.argmax(dim=1))
            job.progress(min(len(said) * BATCH, len(inputs)), len(inputs), "samples")
    result: npt.NDArray[np.int64] | npt.NDArray[np.float64] = torch.cat(said).numpy()
    return result
