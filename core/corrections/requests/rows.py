"""From a row of a table and the names of two features to a request that the engine can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.corrections.records.correction import NO_CLASS, CorrectionRequest, FreeFeature, Norm
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard, group_of
from core.data.tables.groups import FeatureGroup
from core.errors import InvalidRequest


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user wants the network to say, in the user's own words."""

    classes: tuple[str, ...] = ()  # any of them
    at_least: float | None = None  # of the value, in the target's unit
    at_most: float | None = None

    def goal(self, data: Dataset, card: FeatureCard) -> Goal:
        """The goal for the network's outputs. Raises `InvalidRequest` if the data's target knows nothing of it."""
        limits = self.at_least is not None or self.at_most is not None
        if data.task == "regression":
            if self.classes:
                raise InvalidRequest(
                    f'"{data.name}" has no classes, its target "{card.target}" is a number. '
                    "Say what it is to be at least or at most."
                )
            if not limits:
                raise InvalidRequest(f'Say what "{card.target}" is to be at least or at most.')
            return Goal(at_least=self.at_least, at_most=self.at_most)
        if limits:
            raise InvalidRequest(
                f'The target of "{data.name}" is a class, not a number. Name the wanted one: {", ".join(card.classes)}.'
            )
        classes = self.classes or ((card.wanted,) if card.wanted else ())
        if not classes:
            raise InvalidRequest(f"Say which class is wanted: {', '.join(card.classes)}.")
        stray = next((name for name in classes if name not in card.classes), None)
        if stray is not None:
            raise InvalidRequest(f'There is no class "{stray}". There are: {", ".join(card.classes)}.')
        return Goal(classes=tuple(card.classes.index(name) for name in classes))


def request_for_row(
    data: Dataset,
    row: int,
    free: Sequence[str],
    wanted: Wanted,
    stability: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    norm: Norm = "L1",
) -> CorrectionRequest:
    """Ask for the nearest stable change of two named features of one row.

    Parameters
    ----------
    data : Dataset
        A table with a feature card, encoded as the network takes it.
    free : two names
        Features that may change.
    wanted : Wanted
        Names of classes of which one is to win, or limits of the value; without either, the class on the feature card.
    stability, ranges, weights : by feature name
        Half-width, (low, high) and price per unit. Where a name is missing, the feature card's value; without one, the
        range of the data, no stability, and a price of one over the range.
    norm : "L1", "L2" or "Linf"
        In which the change is to be smallest.

    Raises
    ------
    InvalidRequest
        If a name is unknown, what is wanted is none of the target, a feature may not change or is a category, or a
        range leaves nothing to choose.
    """
    if len(free) != 2:
        raise InvalidRequest(f"Exact regions are drawn for two free features; {len(free)} were named. Name two.")
    card = card_of(data, row)
    _check_names(free, stability=stability, range=ranges or {}, weight=weights or {})
    x, y = (_free_feature(data, card, row, name, stability, ranges or {}, weights or {}) for name in free)
    values = data.x[row].astype(np.float64)
    goal = wanted.goal(data, card)
    single = len(goal.classes) == 1
    return CorrectionRequest(
        input=tuple(values.tolist()),
        free=(x, y),
        columns=(card.column_of(free[0]), card.column_of(free[1])),
        target=goal.classes[0] if single else NO_CLASS,
        goal=None if single else goal,
        row=row,
        norm=norm,
    )


