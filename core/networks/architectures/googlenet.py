"""GoogLeNet for small images (Szegedy et al. 2015, table 1).

As in the widespread implementation for CIFAR: one 3 × 3 convolution replaces everything before the first Inception
block, batch normalisation follows every convolution, the 5 × 5 convolutions are two 3 × 3 ones, and there are no
auxiliary outputs. Parameter names are its own: ``pre_layers``, ``a3``, ``b3``, ``a4`` … ``e4``, ``a5``, ``b5``,
``linear``, and ``b1`` … ``b4`` for the branches of a block. Initial weights are torch's, as there.
"""

import torch
from torch import Tensor, nn

STEM = 192  # channels of the first convolution
# 1 × 1 | before 3 × 3, 3 × 3 | before 5 × 5, 5 × 5 | behind the pooling: table 1 of the paper
BLOCKS = {
    "a3": (64, 96, 128, 16, 32, 32),
    "b3": (128, 128, 192, 32, 96, 64),
    "a4": (192, 96, 208, 16, 48, 64),
    "b4": (160, 112, 224, 24, 64, 64),
    "c4": (128, 128, 256, 24, 64, 64),
    "d4": (112, 144, 288, 32, 64, 64),
    "e4": (256, 160, 320, 32, 128, 128),
    "a5": (256, 160, 320, 32, 128, 128),
    "b5": (384, 192, 384, 48, 128, 128),
}
LAST_BEFORE_POOLING = ("b3", "e4")


def convolution(channels_in: int, channels: int, kernel: int) -> list[nn.Module]:
    """A convolution that keeps the size, its normalisation and a ReLU."""
    return [nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2), nn.BatchNorm2d(channels), nn.ReLU()]


class Inception(nn.Module):
    """Four branches side by side; their channels follow one another."""

    def __init__(self, channels_in: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        one, before_three, three, before_five, five, pooled = widths
        self.b1 = nn.Sequential(*convolution(channels_in, one, 1))
        self.b2 = nn.Sequential(*convolution(channels_in, before_three, 1), *convolution(before_three, three, 3))
        self.b3 = nn.Sequential(
            *convolution(channels_in, before_five, 1), *convolution(before_five, five, 3), *convolution(five, five, 3)
        )
        self.b4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), *convolution(channels_in, pooled, 1))
        self.channels = one + three + five + pooled

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.b1(x), self.b2(x), self.b3(x), self.b4(x)], dim=1)


class GoogLeNet(nn.Module):
    """Two, five and two Inception blocks, then a global mean and one linear layer.

    Parameters
    ----------
    width : int
        Channels of the first convolution; every other width is scaled with it and rounded.
    """

    def __init__(self, *, channels_in: int, classes: int, width: int = STEM) -> None:
        super().__init__()
        self.pre_layers = nn.Sequential(*convolution(channels_in, width, 3))
        channels = width
        for name, widths in BLOCKS.items():
            block = Inception(channels, tuple(max(1, round(each * width / STEM)) for each in widths))
            self.add_module(name, block)
            channels = block.channels
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.linear = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        out = self.pre_layers(x)
        for name in BLOCKS:
            out = self.get_submodule(name)(out)
            if name in LAST_BEFORE_POOLING:
                out = self.maxpool(out)
        logits: Tensor = self.linear(out.mean(dim=(2, 3)))
        return logits
