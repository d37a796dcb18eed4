"""Colour maps for losses, perceptually uniform and readable with every colour vision, and colours for categories."""

from functools import cache
from typing import Literal, get_args

import cmap
import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.landscape.plane import FloatArray

ColourArray = npt.NDArray[np.uint8]  # (..., 4), red, green, blue, opacity

LossMap = Literal["viridis", "cividis", "batlow", "vik", "coolwarm"]
LOSS_MAPS: tuple[LossMap, ...] = get_args(LossMap)
DEFAULT_LOSS_MAP: LossMap = "viridis"

# The first three grow steadily lighter with the loss. The other two are lightest in the middle, which for a loss means
# nothing; they are there because the pictures of Li et al. 2018 have such colours.
SOURCES = {
    "viridis": "bids:viridis",  # Smith & van der Walt 2015
    "cividis": "cividis:cividis",  # Nuñez et al. 2018: the same with every colour vision
    "batlow": "crameri:batlow",  # Crameri 2018
    "vik": "crameri:vik",
    "coolwarm": "paraview:coolwarm",  # Moreland 2009, as in Figure 1
}

# Okabe & Ito 2008. The order puts the pairs that are easiest to tell apart first; black is left to text.
CATEGORIES: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")


@cache
def colormap(name: str) -> ColourArray:
    """The 256 colours of a map, from low to high: (256, 4).

    Raises
    ------
    InvalidRequest
        If there is no map of that name.
    """
    if name not in SOURCES:
        raise InvalidRequest(f'There is no colour map "{name}". There are: {", ".join(LOSS_MAPS)}.')
    table = np.round(cmap.Colormap(SOURCES[name]).lut(256) * 255).astype(np.uint8)
    table.setflags(write=False)
    return table


def colours(name: str, shares: FloatArray) -> ColourArray:
    """The colour of each share from 0 to 1: (..., 4). NaN is transparent."""
    known = np.isfinite(shares)
    index = np.round(np.where(known, np.clip(shares, 0.0, 1.0), 0.0) * 255).astype(np.intp)
    painted: ColourArray = colormap(name)[index]
    painted[~known] = 0
    return painted


def over_colour(name: str) -> ColourArray:
    """What is above the scale: the last colour of the map, greyed, so that it is told from the last value. (4,)."""
    greyed: ColourArray = np.round(0.28 * colormap(name)[255] + 0.72 * np.array([185, 185, 185, 255])).astype(np.uint8)
    return greyed


def category(index: int) -> str:
    """The colour of the n-th category as ``#rrggbb``; after seven they begin again, so mark them by shape too."""
    return CATEGORIES[index % len(CATEGORIES)]


def lightness(colour: npt.ArrayLike) -> FloatArray:
    """CIE L* of colours with channels 0 to 255, (..., 3 or 4) → (...), 0 black to 100 white."""
    channels = np.asarray(colour, dtype=np.float64)[..., :3] / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    shade: FloatArray = np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)
    return shade
