"""Residual networks for small images, and their twins without shortcuts (He et al. 2015, §4.2; Li et al. 2018, §6).

Parameter names are those of the widespread implementation that the weights of Li et al. come from:
``conv1``, ``bn1``, ``layerS.B.conv1`` … ``layerS.B.shortcut.0``, ``linear``.
"""

from torch import Tensor, nn
from torch.nn import functional

from core.networks.architectures.initialisation import initialise_as_li
from core.networks.architectures.residual import Shortcut, residual_stage


class ResNetCifar(nn.Module):
    """``6·n + 2`` weighted layers in three stages of n blocks, then a global mean and one linear layer.

    Parameters
    ----------
    depth : int
        20, 32, 44, 56, 110, … (``6·n + 2``).
    shortcut : {"convolution", "padding", "none"}
    width : int
        Channels of the first stage; the others have twice and four times as many.
    """

    def __init__(self, depth: int, *, channels_in: int, classes: int, shortcut: Shortcut, width: int = 16) -> None:
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(channels_in, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = residual_stage(width, width, blocks, 1, shortcut)
        self.layer2 = residual_stage(width, 2 * width, blocks, 2, shortcut)
        self.layer3 = residual_stage(2 * width, 4 * width, blocks, 2, shortcut)
        self.linear = nn.Linear(4 * width, classes)
        self.apply(initialise_as_li)

    def forward(self, x: Tensor) -> Tensor:
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.layer3(self.layer2(self.layer1(out)))
        logits: Tensor = self.linear(out.mean(dim=(2, 3)))
        return logits
