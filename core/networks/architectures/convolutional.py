"""The small convolutional networks of Yao et al. 2018: C1, C2, C3 for CIFAR-10 and M1 for MNIST.

Known from the authors' published code (HessianFlow, models/c1.py): the layers of C1 and C2, their order (convolution,
ReLU, batch normalisation, pooling), strides, paddings and parameter names; that dropout is defined but never applied;
that initial weights are torch's.

Only recalled from the paper, of which no code for these was published: that C3 is C2 without batch normalisation, and
that M1 has convolutions of 20 and 50 channels and 500 hidden units. M1's pooling and its convolutions without padding
are those of the common LeNet of these widths; its parameter names follow those of C1.
"""

from torch import Tensor, nn
from torch.nn import functional


class C1(nn.Module):
    """Two 5 × 5 convolutions, each followed by an overlapping pooling, and three fully connected layers.

    Parameters
    ----------
    size : (int, int)
        Height and width of the images. Each pooling halves them, odd numbers upwards.
    width : int
        Channels of both convolutions; the fully connected layers have 6 and 3 times as many units.
    """

    def __init__(self, *, channels_in: int, size: tuple[int, ...], classes: int, width: int = 64) -> None:
        super().__init__()
        height, columns = (-(-length // 4) for length in size)
        self.conv1 = nn.Conv2d(channels_in, width, 5, padding=2)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 5, padding=2)
        self.bn2 = nn.BatchNorm2d(width)
        self.fc1 = nn.Linear(width * height * columns, 6 * width)
        self.fc2 = nn.Linear(6 * width, 3 * width)
        self.fc3 = nn.Linear(3 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        out = functional.max_pool2d(self.bn1(functional.relu(self.conv1(x))), 3, stride=2, padding=1)
        out = functional.max_pool2d(self.bn2(functional.relu(self.conv2(out))), 3, stride=2, padding=1)
        out = functional.relu(self.fc2(functional.relu(self.fc1(out.flatten(1)))))
        logits: Tensor = self.fc3(out)
        return logits


class C2(nn.Module):
    """Two pairs of 3 × 3 convolutions without padding, each followed by a pooling, and three fully connected layers.

    Parameters
    ----------
    size : (int, int)
        Height and width of the images, at least 16.
    width : int
        Channels of the first pair; the second has twice as many, and the fully connected layers 4 times as many units.
    normalised : bool
        Without batch normalisation this is C3.
    """

    def __init__(
        self, *, channels_in: int, size: tuple[int, ...], classes: int, width: int = 64, normalised: bool = True
    ) -> None:
        super().__init__()
        height, columns = (((length - 4) // 2 - 4) // 2 for length in size)
        channels = (channels_in, width, width, 2 * width, 2 * width)
        for number in range(1, 5):
            self.add_module(f"conv{number}", nn.Conv2d(channels[number - 1], channels[number], 3))
            if normalised:
                self.add_module(f"bn{number}", nn.BatchNorm2d(channels[number]))
        self.fc1 = nn.Linear(2 * width * height * columns, 4 * width)
        self.fc2 = nn.Linear(4 * width, 4 * width)
        self.fc3 = nn.Linear(4 * width, classes)
        self._normalised = normalised

    def forward(self, x: Tensor) -> Tensor:
        out = x
        for number in range(1, 5):
            out = functional.relu(self.get_submodule(f"conv{number}")(out))
            if self._normalised:
                out = self.get_submodule(f"bn{number}")(out)
            if number % 2 == 0:
                out = functional.max_pool2d(out, 2)
        out = functional.relu(self.fc2(functional.relu(self.fc1(out.flatten(1)))))
        logits: Tensor = self.fc3(out)
        return logits


class M1(nn.Module):
    """Two 5 × 5 convolutions without padding, each followed by a pooling, and two fully connected layers.

    Parameters
    ----------
    size : (int, int)
        Height and width of the images, at least 16.
    width : int
        Channels of the first convolution; the second has 2.5 times as many, the hidden layer 25 times as many units.
    """

    def __init__(self, *, channels_in: int, size: tuple[int, ...], classes: int, width: int = 20) -> None:
        super().__init__()
        height, columns = (((length - 4) // 2 - 4) // 2 for length in size)
        second = max(1, 5 * width // 2)
        self.conv1 = nn.Conv2d(channels_in, width, 5)
        self.conv2 = nn.Conv2d(width, second, 5)
        self.fc1 = nn.Linear(second * height * columns, 25 * width)
        self.fc2 = nn.Linear(25 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        out = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        out = functional.max_pool2d(functional.relu(self.conv2(out)), 2)
        logits: Tensor = self.fc2(functional.relu(self.fc1(out.flatten(1))))
        return logits
