"""The networks and samples that the benchmarks are about. Needs nothing but torch and numpy where it is imported."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.networks.architectures.registry import build_architecture

if TYPE_CHECKING:
    from core.data.dataset import Dataset
    from core.networks.network import Network

SMALL_CNN = "small_cnn"


@dataclass(frozen=True, eq=False)
class Case:
    """A trained network and the samples its loss is the mean of."""

    title: str
    architecture: str
    module: nn.Module = field(repr=False)  # evaluation mode
    inputs: Tensor = field(repr=False)  # (n, …) float32, normalised
    labels: Tensor = field(repr=False)  # (n,) int64

    def network(self) -> "Network":
        """As an engine takes it. Samples count as normalised already."""
        from core.networks.card import InputCard, NetworkCard  # noqa: PLC0415  the peers' environment lacks pydantic
        from core.networks.network import Network, fingerprint  # noqa: PLC0415

        shape = tuple(self.inputs.shape[1:])
        card = NetworkCard(name=self.title, input=InputCard(shape=shape), architecture=self.architecture)
        return Network(card=card, module=self.module, sha256=fingerprint(self.module.state_dict()))

    def dataset(self) -> "Dataset":
        """The samples as an engine takes them."""
        from core.data.dataset import Dataset  # noqa: PLC0415

        return Dataset(name=self.title, x=self.inputs.numpy(), y=self.labels.numpy())


def build(architecture: str) -> nn.Module:
    """A network for colour images of 32 × 32 and ten classes, its weights fresh."""
    if architecture != SMALL_CNN:
        return build_architecture(architecture, (3, 32, 32), 10)
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(64, 64, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def small_cnn(images: int = 512) -> Case:
    """A small convolutional network, trained here in some seconds on enlarged digits: a smooth surface."""
    return _trained(SMALL_CNN, f"small trained CNN, {images} images 3×32×32", images, epochs=30)


def resnet20(images: int = 256) -> Case:
    """A ResNet-20, trained here for a minute on enlarged digits, as in the reference measurements."""
    return _trained("resnet20", f"ResNet-20, {images} images 3×32×32", images, epochs=8)


def papers_network(architecture: str, images: int = 256) -> Case:
    """The paper's own ``resnet56`` or ``resnet56_noshort`` with CIFAR-10 images; skips where they are absent."""
    from core.data.loading import open_dataset  # noqa: PLC0415  the peers' environment lacks what it needs
    from core.networks.loading import open_network  # noqa: PLC0415
    from tests.realdata import realdata_path  # noqa: PLC0415

    weights = realdata_path(f"lossland_resnet56/{architecture}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7")
    network = open_network(weights, architecture)
    data = open_dataset(realdata_path("cifar10_lossless/cifar10_train_first4000.npz"))
    inputs, labels = network.prepare(data.first(images))
    return Case(f"{architecture} of the paper, {images} images", architecture, network.module, inputs, labels)


def digits(count: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Handwritten digits, enlarged to 3 × 32 × 32 and normalised."""
    from sklearn.datasets import load_digits  # noqa: PLC0415  the peers' environment lacks it

    loaded = load_digits()
    x = torch.tensor(loaded.images[:count, None] / 16, dtype=torch.float32)
    large = nn.functional.interpolate(x, size=(32, 32), mode="bilinear", align_corners=False)
    return ((large - 0.3) / 0.38).expand(-1, 3, -1, -1).contiguous().numpy(), loaded.target[:count].astype(np.int64)


def _trained(architecture: str, title: str, images: int, epochs: int) -> Case:
    torch.manual_seed(0)
    x, y = digits(images)
    inputs, labels = torch.from_numpy(x), torch.from_numpy(y)
    module = build(architecture).train()
    optimiser = torch.optim.Adam(module.parameters(), lr=2e-3)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(images), 64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(module(inputs[rows]), labels[rows]).backward()
            optimiser.step()
    return Case(title, architecture, module.eval(), inputs, labels)
