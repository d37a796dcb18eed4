"""DenseNet-121 for small images (Huang et al. 2017, §3), as Li et al. 2018 trained it.

Parameter names are those of the widespread implementation: ``conv1``, ``denseS.B.bn1`` … ``denseS.B.conv2``,
``transS.bn``, ``transS.conv``, ``bn``, ``linear``.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks.architectures.initialisation import initialise_as_li

BLOCKS = (6, 12, 24, 16)


class DenseLayer(nn.Module):
    """A bottleneck of 1 × 1 and 3 × 3 convolutions; what it finds is put before what it was given."""

    def __init__(self, channels_in: int, growth: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels_in)
        self.conv1 = nn.Conv2d(channels_in, 4 * growth, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        found = self.conv1(functional.relu(self.bn1(x)))
        found = self.conv2(functional.relu(self.bn2(found)))
        return torch.cat([found, x], dim=1)


class Transition(nn.Module):
    """Fewer channels by a 1 × 1 convolution, and half the height and width by averaging."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(channels_in)
        self.conv = nn.Conv2d(channels_in, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(self.conv(functional.relu(self.bn(x))), 2)


class DenseNet121(nn.Module):
    """Blocks of 6, 12, 24 and 16 dense layers; a transition between two blocks halves the channels.

    Parameters
    ----------
    growth : int
        Channels that every dense layer adds; the first convolution gives twice as many.
    """

    def __init__(self, *, channels_in: int, classes: int, growth: int = 32) -> None:
        super().__init__()
        channels = 2 * growth
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        for number, layers in enumerate(BLOCKS, start=1):
            dense = (DenseLayer(channels + growth * earlier, growth) for earlier in range(layers))
            self.add_module(f"dense{number}", nn.Sequential(*dense))
            channels += layers * growth
            if number < len(BLOCKS):
                self.add_module(f"trans{number}", Transition(channels, channels // 2))
                channels //= 2
        self.bn = nn.BatchNorm2d(channels)
        self.linear = nn.Linear(channels, classes)
        self.apply(initialise_as_li)

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv1(x)
        for number in range(1, len(BLOCKS) + 1):
            out = self.get_submodule(f"dense{number}")(out)
            if number < len(BLOCKS):
                out = self.get_submodule(f"trans{number}")(out)
        logits: Tensor = self.linear(functional.relu(self.bn(out)).mean(dim=(2, 3)))
        return logits
