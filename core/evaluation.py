"""Loss and accuracy of a network on data, as they stand in a table."""

from dataclasses import dataclass

from core.data.dataset import Dataset
from core.data.order import spread
from core.job import JobContext
from core.networks.mean_loss import mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How a network does on samples from all over a data set."""

    samples: int
    loss: float  # mean cross-entropy in nats, or mean squared error where numbers are predicted; may be infinite or NaN
    accuracy: float  # 0 to 1; NaN where numbers are predicted


def evaluate(network: Network, data: Dataset, samples: int, job: JobContext) -> Evaluation:
    """Evaluate a network, without changing anything of it, on so many samples from all over the data, or on all
    where there are fewer.

    Raises
    ------
    DataError
        If the data do not fit the network.
    """
    used = spread(data, samples)  # files sorted by class are common
    inputs, labels = network.prepare(used)
    with evaluation_mode(network.module):
        loss, accuracy = mean_loss(network.module, inputs, labels, job)
    return Evaluation(samples=len(used), loss=loss, accuracy=accuracy)
