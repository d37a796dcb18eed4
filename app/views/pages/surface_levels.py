"""Levels of a surface that an untrained network can be compared with."""

import numpy as np

from app.actions.wording import short
from app.render.plot.level_marks import Level
from app.render.surface_words import lowest_point
from app.views.pages.neighbours import Beside
from core.exchange.words import number
from core.landscape.surface import INTERPOLATED, Surface

MOST_LETTERS = 40


def levels_of(beside: Beside[Surface]) -> list[Level]:
    """The lowest point, the lowest one on the rim of the plane, and the highest one; nothing of an unknown plane."""
    surface, name = beside.result, short(beside.name)[:MOST_LETTERS]
    lowest = lowest_point(surface)
    if lowest is None:
        return []
    computed = surface.loss[(surface.evaluated != INTERPOLATED) & np.isfinite(surface.loss)]
    rim = np.concatenate([surface.loss[[0, -1]].ravel(), surface.loss[:, [0, -1]].ravel()])
    rim = rim[np.isfinite(rim)]
    found = [("lowest", float(surface.loss[lowest]), True), ("highest", float(computed.max()), True)]
    if len(rim):
        found.insert(1, ("lowest of the rim", float(rim.min()), False))
    return [
        Level(words=f"{name}, {words}: {number(loss, 3)}", loss=loss, dashed=dashed) for words, loss, dashed in found
    ]
