"""Several different corrections, the cheapest first: each changes another set of features than those before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.bracket import Bracket
from core.corrections.search.nearest import TOLERANCE, nearest_stable
from core.corrections.search.question import Question
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
UNCHANGED = 1e-9  # of a handle's range: a smaller change is none


@dataclass(frozen=True, kw_only=True, eq=False)
class Alternative:
    """A correction, and which features it changes."""

    bracket: Bracket
    handles: tuple[int, ...]  # that are changed
    choices: tuple[int, ...]  # categories that are changed


def alternatives(
    question: Question, network: PiecewiseLinear, job: JobContext, *, tolerance: float = TOLERANCE
) -> Iterator[Alternative]:
    """Corrections in the order of their cost, no two of which change the same set of features.

    Notes
    -----
    The next one leaves at least one of the features alone that the one before it changed, so for each of those one
    question is asked in which it stays as it is (Lawler 1972). An alternative is the cheapest of all that differ from
    those before it in this way, up to the tolerance; one that changes more features than needed is never given. Ends
    when there are no more.
    """
    waiting = [(question, _answer(question, network, job, tolerance))]
    asked = {_key(question)}
    given: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    while waiting:
        known = [place for place, (_, bracket) in enumerate(waiting) if bracket.distance is not None]
        if not known:
            return
        best = min(known, key=lambda place: waiting[place][1].distance or 0.0)
        current, bracket = waiting.pop(best)
        found = _alternative(question, bracket)
        if (found.handles, found.choices) not in given:
            given.add((found.handles, found.choices))
            yield found
        for narrower in _without_one(current, question, found):
            if _key(narrower) not in asked:
                asked.add(_key(narrower))
                waiting.append((narrower, _answer(narrower, network, job, tolerance)))


def next_apart(
    question: Question,
    found: Sequence[Bracket],
    apart: float,
    network: PiecewiseLinear,
    job: JobContext,
    *,
    tolerance: float = TOLERANCE,
) -> Iterator[Bracket]:
    """The nearest correction at a distance of at least `apart` from all that were found, as `nearest_stable` gives it.

    Two corrections with different levels of a category count as far apart.
    """
    elsewhere = tuple((one.point, one.levels) for one in found if one.point is not None)
    away = replace(question, elsewhere=(*question.elsewhere, *elsewhere), apart=apart)
    yield from nearest_stable(away, network, job, tolerance=tolerance)


def _answer(question: Question, network: PiecewiseLinear, job: JobContext, tolerance: float) -> Bracket:
    *_, last = nearest_stable(question, network, job, tolerance=tolerance)
    return last


def _alternative(question: Question, bracket: Bracket) -> Alternative:
    if bracket.point is None:
        return Alternative(bracket=bracket, handles=(), choices=())
    extent = np.array([max(handle.high - handle.low, abs(handle.low)) for handle in question.handles])
    moved = np.abs(bracket.point - question.start) > UNCHANGED * extent
    levels = zip(bracket.levels, question.present, strict=True)
    changed = tuple(place for place, (level, present) in enumerate(levels) if level != present)
    return Alternative(bracket=bracket, handles=tuple(np.flatnonzero(moved).tolist()), choices=changed)


def _without_one(current: Question, question: Question, found: Alternative) -> Iterator[Question]:
    """The question with one more of the changed features left alone."""
    for handle in found.handles:
        yield replace(current, unchanged=tuple(sorted({*current.unchanged, handle})))
    for place in found.choices:
        fixed = replace(current.choices[place], allowed=(question.present[place],))
        yield replace(current, choices=(*current.choices[:place], fixed, *current.choices[place + 1 :]))


def _key(question: Question) -> tuple[object, ...]:
    return question.unchanged, tuple(choice.allowed for choice in question.choices)
