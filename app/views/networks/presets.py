"""Usual preprocessings by name, in the units of the data file."""

from dataclasses import dataclass

from core.networks.card import InputCard
from core.networks.options import CIFAR, Statistics
from core.networks.preprocessing import COLOUR, DIGITS, GREY


@dataclass(frozen=True, kw_only=True)
class Preset:
    """``(raw − mean) / std`` with one number, or one per channel."""

    title: str
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def card(self, shape: tuple[int, ...]) -> InputCard:
        """The input of a network of that shape with this preprocessing."""
        return InputCard(shape=shape, mean=self.mean, std=self.std)


EVERYWHERE = (
    Preset(title="as they are (mean 0, std 1)", mean=(0.0,), std=(1.0,)),
    Preset(title="0 … 255 to 0 … 1", mean=(0.0,), std=(255.0,)),
    Preset(title="0 … 255 to −1 … 1", mean=(127.5,), std=(127.5,)),
    Preset(title="0 … 1 to −1 … 1", mean=(0.5,), std=(0.5,)),
)


def _known(statistics: dict[str, tuple[Statistics, Statistics]]) -> tuple[Preset, ...]:
    """Published statistics, for data from 0 to 255 and from 0 to 1."""
    return tuple(
        Preset(title=f"{name}, of 0 … {top:g}", mean=_times(mean, top), std=_times(std, top))
        for top in (255.0, 1.0)
        for name, (mean, std) in statistics.items()
    )


def _times(values: Statistics, top: float) -> Statistics:
    return tuple(float(f"{value * top:.{DIGITS}g}") for value in values)


OF_GREY = _known(GREY)
OF_COLOUR = (Preset(title="CIFAR-10 of Li et al., of 0 … 255", mean=CIFAR.mean, std=CIFAR.std), *_known(COLOUR))


def presets_for(shape: tuple[int, ...]) -> tuple[Preset, ...]:
    """Those that make sense for inputs of a shape."""
    if len(shape) != 3:
        return EVERYWHERE[:1] if len(shape) == 1 else EVERYWHERE
    return EVERYWHERE + (OF_COLOUR if shape[0] == 3 else OF_GREY if shape[0] == 1 else ())


def preset_of(card: InputCard) -> Preset | None:
    """The preset that a card's numbers are those of."""
    return next((one for one in presets_for(card.shape) if (one.mean, one.std) == (card.mean, card.std)), None)
