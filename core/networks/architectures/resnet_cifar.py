"""Residual networks for small images, and their twins without shortcuts (He et al. 2015, §4.2; Li et al. 2018, §5).

Parameter names are those of the widespread implementation that the weights of Li et al. come from:
``conv1``, ``bn1``, ``layerS.B.conv1`` … ``layerS.B.shortcut.0``, ``linear``.
"""

from torch import Tensor, nn
from torch.nn import functional

STAGE_STRIDES = (1, 2, 2)


class Block(nn.Module):
    """Two 3 × 3 convolutions; with a shortcut the input is added before the last ReLU."""

    def __init__(self, channels_in: int, channels: int, stride: int, *, shortcut: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut: nn.Sequential | None = None
        if shortcut:
            self.shortcut = nn.Sequential()
            if stride != 1 or channels_in != channels:  # 1 × 1 convolution where the shape changes ("option B")
                self.shortcut = nn.Sequential(
                    nn.Conv2d(channels_in, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
                )

    def forward(self, x: Tensor) -> Tensor:
        out = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.shortcut is not None:
            out = out + self.shortcut(x)
        return functional.relu(out)


class ResNetCifar(nn.Module):
    """``6·n + 2`` weighted layers in three stages of n blocks, then a global mean and one linear layer.

    Parameters
    ----------
    depth : int
        20, 32, 44, 56, 110, … (``6·n + 2``).
    width : int
        Channels of the first stage; the others have twice and four times as many.
    """

    def __init__(self, depth: int, *, channels_in: int, classes: int, shortcut: bool, width: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        stages, channels = [], width
        for stage, first_stride in enumerate(STAGE_STRIDES):
            blocks = []
            for block in range((depth - 2) // 6):
                out = width * 2**stage
                stride = first_stride if block == 0 else 1
                blocks.append(Block(channels, out, stride, shortcut=shortcut))
                channels = out
            stages.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3 = stages
        self.linear = nn.Linear(channels, classes)
        self.apply(_initialise)

    def forward(self, x: Tensor) -> Tensor:
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.layer3(self.layer2(self.layer1(out)))
        logits: Tensor = self.linear(out.mean(dim=(2, 3)))
        return logits


def _initialise(module: nn.Module) -> None:
    # Li et al. 2018: Kaiming for convolutions, a small Gaussian for the last layer.
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight)
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=1e-3)
        nn.init.zeros_(module.bias)
