"""The answer for two features, or for one: numbers by exact slices, a category by a lane for each of its levels.

A lane is a slice whose second side moves nothing, so that its intervals are as exact, and as safe from rounding, as the
regions of two numbers are.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.proving import prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.correction import Proof
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.freedom import Freedom
from core.corrections.goal import Goal
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.pairs import ACCEPTED, DOUBTFUL, REJECTED, Lane, Lanes, PairsRequest, Table
from core.corrections.search.asking import question_of
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Question
from core.corrections.slices.exact import TooManyPieces, subspace_slice
from core.corrections.slices.nearest import NearestInSlice, nearest_in_slice
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.corrections.subspace import Subspace
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
NOTHING = (np.nan, np.nan)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What is known of two features, in their order; of one alone both are the same."""

    centre: tuple[float, float] = NOTHING  # corrected values, or places of levels
    distance: float = np.inf  # infinite: none is known
    lower_bound: float = 0.0  # infinite: provably none exists
    proof: Proof = "unknown"
    lanes: Lanes | None = field(default=None, repr=False)
    table: Table | None = field(default=None, repr=False)

    def turned(self) -> "Answer":
        """With the two features the other way round."""
        return replace(self, centre=self.centre[::-1])


class PairAnswers:
    """Answers for any two features of one request.

    Parameters
    ----------
    goal : Goal
        About the outputs before the head of the network: see `Head.before`.
    """

    def __init__(self, request: PairsRequest, lowered: PiecewiseLinear, goal: Goal) -> None:
        self._request, self._lowered, self._goal = request, lowered, goal
        self._rows = Rows.of(goal, lowered.classes)

    def answer(self, first: int, second: int, job: JobContext) -> Answer:
        """The nearest stable correction in which only two features change, given by their places.

        Notes
        -----
        What has no exact answer within the time is searched for by bounds for as long again: a bracket.
        """
        if self._request.is_category(first) and not self._request.is_category(second):
            return self.answer(second, first, job).turned()
        if self._request.is_category(first):
            return self._levels(first, second, job)
        try:
            timed = Limited(job, self._request.seconds)
            if first != second and not self._request.is_category(second):
                return self._numbers(first, second, timed)
            return self._lanes(first, second, timed)
        except (OutOfTime, TooManyPieces):
            return self._searched(first, second, job)

    def _freedom(self, *features: int) -> Freedom:
        """Only some features of the request, numbers first."""
        freedom, count = self._request.freedom, len(self._request.freedom.numbers)
        places = sorted(set(features))
        numbers = [place for place in places if place < count]
        return Freedom(
            numbers=tuple(freedom.numbers[place] for place in numbers),
            moves=tuple(freedom.moves[place] for place in numbers),
            categories=tuple(freedom.categories[place - count] for place in places if place >= count),
        )

    def _question(self, *features: int) -> Question:
        return question_of(self._request.input, self._freedom(*features), self._goal, self._request.norm)

    def _numbers(self, first: int, second: int, job: JobContext) -> Answer:
        """Two numbers: the slice that they span."""
        low, high = sorted((first, second))
        freedom = self._freedom(low, high)
        base = np.array(self._request.input)
        subspace, start = freedom.subspace(base), freedom.start(base)
        x, y = freedom.numbers
        bounds = (x.low, y.low, x.high, y.high)
        region = self._region(subspace, (x.low, x.high), (y.low, y.high), job)
        weights, half_width = (x.weight, y.weight), (x.half_width, y.half_width)
        point = float(start[0]), float(start[1])
        nearest = nearest_in_slice(region, bounds, half_width, point, weights, self._request.norm, (x.step, y.step))
        restricted = Restriction.of(self._lowered, subspace)
        found = _answer(nearest, self._proof(nearest.centre, half_width, restricted, 0, job))
        return found if first < second else found.turned()

    def _lanes(self, number: int, other: int, job: JobContext) -> Answer:
        """A number at every level of a category, or alone."""
        question = self._question(number, other)
        restricted = question.restricted(self._lowered)
        lanes = [self._lane(question, place, restricted, job) for place in range(len(question.lanes))]
        known = Lanes(number=number, category=other, lanes=tuple(sorted(lanes, key=lambda lane: lane.level)))
        found = [lane for lane in lanes if lane.distance is not None]
        lower_bound = min(lane.lower_bound for lane in lanes)
        if not found:
            none = all(lane.proof == "none_exists" for lane in lanes)
            return Answer(lower_bound=lower_bound, proof="none_exists" if none else "unknown", lanes=known)
        best = min(found, key=lambda lane: lane.distance or 0.0)
        value, distance = best.centre or 0.0, best.distance or 0.0
        return Answer(
            centre=(value, value if number == other else float(best.level)),
            distance=distance,
            lower_bound=min(lower_bound, distance),
            proof=best.proof,
            lanes=known,
        )

    def _lane(self, question: Question, place: int, restricted: Restriction, job: JobContext) -> Lane:
        """The number at one combination of levels: a slice with a second side along which nothing changes."""
        lane, number = question.lanes[place], question.handles[0]
        directions = np.concatenate([question.subspace.directions, np.zeros((len(lane.added), 1))], axis=1)
        subspace = Subspace(base=question.subspace.base + lane.added, directions=directions)
        region = self._region(subspace, (number.low, number.high), (0.0, 1.0), job)
        nearest = nearest_in_slice(
            region,
            (number.low, 0.0, number.high, 1.0),
            (number.half_width, 0.0),
            (float(question.start[0]), 0.5),
            (number.weight, 1.0),
            question.norm,
            (number.step, 0.0),
        )
        centre = None if nearest.centre is None else nearest.centre[:1]
        proof = self._proof(centre, (number.half_width,), restricted, place, job) or nearest.proof
        return Lane(
            level=lane.levels[0] if lane.levels else 0,
            accepted=_intervals(region.inner),
            centre=None if centre is None else centre[0],
            distance=None if nearest.distance is None else nearest.distance + lane.cost,
            lower_bound=_bound(nearest) + lane.cost,
            proof=proof,
        )

    def _levels(self, first: int, second: int, job: JobContext) -> Answer:
        """Two categories, or one: every combination of levels, each with bounds of its own."""
        low, high = sorted((first, second))
        question = self._question(low, high)
        restricted = question.restricted(self._lowered)
        judged, leads, verdicts = self._judged(restricted, len(question.lanes), job)
        sizes = [len(choice.columns) for choice in question.choices]
        shape = (sizes[0], sizes[1] if len(sizes) > 1 else 1)
        table = Table(
            first=low,
            second=high,
            judged=np.full(shape, DOUBTFUL, np.uint8),
            leads=np.full(shape, np.nan),
            verdicts=np.full(shape, -1, np.intp),
        )
        places = np.array([(*lane.levels, 0)[:2] for lane in question.lanes])
        for values, known in ((table.judged, judged), (table.leads, leads), (table.verdicts, verdicts)):
            values[places[:, 0], places[:, 1]] = known
        costs = question.lane_costs
        possible = costs[judged != REJECTED]
        bound = float(possible.min()) if len(possible) else np.inf
        if not (judged == ACCEPTED).any():
            return Answer(lower_bound=bound, proof="unknown" if len(possible) else "none_exists", table=table)
        best = int(np.where(judged == ACCEPTED, costs, np.inf).argmin())
        levels = question.lanes[best].levels
        found = Answer(
            centre=(float(levels[0]), float(levels[-1])),
            distance=float(costs[best]),
            lower_bound=min(bound, float(costs[best])),
            proof="proved",
            table=table,
        )
        return found if first <= second else found.turned()

    def _judged(
        self, network: Restriction, count: int, job: JobContext
    ) -> tuple[npt.NDArray[np.uint8], FloatArray, npt.NDArray[np.intp]]:
        """What the network says in each lane (n,), how sure that is by outward-rounded bounds, and the class."""
        judged, leads = np.full(count, DOUBTFUL, np.uint8), np.zeros(count)
        verdicts = np.full(count, -1, np.intp)
        size = boxes_at_a_time(network)
        for begin in range(0, count, size):
            job.check()
            lanes = np.arange(begin, min(begin + size, count))
            still = np.zeros((len(lanes), network.handles))
            boxes = Boxes.between(still, still, lanes)
            judged[lanes[self._rows.of_rows(self._rows.below(network, boxes).lowest()) > 0]] = ACCEPTED
            judged[lanes[self._rows.of_rows(-self._rows.above(network, boxes).lowest()) <= 0]] = REJECTED
            outputs = network.at(still, lanes)
            leads[lanes] = self._rows.leads(outputs)
            if not self._goal.by_value:
                verdicts[lanes] = outputs.argmax(axis=1)
        return judged, leads, verdicts

    def _searched(self, first: int, second: int, job: JobContext) -> Answer:
        """By bounds alone: what is known when the time is over."""
        question = self._question(first, second)
        found = Answer()
        try:
            for bracket in nearest_stable(question, self._lowered, Limited(job, self._request.seconds)):
                values = [] if bracket.point is None else [*bracket.point.tolist(), *map(float, bracket.levels)]
                proof: Proof = bracket.proof
                found = Answer(
                    centre=(values[0], values[-1]) if values else NOTHING,
                    distance=np.inf if bracket.distance is None else bracket.distance,
                    lower_bound=bracket.lower,
                    proof=proof,
                )
        except OutOfTime:
            pass  # the last bracket stays true
        turned = not self._request.is_category(second) and first > second
        return found.turned() if turned else found

    def _region(
        self, subspace: Subspace, x_range: tuple[float, float], y_range: tuple[float, float], job: JobContext
    ) -> AcceptedRegion:
        return accepted_region(subspace_slice(self._lowered, subspace, x_range, y_range, job), self._goal, job)

    def _proof(
        self,
        centre: tuple[float, ...] | None,
        half_width: tuple[float, ...],
        network: Restriction,
        lane: int,
        job: JobContext,
    ) -> Proof | None:
        """What independent bounds say of the box about a centre; None without a centre."""
        if centre is None:
            return None
        half = np.array(half_width)
        try:
            answer = prove_box(network, self._goal, np.array(centre) - half, np.array(centre) + half, job, lane=lane)
        except OutOfTime:
            return "unknown"
        return "proved" if isinstance(answer, Proved) else "unknown"


def _answer(nearest: NearestInSlice, proof: Proof | None) -> Answer:
    if nearest.centre is None or nearest.distance is None:
        return Answer(lower_bound=_bound(nearest), proof=nearest.proof)
    return Answer(
        centre=nearest.centre, distance=nearest.distance, lower_bound=_bound(nearest), proof=proof or nearest.proof
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
        low, high = max(below.min(), above.min()), min(below.max(), above.max())
        if low < high:
            found.append((low, high))
    return np.array(sorted(found), dtype=np.float64).reshape(-1, 2)
