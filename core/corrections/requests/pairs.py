"""From a row of a table to a request for all pairs of its features."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from core.corrections.records.correction import Norm
from core.corrections.records.pairs import PairsRequest
from core.corrections.requests.rows import Wanted, card_of, freedom_for_row
from core.data.dataset import Dataset
from core.errors import InvalidRequest

Given = Mapping[str, float]
Value = TypeVar("Value")


def pairs_for_row(
    data: Dataset,
    row: int,
    free: Sequence[str],
    wanted: Wanted,
    stability: Given | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Given | None = None,
    norm: Norm = "L1",
    seconds: float = PairsRequest.seconds,
) -> PairsRequest:
    """Ask for the nearest stable change of every two features of one row, and of each alone.

    Parameters
    ----------
    free : names
        At least two; none for all that may change. What is given below of other features is then left out.
    stability, ranges, weights, norm
        As for `request_for_row` in `core.corrections.requests.rows`.
    seconds : float
        For one pair; see `PairsRequest`.

    Raises
    ------
    InvalidRequest
        As `freedom_for_row`, or if fewer than two features may change.
    """
    names = list(free) or changeable_names(data, row, stability, ranges, weights)
    if len(names) < 2:
        raise InvalidRequest(
            f'Fewer than two features of row {row} of "{data.name}" may change. Allow more on its feature card.'
        )
    if not free:
        stability, ranges, weights = _of(names, stability), _of(names, ranges), _of(names, weights)
    return PairsRequest(
        input=tuple(data.x[row].astype(np.float64).tolist()),
        freedom=freedom_for_row(data, row, names, stability, ranges, weights),
        goal=wanted.goal(data, card_of(data, row)),
        norm=norm,
        row=row,
        seconds=seconds,
    )


def changeable_names(
    data: Dataset,
    row: int,
    stability: Given | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Given | None = None,
) -> list[str]:
    """The features of a row that may change and have something to choose, in the order of the card."""
    found: list[str] = []
    for feature in card_of(data, row).features:
        only = [feature.name]
        try:
            freedom_for_row(data, row, only, _of(only, stability), _of(only, ranges), _of(only, weights))
        except InvalidRequest:
            continue
        found.append(feature.name)
    return found


def _of(names: Sequence[str], given: Mapping[str, Value] | None) -> dict[str, Value]:
    """What is given of some features."""
    return {name: value for name, value in (given or {}).items() if name in names}
