"""From a row of a table and names of features to a request for a correction in several of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.corrections.records.correction import Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import JointRequest
from core.corrections.requests.pairs import changeable_names
from core.corrections.requests.rows import Wanted, card_of, freedom_for_row
from core.data.dataset import Dataset
from core.errors import InvalidRequest


def joint_for_row(
    data: Dataset,
    row: int,
    free: Sequence[str],
    wanted: Wanted,
    stability: Mapping[str, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    norm: Norm = "L1",
    *,
    allowed: Mapping[str, Sequence[str]] | None = None,
    most_changed: int = 0,
    different: int = 0,
    seconds: float = JointRequest.seconds,
) -> JointRequest:
    """Ask for the nearest stable change of some features of one row.

    Parameters
    ----------
    free : names
        Numbers, groups and categories that may change.
    stability, ranges, weights, norm
        As for `request_for_row` in `core.corrections.requests.rows`.
    allowed : by name of a category
        The levels that it may take; all where it is missing.
    most_changed, different, seconds
        See `JointRequest`.

    Raises
    ------
    InvalidRequest
        As `freedom_for_row`, or if a level is none of its category.
    """
    freedom = freedom_for_row(data, row, free, stability, ranges, weights)
    return JointRequest(
        input=tuple(data.x[row].astype(np.float64).tolist()),
        freedom=_with_allowed(freedom, allowed or {}),
        goal=wanted.goal(data, card_of(data, row)),
        norm=norm,
        row=row,
        most_changed=most_changed,
        different=different,
        seconds=seconds,
    )


def candidate_names(
    data: Dataset,
    row: int,
    stability: Mapping[str, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> list[str]:
    """All features of a row that may change. Raises `InvalidRequest` if there are none."""
    names = changeable_names(data, row, stability, ranges, weights)
    if not names:
        raise InvalidRequest(
            f'No feature of row {row} of "{data.name}" may change. Allow some to change on its feature card.'
        )
    return names


def _with_allowed(freedom: Freedom, allowed: Mapping[str, Sequence[str]]) -> Freedom:
    names = [one.name for one in freedom.categories]
    stray = next((name for name in allowed if name not in names), None)
    if stray is not None:
        listed = f"Free categories are: {', '.join(names)}." if names else "No category is free."
        raise InvalidRequest(f'Levels are given for "{stray}", which is no free category. {listed}')
    chosen = [one.allowing(allowed.get(one.name, ())) for one in freedom.categories]
    # In the order of the card: the same levels, named in another order, are the same question.
    return replace(freedom, categories=tuple(replace(one, allowed=tuple(sorted(one.allowed))) for one in chosen))
