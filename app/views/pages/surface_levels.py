"""Levels of a surface that an untrained network can be compared with, and what the comparison says."""

import math

import numpy as np

from app.actions.wording import short
from app.render.plot.lines.level_marks import Level
from app.render.surface_words import lowest_point
from app.views.pages.neighbours import Beside
from core.exchange.words import number
from core.landscape.initialisation import Initialisations
from core.landscape.measures.catalogue import Measure, surface_measures
from core.landscape.surface import INTERPOLATED, Surface

MOST_LETTERS = 40
TOLD = ("initial-loss", "reach-from-beginnings")  # keys of the measures that compare a plane with beginnings


def levels_of(beside: Beside[Surface]) -> list[Level]:
    """The lowest and the highest point, and the lowest way out of the network's basin; nothing of an unknown plane.

    Where the plane has no other basin there is no such way: then the lowest point of the plane's rim stands for it.
    """
    surface, name = beside.result, short(beside.name)[:MOST_LETTERS]
    lowest = lowest_point(surface)
    if lowest is None:
        return []
    computed = surface.loss[(surface.evaluated != INTERPOLATED) & np.isfinite(surface.loss)]
    found = [("lowest", float(surface.loss[lowest]), True)]
    way_out = _measures(surface, None).get("way-out")
    if way_out is not None and math.isfinite(way_out.value):
        found.append(("lowest way out of the basin", surface.centre_loss + way_out.value, False))
    else:
        rim = np.concatenate([surface.loss[[0, -1]].ravel(), surface.loss[:, [0, -1]].ravel()])
        rim = rim[np.isfinite(rim)]
        found += [("lowest of the rim", float(rim.min()), False)] if len(rim) else []
    found.append(("highest", float(computed.max()), True))
    return [
        Level(words=f"{name}, {words}: {number(loss, 3)}", loss=loss, dashed=dashed) for words, loss, dashed in found
    ]


def beginning_words(beside: Beside[Surface], fresh: Initialisations) -> str:
    """How a plane lies to the losses that training begins with; "" while too little of it is known."""
    found = _measures(beside.result, fresh)
    told = [f"{found[key].name.lower()}: {found[key].text}" for key in TOLD if key in found]
    return f"{short(beside.name)[:MOST_LETTERS]} — {'; '.join(told)}." if told else ""


def _measures(surface: Surface, fresh: Initialisations | None) -> dict[str, Measure]:
    """By key; a few milliseconds, for planes are small."""
    return {measure.key: measure for measure in surface_measures(surface, None, fresh)}
