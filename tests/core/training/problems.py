"""Small problems, and the recipes that solve them."""

import numpy as np
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import Cancelled
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from core.training.recipe import TrainingRequest
from core.training.run import Run

TABLE = TrainingRequest(
    name="three clouds", architecture="mlp:4-16-3", input=InputCard(shape=(4,)), epochs=6, batch_size=16
)
IMAGES = TrainingRequest(
    name="stripes", architecture="resnet8_w4", input=InputCard(shape=(1, 8, 8)), epochs=2, batch_size=20
)


def clouds(classes: tuple[str, ...] = ("a", "b", "c"), samples: int = 120) -> Dataset:
    """Three clouds of points in four dimensions."""
    numbers = np.random.default_rng(0)
    y = np.arange(samples) % 3
    return Dataset(name="clouds", x=numbers.normal(size=(samples, 4)) + 4 * np.eye(3, 4)[y], y=y, classes=classes)


def stripes(samples: int = 60) -> Dataset:
    """Images of flat and of upright stripes."""
    numbers = np.random.default_rng(0)
    y = np.arange(samples) % 2
    x = numbers.normal(size=(samples, 8, 8)) * 0.3
    x[y == 0, ::2, :] += 1
    x[y == 1, :, ::2] += 1
    return Dataset(name="stripes", x=x, y=y, classes=("flat", "upright"))


def line() -> Dataset:
    """Two numbers to be predicted from four."""
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(90, 4))
    return Dataset(name="line", x=x, y=x[:, :2] * [1.0, -2.0] + 0.5)


def loss_and_accuracy(network: Network, data: Dataset) -> tuple[float, float]:
    """Over the whole set, in one pass."""
    inputs, labels = network.prepare(data)
    with torch.no_grad():
        logits = network.module(inputs)
    return float(torch.nn.functional.cross_entropy(logits, labels)), float((logits.argmax(1) == labels).float().mean())


def weights_of(run: Run) -> dict[str, Tensor]:
    """The last ones, as tensors."""
    return {name: torch.from_numpy(np.array(array)) for name, array in run.last.weights.items()}


class Collecting(JobContext):
    """Keeps the partial runs; raises `Cancelled` at the check of that number, counted after that epoch."""

    def __init__(self, stop_at: int | None = None, *, epoch: int | None = None) -> None:
        self.runs: list[Run] = []
        self.checks, self._stop_at, self._epoch = 0, stop_at, epoch

    def check(self) -> None:
        if self._epoch is not None and not any(run.epochs_done == self._epoch for run in self.runs):
            return
        self.checks += 1
        if self.checks == self._stop_at:
            raise Cancelled

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Run)
        self.runs.append(snapshot)
