"""Every combination of levels of the categories that may change: a lane for each, the same handles in another input."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
MOST_LANES = 20_000


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A category that may change: exactly one of some columns of the input is 1, the others are 0."""

    columns: tuple[int, ...]
    allowed: tuple[int, ...] = ()  # places in `columns` that may be chosen; (): all
    price: float = 1.0  # of any change
    name: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.price < np.inf:
            raise InvalidRequest(f"The price of {self.name!r} must be finite and not negative.")
        if not all(0 <= level < len(self.columns) for level in self.allowed):
            raise InvalidRequest(
                f"{self.name!r} has {len(self.columns)} levels, numbered from 0. One asked for is none."
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Lane:
    """One level of every category, and what the change to it costs."""

    levels: tuple[int, ...]
    cost: float
    added: FloatArray = field(repr=False)  # (columns,), to the input


@dataclass(frozen=True, kw_only=True, eq=False)
class Lanes:
    """All lanes of some choices, the cheapest first; one that changes nothing if there are no choices."""

    base: FloatArray = field(repr=False)  # (columns,), the input
    choices: tuple[Choice, ...]
    most: int | None  # of the choices may change at once; None: all

    @cached_property
    def present(self) -> tuple[int, ...]:
        """The level that each category has in the input."""
        return tuple(int(self.base[list(choice.columns)].argmax()) for choice in self.choices)

    @cached_property
    def all(self) -> tuple[Lane, ...]:
        """In the order of their costs.

        Raises
        ------
        InvalidRequest
            If there are more than can be gone through.
        """
        lanes = []
        for levels in self._combinations():
            lanes.append(self._lane(levels))
            if len(lanes) > MOST_LANES:
                raise InvalidRequest(
                    f"The categories have more than {MOST_LANES} combinations of levels. Let fewer of them change."
                )
        return tuple(sorted(lanes, key=lambda lane: lane.cost))

    @cached_property
    def costs(self) -> FloatArray:
        """(lanes,), of the change to each."""
        return np.array([lane.cost for lane in self.all])

    @cached_property
    def place_of(self) -> dict[tuple[int, ...], int]:
        """Which lane has these levels."""
        return {lane.levels: place for place, lane in enumerate(self.all)}

    def places(self, kept: tuple[int, ...], moved: tuple[int, ...] = ()) -> IntArray:
        """The places of lanes in which some of the choices have the level of the input, and some have another."""
        if not kept and not moved:
            return np.arange(len(self.all))
        return np.flatnonzero(~self._changed[:, list(kept)].any(axis=1) & self._changed[:, list(moved)].all(axis=1))

    @cached_property
    def _changed(self) -> npt.NDArray[np.bool_]:
        """(lanes, choices), which of them have another level."""
        levels = np.array([lane.levels for lane in self.all], dtype=np.intp)
        return np.asarray(levels.reshape(len(self.all), len(self.choices)) != np.array(self.present, dtype=np.intp))

    def _combinations(self) -> Iterator[tuple[int, ...]]:
        """Levels of all choices, of which no more are changed than may be."""
        allowed = [choice.allowed or tuple(range(len(choice.columns))) for choice in self.choices]
        if self.most is None or self.most >= len(self.choices):
            yield from itertools.product(*allowed)
            return
        places = range(len(self.choices))
        others = [
            [level for level in levels if level != now] for levels, now in zip(allowed, self.present, strict=True)
        ]
        must_change = {place for place in places if self.present[place] not in allowed[place]}
        for count in range(self.most + 1):
            for changed in itertools.combinations(places, count):
                if not must_change <= set(changed):
                    continue
                for levels in itertools.product(*(others[place] for place in changed)):
                    found = list(self.present)
                    for place, level in zip(changed, levels, strict=True):
                        found[place] = level
                    yield tuple(found)

    def _lane(self, levels: tuple[int, ...]) -> Lane:
        added = np.zeros(len(self.base))
        cost = 0.0
        for choice, level, now in zip(self.choices, levels, self.present, strict=True):
            if level != now:
                added[choice.columns[now]], added[choice.columns[level]] = -1.0, 1.0
                cost += choice.price
        return Lane(levels=levels, cost=cost, added=added)
