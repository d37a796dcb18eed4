"""The usual ways to feed samples to a network, as input cards in the units of given data."""

import math

import numpy as np
import numpy.typing as npt

from core.networks.card import InputCard
from core.networks.options import Statistics

Numbers = npt.NDArray[np.float64]  # (channels,)
Preparation = tuple[Statistics, Statistics]  # mean and standard deviation

# Means and standard deviations in units of the largest value: as the training recipes of these sets state them.
COLOUR: dict[str, Preparation] = {
    "CIFAR-10 mean and std": ((0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616)),
    "CIFAR-10 mean with std 0.2": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),  # a much copied slip
    "CIFAR-100 mean and std": ((0.5071, 0.4867, 0.4408), (0.2675, 0.2565, 0.2761)),
    "ImageNet mean and std": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
GREY: dict[str, Preparation] = {
    "MNIST mean and std": ((0.1307,), (0.3081,)),
    "Fashion-MNIST mean and std": ((0.2860,), (0.3530,)),
}
TOPS = (1.0, 16.0, 255.0)  # the largest value that data of a scale may hold: fractions, digits, bytes
DIGITS = 6  # significant ones of a mean that was measured


def usual_preprocessings(shape: tuple[int, ...], x: npt.NDArray[np.generic]) -> tuple[tuple[str, InputCard], ...]:
    """Ways to feed a network that takes samples of a shape, the plainest first.

    Parameters
    ----------
    shape : tuple of int
        Of one sample, channels first.
    x : (n, *shape) array
        Samples in the units of the data; their largest value tells the scale, and the last way has their statistics.
    """
    top = scale_of(x)
    ways: dict[str, Preparation] = {"values as they are": ((0.0,), (1.0,))}
    if len(shape) == 3:
        if top == 1.0:
            ways["values × 255"] = ((0.0,), (1 / 255,))
        else:
            ways[f"values / {top:g}"] = ((0.0,), (top,))
        ways["values from −1 to 1"] = ((top / 2,), (top / 2,))
        known = COLOUR if shape[0] == 3 else GREY if shape[0] == 1 else {}
        for name, (mean, std) in known.items():
            ways[name] = (_times(mean, top), _times(std, top))
    ways["mean and std of these samples"] = statistics_of(x)
    return tuple((name, InputCard(shape=shape, mean=mean, std=std)) for name, (mean, std) in ways.items())


def scale_of(x: npt.NDArray[np.generic]) -> float:
    """The largest value that data like these may hold: 1, 16 or 255; their own largest where it is none of these."""
    largest = float(np.max(x)) if x.size else 1.0
    return next((top for top in TOPS if largest <= top), largest)


def statistics_of(x: npt.NDArray[np.generic]) -> Preparation:
    """Mean and standard deviation of each channel of images (n, c, …), or of each column of a table (n, columns).

    A channel that never changes gets the standard deviation 1.
    """
    values = x.astype(np.float64).reshape(len(x), x.shape[1], -1)
    low, high = values.min(axis=(0, 2)), values.max(axis=(0, 2))
    return rounded_statistics(values.mean(axis=(0, 2)), values.std(axis=(0, 2)), low, high, DIGITS)


def rounded_statistics(mean: Numbers, std: Numbers, low: Numbers, high: Numbers, digits: int) -> Preparation:
    """Mean and standard deviation with so many significant digits of the deviation, for a card that people read.

    Digits of the mean are no measure: numbers around 1.7 billion may differ by tens. What never varies, as `low` and
    `high` tell, has its own value for a mean and a deviation of 1, and so becomes 0.
    """
    pairs = [
        (_to_place(each, spread, digits), float(f"{spread:.{digits}g}")) if most > least else (float(least), 1.0)
        for each, spread, least, most in zip(mean, std, low, high, strict=True)
    ]
    return tuple(each for each, _ in pairs), tuple(spread for _, spread in pairs)


def _to_place(mean: float, std: float, digits: int) -> float:
    return round(float(mean), digits - 1 - math.floor(math.log10(std))) if std > 0 else float(mean)


def _times(values: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(float(f"{value * factor:.{DIGITS}g}") for value in values)
