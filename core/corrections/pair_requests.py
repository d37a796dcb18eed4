"""From a row of a table to a request for all pairs of its features."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.corrections.correction import Norm
from core.corrections.freedom import Freedom
from core.corrections.pairs import PairsRequest
from core.corrections.requests import Wanted, freedom_for_row
from core.data.dataset import Dataset
from core.errors import InvalidRequest

Given = Mapping[str, float]


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
        As for `request_for_row` in `core.corrections.requests`.
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
    given = [{} if some is None else dict(some) for some in (stability, ranges, weights)]
    if not free:
        given = [{name: value for name, value in some.items() if name in names} for some in given]
    card = data.features
    if card is None:
        raise InvalidRequest(f'"{data.name}" has no feature card, so its columns have no names. Add a feature card.')
    return PairsRequest(
        input=tuple(data.x[row].astype(np.float64).tolist()),
        freedom=freedom_for_row(data, row, names, *given),
        goal=wanted.goal(data, card),
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
    if data.features is None:
        raise InvalidRequest(f'"{data.name}" has no feature card, so its columns have no names. Add a feature card.')
    found = []
    for feature in data.features.features:
        try:
            given = (
                {name: some[name] for name in (feature.name,) if some and name in some}
                for some in (stability, ranges, weights)
            )
            alone: Freedom = freedom_for_row(data, row, [feature.name], *given)
        except InvalidRequest:
            continue
        found += alone.names
    return found
