"""The curve of the nearest distance over the stability as rows of a correction's table and as arrays."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Correction

Row = tuple[str | int | float, ...]
Named = Iterator[tuple[str, npt.NDArray[Any]]]


def tradeoff_rows(correction: Correction) -> Iterator[Row]:
    """Three rows for each place of the curve, numbered in the column of vertices.

    ``stability``: the multiple as value, and as x and y the half-widths in the user's units. ``nearest at stability``:
    the distance, and the correction that has it. ``lower bound at stability``: that no correction is nearer.
    """
    tradeoff = correction.tradeoff
    if tradeoff is None:
        return
    yield ("no correction beyond stability", "", "", "", "", "", tradeoff.none_beyond)
    for place, stability in enumerate(tradeoff.stability.tolist()):
        (x, y), (w, h) = tradeoff.centres[place].tolist(), tradeoff.half_width(stability)
        yield ("stability", "", "", place, w, h, stability)
        yield ("nearest at stability", "", "", place, x, y, float(tradeoff.distance[place]))
        yield ("lower bound at stability", "", "", place, "", "", float(tradeoff.lower_bound[place]))


def tradeoff_arrays(correction: Correction) -> Named:
    """The curve place by place, and the half-widths at stability 1."""
    tradeoff = correction.tradeoff
    if tradeoff is None:
        return
    yield "tradeoff/unit", np.array(tradeoff.unit)
    yield "tradeoff/stability", tradeoff.stability
    yield "tradeoff/distance", tradeoff.distance
    yield "tradeoff/lower_bound", tradeoff.lower_bound
    yield "tradeoff/centres", tradeoff.centres
    yield "tradeoff/none_beyond", np.array(tradeoff.none_beyond)
