"""The ways a correction may go: sets of features, of which all but those found before are still to be searched.

The next correction leaves at least one of the features alone that each one before it changed (Lawler 1972).
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.nearest import TOLERANCE, Seeds, nearest_of_several
from core.corrections.search.question import Question
from core.corrections.search.searching import Seed
from core.corrections.search.subsets import (
    Features,
    all_features,
    beside_steps,
    changed_features,
    narrowed,
    needed_features,
    subsets_of,
    without,
)
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
ROUNDED = 1e-12  # relative, by which a sum of prices may be off


class Ways:
    """Sets of features that one correction may change.

    Parameters
    ----------
    most_changed : int
        So many of the features are changed at most; 0 for any number. With a limit, the numbers that a correction
        leaves alone count as exactly known: no stability is asked for in them, as in a slice of two features.
    order : sequence of int
        The features, the most promising first.
    """

    def __init__(self, question: Question, most_changed: int = 0, order: Sequence[int] = ()) -> None:
        everything = all_features(question)
        self._limited = 0 < most_changed < len(everything)
        if self._limited:
            question = replace(question, most_choices=most_changed)
        self._base = question.keeping_lanes()
        rank = {feature: place for place, feature in enumerate(order)}
        self._beside = frozenset() if self._limited else beside_steps(question)
        self._sets = sorted(
            subsets_of(everything, most_changed) if self._limited else self._with_own_values(everything),
            key=lambda one: (len(one), sum(rank.get(feature, len(rank)) for feature in one)),
            reverse=not self._limited,
        )
        self._needed = frozenset() if self._limited else needed_features(question)
        self._least = 0.0  # cost of any correction that is still to be found

    @property
    def any(self) -> bool:
        """Whether there is a way left."""
        return bool(self._sets)

    @property
    def base(self) -> Question:
        """With all the features free, and the lanes that all ways share."""
        return self._base

    def free(self, bracket: Bracket) -> Features:
        """The features that were free where a bracket has its point."""
        return self._sets[bracket.place]

    def half_widths(self, bracket: Bracket) -> FloatArray:
        """(k,), of the box around the point of a bracket."""
        return self._narrowed(self.free(bracket)).half_widths

    def brackets(
        self,
        network: PiecewiseLinear,
        job: JobContext,
        *,
        tolerance: float = TOLERANCE,
        seeds: Seeds = (),
        later: Iterable[Seed] = (),
        least: float = 0.0,
    ) -> Iterator[Bracket]:
        """The nearest correction on any of the ways, as `nearest_of_several` gives it; none costs less than `least`."""
        self._least = max(self._least, least)
        for bracket in nearest_of_several(self, network, job, tolerance=tolerance, seeds=seeds, later=later):
            yield bracket.raised(self._least, tolerance)  # what was known of all ways holds of those that are left

    def __len__(self) -> int:
        return len(self._sets)

    def question(self, place: int) -> Question:
        """In which the features of one set are free."""
        return self._narrowed(self._sets[place])

    def bound(self, place: int) -> float:
        """What any correction on one of the ways costs at least: with a limit, every free category does change."""
        if not self._limited:
            return 0.0
        handles = len(self._base.handles)
        changed = [feature - handles for feature in self._sets[place] if feature >= handles]
        return sum(self._base.choices[choice].price for choice in changed) * (1 - ROUNDED)

    def owner(self, seed: Seed) -> int | None:
        """The way that a correction to a centre takes."""
        changed = changed_features(self._base, *seed)
        if self._limited:
            return self._sets.index(changed) if changed in self._sets else None
        fitting = [place for place, one in enumerate(self._sets) if changed <= one]
        # Where a value beside the steps is free, it is moved.
        return min(fitting, key=lambda place: len((self._sets[place] - changed) & self._beside), default=None)

    def exclude(self, point: FloatArray, levels: tuple[int, ...], lower: float) -> None:
        """Leave out all ways that change everything that this correction changes.

        Parameters
        ----------
        lower : float
            Below which there is no correction on any way so far; then there is none on those that are left.
        """
        changed = changed_features(self._base, point, levels)
        left = without(self._sets, changed, closed=self._limited, beside=self._beside) if changed else []
        self._sets = [one for one in left if self._needed <= one]
        self._least = max(self._least, lower)

    def _with_own_values(self, everything: Features) -> list[Features]:
        """All features, and all but some of those whose values beside the steps may be kept."""
        counts = range(len(self._beside) + 1)
        return [everything - set(some) for count in counts for some in itertools.combinations(self._beside, count)]

    def _narrowed(self, free: Features) -> Question:
        if not self._limited and free == all_features(self._base):
            return self._base
        return narrowed(self._base, free, exactly_known=self._limited)
