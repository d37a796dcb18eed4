"""ResNet-18 for small images: a 3 × 3 convolution instead of the 7 × 7 one and its pooling (He et al. 2015, §4.1).

Parameter names are those of the widespread implementation: ``conv1``, ``bn1``, ``layerS.B.conv1`` …
``layerS.B.shortcut.0``, ``linear``. Of the ResNet-18 of Yao et al. 2018 (CIFAR-100) no code was published; that it is
this one is recalled, not verified. Initial weights are those of Li et al. 2018, whose code has this network too.
"""

from torch import Tensor, nn
from torch.nn import functional

from core.networks.architectures.initialisation import initialise_as_li
from core.networks.architectures.residual import Shortcut, residual_stage


class ResNet18(nn.Module):
    """Four stages of two blocks with W, 2·W, 4·W and 8·W channels, then a global mean and one linear layer."""

    def __init__(self, *, channels_in: int, classes: int, shortcut: Shortcut, width: int = 64) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = residual_stage(width, width, 2, 1, shortcut)
        self.layer2 = residual_stage(width, 2 * width, 2, 2, shortcut)
        self.layer3 = residual_stage(2 * width, 4 * width, 2, 2, shortcut)
        self.layer4 = residual_stage(4 * width, 8 * width, 2, 2, shortcut)
        self.linear = nn.Linear(8 * width, classes)
        self.apply(initialise_as_li)

    def forward(self, x: Tensor) -> Tensor:
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.layer4(self.layer3(self.layer2(self.layer1(out))))
        logits: Tensor = self.linear(out.mean(dim=(2, 3)))
        return logits
