"""How a feature may change, as it is entered: the card's words first, then the user's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.corrections.records.freedom import Freedom
from core.corrections.requests.rows import freedom_for_row
from core.data.dataset import Dataset
from core.data.tables.features import Change, FeatureCard
from core.errors import InvalidRequest

Sort = Literal["number", "category", "group"]


@dataclass(frozen=True)
class Settings:
    """Of one feature or group; of a category only levels and price count."""

    sort: Sort
    column: int = -1  # of the encoded input, the first one; a group has none of its own
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    half_width: float = 0.0
    step: float = 0.0
    price: float = 0.0  # per unit, 0: one over the range; of a category for any change
    change: Change = "may"
    levels: tuple[str, ...] = ()
    allowed: tuple[int, ...] = ()  # places of levels that may be chosen


def settings_of(data: Dataset, card: FeatureCard) -> dict[str, Settings]:
    """Of every feature and group of a card, by name."""
    found: dict[str, Settings] = {}
    column = -1
    for feature, before in zip(card.features, (None, *card.features), strict=False):
        column = 0 if before is None else column + before.width
        if feature.kind == "category":
            found[feature.name] = Settings(
                sort="category",
                column=column,
                price=feature.price or 1.0,
                change=feature.change,
                levels=feature.levels,
                allowed=tuple(range(len(feature.levels))),
            )
            continue
        values = data.x[:, column].astype(np.float64)
        found[feature.name] = Settings(
            sort="number",
            column=column,
            unit=feature.unit,
            low=float(values.min()) if feature.low is None else feature.low,
            high=float(values.max()) if feature.high is None else feature.high,
            half_width=feature.half_width,
            step=feature.step or (1.0 if feature.kind == "integer" else 0.0),
            price=feature.price,
            change=feature.change,
        )
    for group in card.groups:
        ends = [sum_of(found, name, amount) for name, amount in zip(group.features, group.shares, strict=True)]
        reach = min(ends)
        found[group.name] = Settings(
            sort="group",
            unit=group.unit,
            low=-reach if group.low is None else group.low,
            high=reach if group.high is None else group.high,
            half_width=group.half_width,
            step=group.step,
            price=group.price,
        )
    return found


def sum_of(found: Mapping[str, Settings], name: str, amount: float) -> float:
    """How far a group can move at most before this feature has gone through all of its range."""
    return (found[name].high - found[name].low) / abs(amount)


def freedom_of(data: Dataset, row: int, chosen: Mapping[str, Settings]) -> Freedom:
    """What may change of a row, as it was entered.

    Raises
    ------
    InvalidRequest
        If nothing is chosen, or what was entered contradicts itself or the card.
    """
    if not chosen:
        raise InvalidRequest("Nothing may change. Tick at least one feature.")
    numbers = {name: one for name, one in chosen.items() if one.sort != "category"}
    ranges = {}
    for name, one in numbers.items():
        now = 0.0 if one.sort == "group" else float(data.x[row, one.column])
        ranges[name] = _directed(name, one, now)
    for name, one in chosen.items():
        if one.sort == "category" and not one.allowed:
            raise InvalidRequest(f'No level of "{name}" may be chosen. Tick one, or leave the category out.')
    freedom = freedom_for_row(
        data,
        row,
        list(chosen),
        stability={name: one.half_width for name, one in numbers.items()},
        ranges=ranges,
        weights={name: one.price for name, one in chosen.items()},
    )
    return replace(
        freedom,
        numbers=tuple(replace(one, step=chosen[one.name].step) for one in freedom.numbers),
        categories=tuple(
            replace(one, allowed=_some(chosen[one.name].allowed, len(one.levels))) for one in freedom.categories
        ),
    )


def _directed(name: str, one: Settings, now: float) -> tuple[float, float]:
    """The range, cut where the direction ends it."""
    if not one.low < one.high:
        raise InvalidRequest(
            f'"{name}" may change from {one.low:g} to {one.high:g}: that range is empty. '
            "Give two numbers, the smaller first."
        )
    low = max(one.low, now) if one.change == "up" else one.low
    high = min(one.high, now) if one.change == "down" else one.high
    if not low < high:
        way = "grow" if one.change == "up" else "shrink"
        raise InvalidRequest(
            f'"{name}" is {now:g} and may only {way} within {one.low:g} to {one.high:g}: there is nothing to choose. '
            "Give a wider range, or choose another feature."
        )
    return low, high


def _some(allowed: tuple[int, ...], levels: int) -> tuple[int, ...]:
    """No restriction where all are allowed."""
    return () if len(allowed) == levels else tuple(sorted(allowed))
