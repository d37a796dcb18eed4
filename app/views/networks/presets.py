"""Usual preprocessings by name, in the units of the data file."""

from dataclasses import dataclass

from core.networks.card import InputCard


@dataclass(frozen=True, kw_only=True)
class Preset:
    """``(raw − mean) / std`` with one number, or one per channel."""

    title: str
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def card(self, shape: tuple[int, ...]) -> InputCard:
        """The input of a network of that shape with this preprocessing."""
        return InputCard(shape=shape, mean=self.mean, std=self.std)


IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CIFAR = ((125.3, 123.0, 113.9), (63.0, 62.1, 66.7))  # of the loss-landscape paper's published networks

EVERYWHERE = (
    Preset(title="as they are (mean 0, std 1)", mean=(0.0,), std=(1.0,)),
    Preset(title="0 … 255 to 0 … 1", mean=(0.0,), std=(255.0,)),
    Preset(title="0 … 255 to −1 … 1", mean=(127.5,), std=(127.5,)),
    Preset(title="0 … 1 to −1 … 1", mean=(0.5,), std=(0.5,)),
)
OF_GREY = (
    Preset(title="MNIST statistics, of 0 … 255", mean=(33.3285,), std=(78.5655,)),  # 0.1307 and 0.3081 of 255
    Preset(title="MNIST statistics, of 0 … 1", mean=(0.1307,), std=(0.3081,)),
)
OF_COLOUR = (
    Preset(title="CIFAR-10 of Li et al., of 0 … 255", mean=CIFAR[0], std=CIFAR[1]),
    Preset(
        title="CIFAR-10 of Li et al., of 0 … 1",
        mean=tuple(round(value / 255, 4) for value in CIFAR[0]),
        std=tuple(round(value / 255, 4) for value in CIFAR[1]),
    ),
    Preset(
        title="ImageNet statistics, of 0 … 255",
        mean=tuple(round(value * 255, 3) for value in IMAGENET[0]),
        std=tuple(round(value * 255, 3) for value in IMAGENET[1]),
    ),
    Preset(title="ImageNet statistics, of 0 … 1", mean=IMAGENET[0], std=IMAGENET[1]),
)


def presets_for(shape: tuple[int, ...]) -> tuple[Preset, ...]:
    """Those that make sense for inputs of a shape."""
    if len(shape) != 3:
        return EVERYWHERE[:1] if len(shape) == 1 else EVERYWHERE
    return EVERYWHERE + (OF_COLOUR if shape[0] == 3 else OF_GREY if shape[0] == 1 else ())


def preset_of(card: InputCard) -> Preset | None:
    """The preset that a card's numbers are those of."""
    return next((one for one in presets_for(card.shape) if (one.mean, one.std) == (card.mean, card.std)), None)
