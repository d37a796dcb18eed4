"""What of an input may change, and into what: numbers, groups that change together, and categories."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import FreeFeature
from core.corrections.records.move import Move, check_columns, moved_subspace, start_of
from core.corrections.records.subspace import Subspace
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
__all__ = ["FreeCategory", "Freedom", "Move"]


@dataclass(frozen=True, kw_only=True)
class FreeCategory:
    """A category that may change: exactly one of its columns is 1, the others are 0."""

    name: str
    columns: tuple[int, ...]  # of the input, one for each level
    levels: tuple[str, ...]  # what the levels are called
    allowed: tuple[int, ...] = ()  # places of levels that may be chosen; (): all
    price: float = 1.0  # of any change, as in Zhang et al. 2018

    def __post_init__(self) -> None:
        if len(self.columns) != len(self.levels) or len(self.levels) < 2:
            raise InvalidRequest(f"{self.name!r} needs two or more levels, and one column of the input for each.")
        if not 0 <= self.price < np.inf:
            raise InvalidRequest(f"The price of {self.name!r} must be finite and not negative.")
        if not all(0 <= level < len(self.levels) for level in self.allowed):
            raise InvalidRequest(f"{self.name!r} has {len(self.levels)} levels, numbered from 0. One allowed is none.")

    def allowing(self, names: Collection[str]) -> "FreeCategory":
        """With only the levels of these names to choose from, in this order, or all if none is named.

        Raises
        ------
        InvalidRequest
            If it has no such level.
        """
        stray = next((name for name in names if name not in self.levels), None)
        if stray is not None:
            raise InvalidRequest(f'"{stray}" is no level of "{self.name}". There are: {", ".join(self.levels)}.')
        return replace(self, allowed=tuple(self.levels.index(name) for name in dict.fromkeys(names)))


@dataclass(frozen=True, kw_only=True)
class Freedom:
    """The features of an input that may change; every other column stays as it is."""

    numbers: tuple[FreeFeature, ...]
    moves: tuple[Move, ...] = field(repr=False)  # one for each number
    categories: tuple[FreeCategory, ...] = ()

    def __post_init__(self) -> None:
        if len(self.numbers) != len(self.moves):
            raise InvalidRequest(f"{len(self.numbers)} free numbers need as many moves, not {len(self.moves)}.")
        if not self.numbers and not self.categories:
            raise InvalidRequest("Nothing may change. Name at least one feature.")
        names = self.names
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InvalidRequest(f'"{twice}" is named twice. Name each feature once.')
        taken = [column for category in self.categories for column in category.columns]
        taken += [column for move in self.moves if not move.shifts for column in move.columns]
        if len(set(taken)) < len(taken):
            raise InvalidRequest("Two of the free features take the same column of the input.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the numbers, then of the categories."""
        return (*(one.name for one in self.numbers), *(one.name for one in self.categories))

    def only(self, places: Collection[int]) -> "Freedom":
        """Of these features alone, by their places in `names`; the others stay as they are."""
        numbers = len(self.numbers)
        return Freedom(
            numbers=tuple(one for place, one in enumerate(self.numbers) if place in places),
            moves=tuple(one for place, one in enumerate(self.moves) if place in places),
            categories=tuple(one for place, one in enumerate(self.categories, start=numbers) if place in places),
        )

    def start(self, point: FloatArray) -> FloatArray:
        """(k,), where an input (columns,) lies among the free numbers.

        Raises
        ------
        InvalidRequest
            If the input has too few columns, or the columns of one number differ in it.
        """
        values = [start_of(move, point, one.name) for one, move in zip(self.numbers, self.moves, strict=True)]
        return np.array(values, dtype=np.float64)

    def subspace(self, point: FloatArray) -> Subspace:
        """Where changes of an input (columns,) may go: its directions are the free numbers."""
        return moved_subspace(self.moves, point)

    def present(self, point: FloatArray) -> tuple[int, ...]:
        """The level (place in `levels`) that each category has in an input (columns,).

        Raises
        ------
        InvalidRequest
            If the columns of a category are not a one among zeros.
        """
        found = []
        for category in self.categories:
            check_columns(category.columns, point)
            held = point[list(category.columns)]
            if sorted(held.tolist()) != [0.0] * (len(held) - 1) + [1.0]:
                raise InvalidRequest(f"The columns of {category.name!r} are not a one among zeros in this input.")
            found.append(int(held.argmax()))
        return tuple(found)
