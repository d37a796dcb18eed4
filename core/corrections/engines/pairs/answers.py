"""The answer for two features, or for one: numbers by exact slices, a category by a lane for each of its levels.

A lane is a slice whose second side moves nothing, so that its intervals are as exact, and as safe from rounding, as the
regions of two numbers are.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.engines.pairs.answer import PairAnswer
from core.corrections.engines.pairs.by_bounds import searched_answer
from core.corrections.engines.pairs.levels import levels_answer
from core.corrections.engines.proof import proof_of_box
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import Lanes, NumberLane, PairsRequest
from core.corrections.records.subspace import Subspace
from core.corrections.search.asking import question_of
from core.corrections.search.question import Handle, Question
from core.corrections.slices.exact import TooManyPieces, subspace_slice
from core.corrections.slices.nearest import NearestInSlice, nearest_between
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.errors import UnsupportedNetwork
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
ACROSS = Handle(low=0.0, high=1.0, name="nothing")  # the second side of a lane


class PairAnswers:
    """Answers for any two features of one request.

    Parameters
    ----------
    goal : Goal
        About the outputs before the head of the network: see `Head.before`.
    """

    def __init__(self, request: PairsRequest, lowered: PiecewiseLinear, goal: Goal) -> None:
        self._request, self._lowered, self._goal = request, lowered, goal

    def answer(self, first: int, second: int, job: JobContext) -> PairAnswer:
        """The nearest stable correction in which only two features change, given by their places.

        Notes
        -----
        What has no exact answer within the time is searched for by bounds for as long again: a bracket. So are
        networks that bend everywhere, which have no linear pieces.
        """
        if self._request.is_category(first) and not self._request.is_category(second):
            return self.answer(second, first, job).turned()
        if self._request.is_category(first):
            low, high = sorted((first, second))
            found = levels_answer(self._question(low, high), self._lowered, low, high, job)
            return found if first <= second else found.turned()
        try:
            timed = Limited(job, self._request.seconds)
            if first != second and not self._request.is_category(second):
                return self._numbers(first, second, timed)
            return self._lanes(first, second, timed)
        except (OutOfTime, TooManyPieces, UnsupportedNetwork):
            found = searched_answer(self._question(first, second), self._lowered, self._request.seconds, job)
            turned = not self._request.is_category(second) and first > second
            return found.turned() if turned else found

    def _question(self, *features: int) -> Question:
        return question_of(self._request.input, self._request.freedom.only(features), self._goal, self._request.norm)

    def _numbers(self, first: int, second: int, job: JobContext) -> PairAnswer:
        """Two numbers: the slice that they span."""
        freedom, base = self._request.freedom.only((first, second)), np.array(self._request.input)
        subspace, (x, y) = freedom.subspace(base), freedom.numbers
        region = self._region(subspace, (x.low, x.high), (y.low, y.high), job)
        nearest = nearest_between(region, x, y, freedom.start(base), self._request.norm)
        found = _answer(nearest)
        if nearest.centre is not None:
            restricted, half_width = Restriction.of(self._lowered, subspace), (x.half_width, y.half_width)
            found = replace(found, proof=proof_of_box(restricted, self._goal, nearest.centre, half_width, job))
        return found if first < second else found.turned()

    def _lanes(self, number: int, other: int, job: JobContext) -> PairAnswer:
        """A number at every level of a category, or alone."""
        question = self._question(number, other)
        restricted = question.restricted(self._lowered)
        lanes = [self._lane(question, place, restricted, job) for place in range(len(question.lanes))]
        known = Lanes(number=number, category=other, lanes=tuple(sorted(lanes, key=lambda lane: lane.level)))
        found = [lane for lane in lanes if lane.distance is not None]
        lower_bound = min(lane.lower_bound for lane in lanes)
        if not found:
            none = all(lane.proof == "none_exists" for lane in lanes)
            return PairAnswer(lower_bound=lower_bound, proof="none_exists" if none else "unknown", lanes=known)
        best = min(found, key=lambda lane: lane.distance or 0.0)
        value, distance = best.centre or 0.0, best.distance or 0.0
        return PairAnswer(
            centre=(value, value if number == other else float(best.level)),
            distance=distance,
            lower_bound=min(lower_bound, distance),
            proof=best.proof,
            lanes=known,
        )

    def _lane(self, question: Question, place: int, restricted: Restriction, job: JobContext) -> NumberLane:
        """The number at one combination of levels: a slice with a second side along which nothing changes."""
        lane, number = question.lanes[place], question.handles[0]
        directions = np.concatenate([question.subspace.directions, np.zeros((len(lane.added), 1))], axis=1)
        subspace = Subspace(base=question.subspace.base + lane.added, directions=directions)
        region = self._region(subspace, (number.low, number.high), (ACROSS.low, ACROSS.high), job)
        nearest = nearest_between(region, number, ACROSS, np.append(question.start, 0.5), question.norm)
        centre = None if nearest.centre is None else nearest.centre[:1]
        proof = nearest.proof
        if centre is not None:
            proof = proof_of_box(restricted, self._goal, centre, (number.half_width,), job, place)
        return NumberLane(
            level=lane.levels[0] if lane.levels else 0,
            accepted=_intervals(region.inner),
            centre=None if centre is None else centre[0],
            distance=None if nearest.distance is None else nearest.distance + lane.cost,
            lower_bound=_bound(nearest) + lane.cost,
            proof=proof,
        )

    def _region(
        self, subspace: Subspace, x_range: tuple[float, float], y_range: tuple[float, float], job: JobContext
    ) -> AcceptedRegion:
        return accepted_region(subspace_slice(self._lowered, subspace, x_range, y_range, job), self._goal, job)


def _answer(nearest: NearestInSlice) -> PairAnswer:
    """What the slice says; the second proof is still to come."""
    if nearest.centre is None or nearest.distance is None:
        return PairAnswer(lower_bound=_bound(nearest), proof=nearest.proof)
    return PairAnswer(
        centre=nearest.centre, distance=nearest.distance, lower_bound=_bound(nearest), proof=nearest.proof
    )


def _bound(nearest: NearestInSlice) -> float:
    """Below which nothing is stable; infinite where provably nothing is."""
    if nearest.proof == "none_exists":
        return np.inf
    return nearest.lower_bound or 0.0


def _intervals(region: shapely.MultiPolygon) -> FloatArray:
    """(n, 2), rising: where the region holds its whole height, from below to above."""
    found = []
    for part in shapely.get_parts(region):
        corners = shapely.get_coordinates(part.exterior)
        below, above = corners[corners[:, 1] < 0.5, 0], corners[corners[:, 1] >= 0.5, 0]
        if not (len(below) and len(above)):
            continue  # a sliver that rounding left
        low, high = max(below.min(), above.min()), min(below.max(), above.max())
        if low < high:
            found.append((low, high))
    return np.array(sorted(found), dtype=np.float64).reshape(-1, 2)
