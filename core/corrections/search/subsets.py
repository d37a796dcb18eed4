"""Which features a correction changes, and the questions in which only some of them may change.

A feature is counted by its place: the handles of a question first, then its choices.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.records.changes import is_changed
from core.corrections.search.question import Handle, Question
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
Features = frozenset[int]
MOST_SUBSETS = 5000
MOST_BESIDE = 10  # handles whose values are none of their steps: a thousand ways to keep some of them


def changed_features(question: Question, point: FloatArray, levels: tuple[int, ...]) -> Features:
    """What a correction to a point (k,) at these levels changes."""
    low, high = np.array([(handle.low, handle.high) for handle in question.handles]).reshape(-1, 2).T
    moved = np.flatnonzero(is_changed(question.start, point, low, high))
    handles = len(question.handles)
    present = zip(levels, question.present, strict=True)
    return frozenset(
        [*moved.tolist(), *(handles + place for place, (level, now) in enumerate(present) if level != now)]
    )


def all_features(question: Question) -> Features:
    """Every one that is free."""
    return frozenset(range(len(question.handles) + len(question.choices)))


def needed_features(question: Question) -> Features:
    """Those without whose change nothing is stable: the box around the input leaves their ranges or allowed levels."""
    low, high = _keeping(question, frozenset()).room
    outside = np.flatnonzero(low > high)
    levels = zip(question.choices, question.present, strict=True)
    handles = len(question.handles)
    barred = [
        handles + place for place, (choice, now) in enumerate(levels) if choice.allowed and now not in choice.allowed
    ]
    return frozenset([*outside.tolist(), *barred])


def subsets_of(features: Features, most: int) -> list[Features]:
    """All sets of one to so many of the features, the small ones first.

    Raises
    ------
    InvalidRequest
        If there are more than can be gone through.
    """
    count = sum(math.comb(len(features), size) for size in range(1, most + 1))
    if count > MOST_SUBSETS:
        raise InvalidRequest(
            f"{len(features)} features have {count:,} subsets of up to {most}, more than can be gone through. "
            "Let fewer features change, or fewer at once."
        )
    return [
        frozenset(chosen) for size in range(1, most + 1) for chosen in itertools.combinations(sorted(features), size)
    ]


def beside_steps(question: Question) -> Features:
    """Handles whose values in the input are none of their steps, but may be kept: in range, stability included."""
    # A range may end at the value itself, where a feature changes one way only: beside the steps of its own ends.
    low, high = _keeping(question, frozenset()).room
    kept = ~question.lattice.holds(question.start) & (low <= high)
    return frozenset(np.flatnonzero(kept).tolist()) - set(question.unchanged)


def own_values(question: Question) -> list[Question]:
    """The question, and others in which values beside the steps are kept: together they hold every centre there is.

    Only the question itself where there are too many such values: then none of them is kept.
    """
    beside = sorted(beside_steps(question))
    if len(beside) > MOST_BESIDE:
        return [question]
    everything = all_features(question)
    kept = [frozenset(some) for count in range(len(beside) + 1) for some in itertools.combinations(beside, count)]
    return [question, *(_keeping(question, everything - some) for some in kept[1:])]


def without(
    sets: Sequence[Features], changed: Features, *, closed: bool, beside: Features = frozenset()
) -> list[Features]:
    """Sets of features none of which holds all that a correction has changed.

    Parameters
    ----------
    closed : bool
        Whether every subset of a set is among the sets as well; otherwise those that are needed are added.
    beside : places of handles
        Which `beside_steps` gives: where such a one is free it has another value, so a set without it is another way.
    """
    kept = [one for one in sets if not changed <= one]
    if closed:
        return kept
    for one in sets:
        if changed <= one:
            for feature in sorted(changed):
                smaller = one - {feature}
                if smaller and not any(smaller <= other and not (other - smaller) & beside for other in kept):
                    kept.append(smaller)
    return kept


def narrowed(question: Question, free: Features, *, exactly_known: bool = False) -> Question:
    """The question with only these features free; the others stay as they are in the input.

    Parameters
    ----------
    exactly_known : bool
        Whether no stability is asked for in the numbers that stay, as in a slice of other features. Then the free
        categories do change: what is best without one of them is the answer for a smaller set of features.
    """
    count = len(question.handles)
    choices = range(len(question.choices))
    kept = tuple(place for place in choices if count + place not in free)
    moved = tuple(place for place in choices if count + place in free) if exactly_known else ()
    return replace(_keeping(question, free, exactly_known=exactly_known), kept=kept, moved=moved)


def _keeping(question: Question, free: Features, *, exactly_known: bool = False) -> Question:
    """With only these of its handles free."""
    left = tuple(place for place in range(len(question.handles)) if place not in free)
    on_steps = question.lattice.holds(question.start)
    handles = tuple(
        _still(handle, float(question.start[place]), on_steps=bool(on_steps[place]), exactly_known=exactly_known)
        if place in left
        else handle
        for place, handle in enumerate(question.handles)
    )
    return replace(question, handles=handles, unchanged=tuple(sorted({*question.unchanged, *left})))


def _still(handle: Handle, start: float, *, on_steps: bool, exactly_known: bool) -> Handle:
    """A handle that stays at the start. Beside its steps it must be stable for every number around it.

    Where it counts as exactly known, it stays wherever its range is.
    """
    handle = replace(handle, step=handle.step if on_steps else 0.0, origin=start)
    if not exactly_known:
        return handle
    return replace(handle, low=min(handle.low, start), high=max(handle.high, start), half_width=0.0)
