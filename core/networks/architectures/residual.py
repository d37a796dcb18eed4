"""Residual blocks of two 3 × 3 convolutions, with every kind of shortcut (He et al. 2015, §3.3)."""

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

Shortcut = Literal["convolution", "padding", "none"]


class PaddingShortcut(nn.Module):
    """Every second pixel, and zeros for the channels that are not there ("option A"): no weights.

    The zeros go half before and half behind, as in the widespread implementation that published weights come from.
    """

    def __init__(self, missing: int, stride: int) -> None:
        super().__init__()
        self.before, self.behind = missing // 2, missing - missing // 2
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        thinned = x[:, :, :: self.stride, :: self.stride]
        return functional.pad(thinned, (0, 0, 0, 0, self.before, self.behind))


class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions; with a shortcut the input is added before the last ReLU."""

    def __init__(self, channels_in: int, channels: int, stride: int, *, shortcut: Shortcut) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut: nn.Module | None = None if shortcut == "none" else nn.Sequential()
        if stride == 1 and channels_in == channels:
            return
        if shortcut == "convolution":  # 1 × 1 ("option B")
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
            )
        elif shortcut == "padding":
            self.shortcut = PaddingShortcut(channels - channels_in, stride)

    def forward(self, x: Tensor) -> Tensor:
        out = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.shortcut is not None:
            out = out + self.shortcut(x)
        return functional.relu(out)


def residual_stage(channels_in: int, channels: int, blocks: int, stride: int, shortcut: Shortcut) -> nn.Sequential:
    """Blocks of one width; the first takes the steps and changes the number of channels."""
    first = ResidualBlock(channels_in, channels, stride, shortcut=shortcut)
    others = (ResidualBlock(channels, channels, 1, shortcut=shortcut) for _ in range(blocks - 1))
    return nn.Sequential(first, *others)
