"""VGG-9 for small images, as Li et al. 2018 trained it (cifar10/models/vgg.py).

Parameter names are theirs: ``features.0`` … for the convolutions, ``fc.0`` and ``fc.1``, ``classifier``.
"""

from torch import Tensor, nn

from core.networks.architectures.initialisation import initialise_as_li

STAGES = ((1, 1), (2, 2), (4, 4, 4))  # channels in multiples of the first; each stage ends in a pooling


class Vgg9(nn.Module):
    """Seven 3 × 3 convolutions in three stages, each halving height and width, and two fully connected layers.

    Parameters
    ----------
    size : (int, int)
        Height and width of the images. An odd number is halved upwards.
    width : int
        Channels of the first stage.
    """

    def __init__(self, *, channels_in: int, size: tuple[int, ...], classes: int, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels, (height, columns) = channels_in, size
        for stage in STAGES:
            for multiple in stage:
                layers += [
                    nn.Conv2d(channels, multiple * width, 3, padding=1),
                    nn.BatchNorm2d(multiple * width),
                    nn.ReLU(),
                ]
                channels = multiple * width
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
            height, columns = (height + 1) // 2, (columns + 1) // 2
        self.features = nn.Sequential(*layers)
        self.fc = nn.Sequential(nn.Linear(channels * height * columns, channels), nn.BatchNorm1d(channels), nn.ReLU())
        self.classifier = nn.Linear(channels, classes)
        self.apply(initialise_as_li)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.fc(self.features(x).flatten(1)))
        return logits