def freedom_for_row(
    data: Dataset,
    row: int,
    free: Sequence[str],
    stability: Mapping[str, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Freedom:
    """What may change of one row, by the names of features: numbers, categories and groups in any order.

    Parameters
    ----------
    stability, ranges, weights : by feature name
        As for `request_for_row`. A category has neither stability nor range; its weight is the price of any change.

    Raises
    ------
    InvalidRequest
        As `request_for_row`, or if a category is asked to be stable.
    """
    card = card_of(data, row)
    stability, ranges, weights = stability or {}, ranges or {}, weights or {}
    _check_names(free, stability=stability, range=ranges, weight=weights)
    groups = {name: group for name in free if (group := group_of(card, name)) is not None}
    _check_apart(free, groups)
    kinds = {name: "group" if name in groups else card.feature(name).kind for name in free}
    numbers = [name for name in free if kinds[name] != "category"]
    categories = [name for name in free if kinds[name] == "category"]
    for role, given in (("stability", stability), ("range", ranges)):
        stray = next((name for name in given if name in categories), None)
        if stray is not None:
            raise InvalidRequest(f'A {role} is given for "{stray}", which is a category and has none. Leave it out.')
    return Freedom(
        numbers=tuple(
            _free_group(data, card, row, groups[name], stability, ranges, weights)
            if name in groups
            else _free_feature(data, card, row, name, stability, ranges, weights)
            for name in numbers
        ),
        moves=tuple(
            Move(columns=tuple(map(card.column_of, groups[name].features)), amounts=groups[name].shares)
            if name in groups
            else Move(columns=(card.column_of(name),))
            for name in numbers
        ),
        categories=tuple(_free_category(card, name, weights) for name in categories),
    )


def card_of(data: Dataset, row: int) -> FeatureCard:
    """The feature card of data. Raises `InvalidRequest` if there is none, it does not fit, or there is no such row."""
    card = data.features
    if card is None:
        raise InvalidRequest(f'"{data.name}" has no feature card, so its columns have no names. Add a feature card.')
    if data.x.ndim != 2 or data.x.shape[1] != card.width:
        raise InvalidRequest(
            f'"{data.name}" has samples of shape {data.x.shape[1:]}, its feature card {card.width} columns. '
            "Correct the feature card."
        )
    if not 0 <= row < len(data):
        raise InvalidRequest(f'There is no row {row}: "{data.name}" has rows 0 to {len(data) - 1}.')
    return card


def _check_names(free: Sequence[str], **roles: Mapping[str, object]) -> None:
    for role, given in roles.items():
        stray = next((name for name in given if name not in free), None)
        if stray is not None:
            raise InvalidRequest(f'A {role} is given for "{stray}", which is not free. Free are: {", ".join(free)}.')


def _check_apart(free: Sequence[str], groups: Mapping[str, FeatureGroup]) -> None:
    """No feature may change in two ways at once: its ranges would no longer hold."""
    moved = [
        *(name for name in free if name not in groups),
        *(name for one in groups.values() for name in one.features),
    ]
    twice = next((name for name in moved if moved.count(name) > 1), None)
    if twice is not None:
        raise InvalidRequest(f'"{twice}" would change in two ways at once, as itself or in a group. Free one of them.')


def _free_group(
    data: Dataset,
    card: FeatureCard,
    row: int,
    group: FeatureGroup,
    stability: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
    weights: Mapping[str, float],
) -> FreeFeature:
    """How far the features of a group can go together, each within its own range and direction."""
    given = ranges.get(group.name)
    low = -np.inf if group.low is None else group.low
    high = np.inf if group.high is None else group.high
    if given is not None:
        low, high = given
    whole = True
    for name, amount in zip(group.features, group.shares, strict=True):
        feature = _changeable(card, name)
        column = data.x[:, card.column_of(name)].astype(np.float64)
        value = float(column[row])
        ends = sorted((end - value) / amount for end in _range_of(feature, column, value, None))
        low, high = max(low, ends[0]), min(high, ends[1])
        whole = whole and feature.kind == "integer" and amount == round(amount)
    if not low < high:
        raise InvalidRequest(
            f'The features of "{group.name}" cannot change together: one of them is at the end of its range. '
            "Give wider ranges, or choose another feature."
        )
    return FreeFeature(
        name=group.name,
        low=low,
        high=high,
        half_width=stability.get(group.name, group.half_width),
        price=weights.get(group.name, group.price),
        step=group.step or (1.0 if whole else 0.0),
    )


def _free_category(card: FeatureCard, name: str, weights: Mapping[str, float]) -> FreeCategory:
    feature = _changeable(card, name)
    first = card.column_of(name)
    columns = tuple(range(first, first + feature.width))
    return FreeCategory(
        name=name, columns=columns, levels=feature.levels, price=weights.get(name, feature.price or 1.0)
    )


def _changeable(card: FeatureCard, name: str) -> Feature:
    feature = card.feature(name)
    if feature.change == "fixed":
        raise InvalidRequest(f'"{name}" is marked as fixed on the feature card. Choose a feature that may change.')
    return feature


def _free_feature(
    data: Dataset,
    card: FeatureCard,
    row: int,
    name: str,
    stability: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
    weights: Mapping[str, float],
) -> FreeFeature:
    feature = _changeable(card, name)
    if feature.kind == "category":
        raise InvalidRequest(f'"{name}" is a category. An exact region is drawn for two numbers. Choose a number.')
    column = data.x[:, card.column_of(name)].astype(np.float64)
    low, high = _range_of(feature, column, float(column[row]), ranges.get(name))
    return FreeFeature(
        name=name,
        low=low,
        high=high,
        half_width=stability.get(name, feature.half_width),
        price=weights.get(name, feature.price),
        step=feature.step or (1.0 if feature.kind == "integer" else 0.0),
    )


def _range_of(
    feature: Feature,
    column: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    value: float,
    given: tuple[float, float] | None,
) -> tuple[float, float]:
    """What was asked for, else the card's range, else the data's; never against the direction that is allowed."""
    low = float(column.min()) if feature.low is None else feature.low
    high = float(column.max()) if feature.high is None else feature.high
    if given is not None:
        low, high = given
    allowed = (
        max(low, value) if feature.change == "up" else low,
        min(high, value) if feature.change == "down" else high,
    )
    if allowed[0] >= allowed[1]:
        direction = {"up": "grow", "down": "shrink"}.get(feature.change, "change")
        raise InvalidRequest(
            f'"{feature.name}" is {value:g} and may only {direction} within {low:g} to {high:g}: there is nothing to '
            "choose. Give a wider range, or choose another feature."
        )
    return allowed
